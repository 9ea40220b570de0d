"""The program as users run it, with a real model, and the reference client.

The model is tiny and random: it makes noise, but by all the steps that a large one
takes. What the orders of events are in every case is tested with the stand-in.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import pytest_asyncio
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.info import Describe, Info

from tests.support.harness import plain, stream
from tests.support.programs import Program, running
from tests.support.real_client import DEADLINE_S, ask, listen, sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wyoming_cosyvoice.pack.pack import Pack

pytestmark = [pytest.mark.ci, pytest.mark.asyncio(loop_scope="module")]


LONG = "One, two, three, four, five, six, seven, eight, nine, ten. " * 20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tiny_pack: Pack) -> AsyncIterator[Program]:
    """Run the server; at the end it must stop cleanly on SIGTERM."""
    command = ("-m", "wyoming_cosyvoice", "--model", str(tiny_pack.directory))
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            *command,
            "--uri",
            "tcp://127.0.0.1:0",
            "--steps",
            "2",
            "--no-http",
        ),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    async with running(process) as program:
        yield program
    assert "One, two" not in "".join(program.lines)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(program: Program) -> int:
    return await program.wait_port()


async def test_describe_lists_the_voices_of_the_model(
    port: int, tiny_pack: Pack
) -> None:
    """Asked at once: the model may still be loading."""
    (event,) = await ask(port, [Describe().event()], last="info")
    (cosyvoice,) = Info.from_event(event).tts
    wanted = [voice.id for voice in tiny_pack.manifest.voices]
    assert [voice.name for voice in cosyvoice.voices] == wanted
    assert cosyvoice.supports_synthesize_streaming


async def test_text_becomes_sound(port: int) -> None:
    received = await ask(port, plain("Hello."), last="audio-stop")
    assert received[0].type == "audio-start"
    assert received[0].data["rate"] == 22050
    samples = np.frombuffer(sound(received), "<i2")
    assert len(samples) > 2000
    assert np.abs(samples).max() > 30


@pytest.mark.parametrize("voice", ["en-male", "英文男", "nobody"])
async def test_voices_by_any_name(port: int, voice: str) -> None:
    """A wrong name is spoken all the same, by a voice of the language."""
    received = await ask(port, plain("Hi.", voice), last="audio-stop")
    assert len(sound(received)) > 2000


async def test_stream_speaks_every_sentence_while_text_comes_in(port: int) -> None:
    """The first sentence is sent before the last word is sent."""
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    start, first, second, whole, stop = stream("客厅的灯已经打开了。今天", "天气很好。")
    async with client:
        await client.write_event(start)
        await client.write_event(first)
        received = await listen(client, last="audio-chunk")
        for event in (second, whole, stop):
            await client.write_event(event)
        received += await listen(client, last="synthesize-stopped")
    types = [event.type for event in received]
    assert types.count("audio-start") == types.count("audio-stop") == 1
    assert types[-2:] == ["audio-stop", "synthesize-stopped"]
    assert len(sound(received)) > 4000


async def test_client_that_leaves_frees_the_model(port: int) -> None:
    """A minute of speech is left after its first sound; the next client is served."""
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    async with client:
        for event in plain(LONG):
            await client.write_event(event)
        await listen(client, last="audio-chunk")
    received = await ask(port, plain("Hi."), last="audio-stop")
    assert len(sound(received)) > 2000


async def test_describe_is_answered_while_the_model_computes(port: int) -> None:
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    async with client:
        for event in plain(LONG):
            await client.write_event(event)
        await listen(client, last="audio-start")
        (info,) = await ask(port, [Describe().event()], last="info")
    assert info.data["tts"]


async def test_wrong_request_gets_an_error_and_does_not_affect_others(
    port: int,
) -> None:
    received = await ask(port, [Event("synthesize", {"text": 5})], last="error")
    assert received[-1].data["code"] == "bad-parameter"
    received = await ask(port, plain("x" * 10_001), last="error")
    assert received[-1].data["code"] == "text-too-long"
    received = await ask(port, plain("Hi."), last="audio-stop")
    assert len(sound(received)) > 2000


async def test_health_command_finds_the_server(port: int) -> None:
    command = ("health", "--uri", f"tcp://127.0.0.1:{port}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", *command),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert "answers with 7 voices" in out.decode()


async def test_speaking_server_stops_on_request(tiny_pack: Pack) -> None:
    """SIGTERM in mid-speech: the client gets an error, and the exit code is 0."""
    command = ("serve", "--model", str(tiny_pack.directory))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", *command),
        *("--uri", "tcp://127.0.0.1:0", "--no-http"),
        stderr=asyncio.subprocess.PIPE,
    )
    running = Program(process)
    port = await running.wait_port()
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    async with client:
        for event in stream(LONG):
            await client.write_event(event)
        await listen(client, last="audio-chunk")
        running.send(signal.SIGTERM)
        received = await listen(client, last=None)
    assert received[-1].type == "synthesize-stopped"
    assert await running.wait_exit() == 0
    assert "Traceback" not in "".join(running.lines)
