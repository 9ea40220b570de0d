"""Describe, ping and health check: at any time, whatever the model does."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from wyoming.info import Describe, Info
from wyoming.ping import Ping

from tests.support.fake import VOICES, FakeSynthesizer
from tests.support.harness import Running, plain, play, serving
from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.errors import ConfigError, ServerUnreachable
from wyoming_cosyvoice.server.wyoming.health import health_check
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from wyoming_cosyvoice.synth.interface import Synthesizer


async def test_info_has_what_home_assistant_reads(
    running: Running, synthesizer: Synthesizer
) -> None:
    received = await play(running.port, [Describe().event()], last="info")
    info = Info.from_event(received.events[0])

    (program,) = info.tts
    assert (program.name, program.version) == ("cosyvoice", __version__)
    assert program.installed
    assert program.supports_synthesize_streaming
    assert [(v.name, v.description, v.languages) for v in program.voices] == [
        (v.id, v.description, list(v.languages)) for v in synthesizer.voices
    ]
    assert all(voice.installed for voice in program.voices)
    # Older Home Assistants read each list without asking whether it is there
    assert set(received.events[0].data) >= {"asr", "tts", "handle", "intent", "wake"}


async def test_describe_as_a_shell_sends_it(running: Running) -> None:
    """``echo '{"type": "describe"}' | nc`` is what container health checks do."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(b'{"type": "describe"}\n')
    writer.write_eof()
    header, data = (await reader.read()).split(b"\n", 1)
    assert json.loads(header)["type"] == "info"
    assert json.loads(data)["tts"]
    writer.close()


async def test_describe_and_ping_are_answered_while_the_model_computes(
    running: Running, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    async with running.client() as busy:
        await busy.write_event(plain("One.")[0])
        await fake.log.wait_for("begin One")
        for frame, answer in ((Describe(), "info"), (Ping("?"), "pong")):
            received = await play(running.port, [frame.event()], last=answer)
            assert received.types == [answer]
            await busy.write_event(frame.event())
            event = await busy.read_event()
            assert event is not None
            assert event.type == answer
    await fake.log.wait_for("closed One")


async def test_describe_is_answered_while_the_model_loads(
    fake: FakeSynthesizer,
) -> None:
    def load() -> FakeSynthesizer:
        fake.log.add("loading")
        fake.pace.take(None)
        return fake

    fake.pace.hold()
    async with serving(load, VOICES) as running:
        await fake.log.wait_for("loading")
        received = await play(running.port, [Describe().event()], last="info")
        assert not running.engine.is_ready
        assert len(Info.from_event(received.events[0]).tts[0].voices) == len(VOICES)

        asked = asyncio.create_task(
            play(running.port, plain("One."), last="audio-stop")
        )
        fake.pace.release()
        assert (await asked).types == ["audio-start", "audio-chunk", "audio-stop"]


async def test_ping_echoes_its_text(running: Running) -> None:
    for text in ("hello", "\ud800", "", None):
        received = await play(
            running.port, [encode_event(Ping(text).event())], last="pong"
        )
        assert received.events[0].data["text"] == text


async def test_new_voices_are_announced_without_a_restart(
    running: Running, fake: FakeSynthesizer
) -> None:
    fake.voices = VOICES[:1]
    received = await play(running.port, [Describe().event()], last="info")
    assert len(received.events[0].data["tts"][0]["voices"]) == 1


async def test_health_check_returns_the_info(running: Running) -> None:
    info = await health_check(f"tcp://127.0.0.1:{running.port}")
    assert [voice.name for voice in info.tts[0].voices] == [v.id for v in VOICES]


async def test_health_check_fails_without_a_server(running: Running) -> None:
    port = running.port
    running.server.close()
    with pytest.raises(ServerUnreachable):
        await health_check(f"tcp://127.0.0.1:{port}")


async def test_health_check_fails_without_voices(fake: FakeSynthesizer) -> None:
    fake.voices = ()
    async with serving(lambda: fake, ()) as running:
        with pytest.raises(ServerUnreachable, match="no voice"):
            await health_check(f"tcp://127.0.0.1:{running.port}")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b'{"type": "info", "data": {"tts": 5}}\n',
        b'{"type": "info", "data": {"tts": [{}]}}\n',
        b'{"type": "pong"}\n',
    ],
)
async def test_health_check_fails_at_another_kind_of_server(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ServerUnreachable):
            await health_check(f"tcp://127.0.0.1:{port}")


async def test_health_check_gives_up_on_a_silent_server() -> None:
    silent = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await silent.wait()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ServerUnreachable, match="did not answer"):
            await health_check(f"tcp://127.0.0.1:{port}", timeout_s=0.05)
        silent.set()


async def test_health_check_cannot_use_stdio() -> None:
    with pytest.raises(ConfigError):
        await health_check("stdio://")
