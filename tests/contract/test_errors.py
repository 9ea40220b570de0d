"""What a client gets when its request fails: the cause, and always an end.

Plain requests get ``error`` and the end of the connection, never ``audio-stop``, which
older Home Assistants take as success. Streams get ``error``, ``audio-stop`` if one is
due, and ``synthesize-stopped``, for which older Home Assistants wait for ever.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from wyoming.event import Event
from wyoming.tts import SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.support.fake import VOICES, FakeSynthesizer
from tests.support.harness import (
    Received,
    Running,
    listen,
    plain,
    play,
    render,
    serving,
    stream,
    until,
)
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.errors import ModelNotFound
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.ci

START = SynthesizeStart().event()
BEFORE = ["error"]
AFTER = ["audio-start", "audio-chunk", "error"]
MODES = pytest.mark.parametrize("is_stream", [False, True], ids=["plain", "stream"])


@pytest.fixture
async def strict(fake: FakeSynthesizer) -> AsyncIterator[Running]:
    """Run a server with few places that takes short texts only."""
    limits = Limits(text_chars=50, waiting=1)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        await running.engine.wait_ready()
        yield running


def assert_failed(
    received: Received, code: str, *, is_stream: bool, has_audio: bool
) -> None:
    expected = AFTER if has_audio else BEFORE
    if is_stream:
        expected = [*expected, *["audio-stop"] * has_audio, "synthesize-stopped"]
    assert received.types == expected
    assert received.error_code == code
    assert received.is_closed


def ask(text: str, *, is_stream: bool) -> list[Event]:
    return stream(text) if is_stream else plain(text)


@MODES
@pytest.mark.parametrize(
    ("text", "code", "has_audio"),
    [
        ("refuse 0", "bad-parameter", False),
        ("refuse 1", "bad-parameter", True),
        ("Fine. refuse 0", "bad-parameter", True),
        ("nan 0", "synthesis-failed", False),
        ("nan 1", "synthesis-failed", True),
        ("x" * 51, "text-too-long", False),
    ],
)
async def test_request_that_fails(
    strict: Running, text: str, code: str, is_stream: bool, has_audio: bool
) -> None:
    received = await play(strict.port, ask(text, is_stream=is_stream), last=None)
    assert_failed(received, code, is_stream=is_stream, has_audio=has_audio)

    again = await play(strict.port, plain("Fine."), last="audio-stop")
    assert again.types == ["audio-start", "audio-chunk", "audio-stop"]


@MODES
@pytest.mark.parametrize("order", ["boom", "exit"])
@pytest.mark.parametrize("piece", [0, 1])
async def test_fault_of_ours_is_logged_once_and_hidden_from_the_client(
    strict: Running, order: str, piece: int, is_stream: bool
) -> None:
    received = await play(
        strict.port, ask(f"{order} {piece}", is_stream=is_stream), last=None
    )
    assert_failed(
        received, "synthesis-failed", is_stream=is_stream, has_audio=bool(piece)
    )
    assert "ZeroDivision" not in str(received.events)
    assert len(strict.problems) == 1
    strict.problems.clear()

    again = await play(strict.port, plain("Fine."), last="audio-stop")
    assert again.types == ["audio-start", "audio-chunk", "audio-stop"]


@MODES
@pytest.mark.parametrize("pieces", [0, 1])
async def test_sentence_that_takes_too_long(
    fake: FakeSynthesizer, pieces: int, is_stream: bool
) -> None:
    limits = Limits(sentence_s=0.5, sentence_per_audio=0.01)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        fake.pace.hold()
        fake.pace.allow(pieces)
        received = await play(running.port, ask("One.", is_stream=is_stream), last=None)
        assert_failed(
            received, "synthesis-timeout", is_stream=is_stream, has_audio=bool(pieces)
        )
        await fake.log.wait_for("cancelled One")


@MODES
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"text": 5}, "text"),
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": ["a"]}, "text"),
    ],
)
async def test_text_of_a_wrong_type(
    strict: Running, data: dict[str, Any], field: str, is_stream: bool
) -> None:
    frames = (
        [START, Event("synthesize-chunk", data)]
        if is_stream
        else [Event("synthesize", data)]
    )
    received = await play(strict.port, frames, last=None)
    assert_failed(received, "bad-parameter", is_stream=is_stream, has_audio=False)
    assert field in received.events[0].data["text"]


@MODES
@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"voice": "en-male"}, "voice"),
        ({"voice": ["en-male"]}, "voice"),
        ({"voice": {"name": 5}}, "voice.name"),
        ({"voice": {"speaker": {}}}, "voice.speaker"),
        ({"voice": {"language": True}}, "voice.language"),
        ({"text_format": 5}, "text_format"),
    ],
)
async def test_voice_of_a_wrong_type(
    strict: Running, data: dict[str, Any], field: str, is_stream: bool
) -> None:
    kind = "synthesize-start" if is_stream else "synthesize"
    received = await play(
        strict.port, [Event(kind, {"text": "One.", **data})], last=None
    )
    assert_failed(received, "bad-parameter", is_stream=is_stream, has_audio=False)
    assert field in received.events[0].data["text"]


async def test_stream_with_a_text_that_is_too_long_after_first_audio(
    strict: Running,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", strict.port)
    for frame in stream("One. ")[:2]:
        writer.write(encode_event(frame))
    first = await listen(reader, last="audio-chunk", times=6)
    writer.write(encode_event(SynthesizeChunk("x" * 51).event()))
    rest = await listen(reader, last=None)
    received = Received(first.events + rest.events, rest.is_closed)
    assert_failed(received, "text-too-long", is_stream=True, has_audio=True)
    writer.close()


@pytest.mark.parametrize(
    ("chunk", "code"),
    [
        (SynthesizeChunk("x" * 51).event(), "text-too-long"),
        (Event("synthesize-chunk", {"text": 5}), "bad-parameter"),
    ],
)
async def test_what_was_accepted_is_spoken_before_the_error(
    strict: Running, fake: FakeSynthesizer, chunk: Event, code: str
) -> None:
    frames = [*stream("One. ", "Two. ", "And th", "ree")[:5], chunk]
    received = await play(strict.port, frames, last=None)
    assert_failed(received, code, is_stream=True, has_audio=True)
    assert received.pcm == render(fake, "One. Two. And three")


async def test_a_long_stream_is_spoken_to_its_end(
    strict: Running, fake: FakeSynthesizer
) -> None:
    """The server reads on when there is room for more text; none is lost."""
    texts = [f"Sentence {number}. " for number in range(20)]
    assert len("".join(texts)) >= 5 * 50
    received = await play(strict.port, stream(*texts), last="synthesize-stopped")
    assert received.pcm == render(fake, "".join(texts))
    assert received.error_code is None


async def test_chunk_without_start_fails_once(strict: Running) -> None:
    chunk = SynthesizeChunk("One.").event()
    frames = [chunk, chunk, SynthesizeStop().event()]
    received = await play(strict.port, frames, last=None)
    assert_failed(received, "bad-request", is_stream=True, has_audio=False)


async def test_earlier_answers_go_out_before_an_error(strict: Running) -> None:
    frames = [*plain("One."), Event("synthesize", {"text": 5})]
    received = await play(strict.port, frames, last=None)
    assert received.types == ["audio-start", "audio-chunk", "audio-stop", "error"]
    assert received.is_closed


@pytest.mark.parametrize("has_text", [False, True])
async def test_stream_that_falls_silent(fake: FakeSynthesizer, has_text: bool) -> None:
    frames = stream("One. ")[: 1 + has_text]
    async with serving(lambda: fake, VOICES, limits=Limits(stream_s=0.5)) as running:
        received = await play(running.port, frames, last=None)
    assert_failed(received, "bad-request", is_stream=True, has_audio=has_text)


@MODES
@pytest.mark.parametrize("has_audio", [False, True])
async def test_bad_frame_during_an_answer(
    strict: Running, fake: FakeSynthesizer, is_stream: bool, has_audio: bool
) -> None:
    fake.pace.hold()
    fake.pace.allow(int(has_audio))
    reader, writer = await asyncio.open_connection("127.0.0.1", strict.port)
    for frame in ask("One.", is_stream=is_stream):
        writer.write(encode_event(frame))
    await fake.log.wait_for("begin One")
    first = await listen(reader, last="audio-chunk", times=2 * has_audio)
    writer.write(b"no JSON\n")
    rest = await listen(reader, last=None)
    received = Received(first.events + rest.events, rest.is_closed)
    assert_failed(received, "protocol-error", is_stream=is_stream, has_audio=has_audio)
    await fake.log.wait_for("closed One")
    writer.close()


async def test_half_a_frame_is_not_waited_for(fake: FakeSynthesizer) -> None:
    async with serving(lambda: fake, VOICES, limits=Limits(frame_s=0.1)) as running:
        received = await play(running.port, [b'{"type": "desc'], last=None)
    assert received.types == ["error"]
    assert received.error_code == "protocol-error"
    assert received.is_closed


@MODES
async def test_busy_when_all_places_are_taken(
    strict: Running, fake: FakeSynthesizer, is_stream: bool
) -> None:
    fake.pace.hold()
    async with strict.client() as first, strict.client() as second:
        await first.write_event(plain("One.")[0])
        await second.write_event(plain("Two.")[0])
        await fake.log.wait_for("begin One")
        await until(lambda: strict.engine.open_speeches == 2)
        received = await play(
            strict.port, ask("Three.", is_stream=is_stream), last=None
        )
        assert_failed(received, "busy", is_stream=is_stream, has_audio=False)
        fake.pace.release()
        for client in (first, second):
            events = [await client.read_event() for _ in range(8)]
            assert events[-1] is not None
            assert events[-1].type == "audio-stop"


@MODES
async def test_request_that_waits_too_long(
    fake: FakeSynthesizer, is_stream: bool
) -> None:
    limits = Limits(waiting_s=0.1)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        fake.pace.hold()
        async with running.client() as first:
            await first.write_event(plain("One.")[0])
            await fake.log.wait_for("begin One")
            received = await play(
                running.port, ask("Two.", is_stream=is_stream), last=None
            )
            assert_failed(received, "busy", is_stream=is_stream, has_audio=False)
            fake.pace.release()
            events = [await first.read_event() for _ in range(8)]
            assert events[-1] is not None
            assert events[-1].type == "audio-stop"


async def test_too_many_requests_on_one_connection(fake: FakeSynthesizer) -> None:
    async with serving(
        lambda: fake, VOICES, limits=Limits(answers_per_connection=2)
    ) as running:
        received = await play(running.port, plain("One.") * 3, last=None)
        assert (
            received.types == ["audio-start", "audio-chunk", "audio-stop"] * 2 + BEFORE
        )
        assert received.error_code == "busy"


@MODES
async def test_model_that_cannot_be_loaded(is_stream: bool) -> None:
    def load() -> FakeSynthesizer:
        raise ModelNotFound("There is no model.", remedy="Fetch one.")

    async with serving(load, VOICES) as running:
        received = await play(running.port, ask("One.", is_stream=is_stream), last=None)
        assert_failed(received, "model-not-found", is_stream=is_stream, has_audio=False)
        assert received.events[0].data["text"] == "There is no model. Fetch one."
        assert (await running.engine.wait_lost()).exit_code == 3


@MODES
@pytest.mark.parametrize("pieces", [0, 1])
async def test_model_that_hangs_loses_the_engine(
    fake: FakeSynthesizer, pieces: int, is_stream: bool
) -> None:
    limits = Limits(sentence_s=0.5, sentence_per_audio=0.01, stuck_s=0.1)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        fake.pace.hold()
        fake.pace.allow(pieces)
        received = await play(running.port, ask("deaf", is_stream=is_stream), last=None)
        assert_failed(
            received, "synthesis-timeout", is_stream=is_stream, has_audio=bool(pieces)
        )
        assert (await running.engine.wait_lost()).exit_code == 5
        received = await play(running.port, ask("One.", is_stream=is_stream), last=None)
        assert_failed(received, "engine-lost", is_stream=is_stream, has_audio=False)
        fake.pace.release()
