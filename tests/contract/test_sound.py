"""The sound itself: format, timestamps, completeness, and how early it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from wyoming.tts import SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.support.harness import Running, listen, plain, play, render, stream
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer
    from wyoming_cosyvoice.synth.interface import Synthesizer

pytestmark = pytest.mark.ci

TEXT = "The light is on. 今天天气很好。Good night! " * 3


async def test_format_is_constant_and_chunks_are_whole_samples(
    running: Running, synthesizer: Synthesizer
) -> None:
    received = await play(running.port, stream(TEXT), last="synthesize-stopped")

    formats = {
        (event.data["rate"], event.data["width"], event.data["channels"])
        for event in received.events
        if event.type in {"audio-start", "audio-chunk"}
    }
    assert formats == {(synthesizer.sample_rate, 2, 1)}
    chunks = [event for event in received.events if event.type == "audio-chunk"]
    assert {len(event.payload or b"") % 2 for event in chunks} == {0}
    assert max(len(event.payload or b"") for event in chunks) <= 2 * 2048


async def test_timestamps_tell_the_place_in_the_sound(
    running: Running, synthesizer: Synthesizer
) -> None:
    received = await play(running.port, plain(TEXT), last="audio-stop")

    samples = 0
    for event in received.events:
        assert event.data["timestamp"] == 1000 * samples // synthesizer.sample_rate
        samples += len(event.payload or b"") // 2
    assert 2 * samples == len(received.pcm)


async def test_every_sample_that_is_made_is_sent(
    running: Running, synthesizer: Synthesizer
) -> None:
    received = await play(running.port, plain(TEXT), last="audio-stop")
    assert received.pcm == render(synthesizer, TEXT)


async def test_any_cut_of_the_text_gives_the_same_sound(
    running: Running, synthesizer: Synthesizer
) -> None:
    whole = render(synthesizer, TEXT)
    for size in (1, 2, 7, 40):
        pieces = [TEXT[begin : begin + size] for begin in range(0, len(TEXT), size)]
        received = await play(running.port, stream(*pieces), last="synthesize-stopped")
        assert received.pcm == whole


async def test_five_thousand_chunks(running: Running, synthesizer: Synthesizer) -> None:
    text = "a b. " * 1000
    received = await play(running.port, stream(*text), last="synthesize-stopped")
    assert received.pcm == render(synthesizer, text)


async def test_surrogate_halves_in_two_chunks_are_one_character(
    running: Running, synthesizer: Synthesizer
) -> None:
    frames = stream("One \ud83d", "\ude00 two.")
    received = await play(running.port, frames, last="synthesize-stopped")
    assert received.pcm == render(synthesizer, "One 😀 two.")


async def test_first_sentence_is_sent_before_the_second_is_begun(
    running: Running, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    fake.pace.allow(3)
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(encode_event(plain("One. Two. Three. Four.")[0]))

    # Two chunks of 2,048 samples at most make a piece of 0.1 s
    received = await listen(reader, last="audio-chunk", times=6)

    assert len(received.pcm) == 2 * 3 * 2205
    assert "begin One" in fake.log.entries
    assert "closed Two" not in fake.log.entries
    writer.close()
    await fake.log.wait_for("closed Two")


async def test_sound_goes_out_while_text_still_comes_in(
    running: Running, fake: FakeSynthesizer, synthesizer: Synthesizer
) -> None:
    async with running.client() as client:
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("One. Tw").event())
        events = [await client.read_event() for _ in range(7)]
        assert [event and event.type for event in events] == [
            "audio-start",
            *["audio-chunk"] * 6,
        ]
        await client.write_event(SynthesizeChunk("o.").event())
        await client.write_event(SynthesizeStop().event())
        while (event := await client.read_event()) and event.type != "audio-stop":
            events.append(event)
        last = await client.read_event()
        assert last is not None
        assert last.type == "synthesize-stopped"
    pcm = b"".join(event.payload or b"" for event in events if event)
    assert pcm == render(synthesizer, "One. Two.")


async def test_half_closed_client_gets_its_full_answer(
    running: Running, synthesizer: Synthesizer
) -> None:
    """A client such as ``nc`` says that it sends no more, and listens on."""
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(encode_event(plain(TEXT)[0]))
    writer.write_eof()

    received = await listen(reader, last=None)

    assert received.types == ["audio-start", "audio-chunk", "audio-stop"]
    assert received.pcm == render(synthesizer, TEXT)
    writer.close()


async def test_stream_that_ends_with_the_connection_is_spoken(
    running: Running, synthesizer: Synthesizer
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    for event in stream("One. Two")[:2]:
        writer.write(encode_event(event))
    writer.write_eof()

    received = await listen(reader, last=None)

    assert received.types[-1] == "synthesize-stopped"
    assert received.pcm == render(synthesizer, "One. Two")
    writer.close()


async def test_two_clients_hear_only_their_own(
    running: Running, synthesizer: Synthesizer
) -> None:
    texts = [f"Client {number}. It is {number}." for number in range(6)]
    answers = await asyncio.gather(
        *(play(running.port, plain(text), last="audio-stop") for text in texts)
    )
    assert [received.pcm for received in answers] == [
        render(synthesizer, text) for text in texts
    ]
