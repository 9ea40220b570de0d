"""Text of speeches: in pieces, with pauses, too much, not to be read."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from tests.support.fake import (
    DEADLINE_S,
    VOICES,
    FakeReader,
    FakeSentence,
    FakeSynthesizer,
)
from tests.support.harness import SEED, render, until
from tests.unit.engine_harness import (
    EN_MALE,
    begun,
    collect,
    monkeypatched,
    say,
    started,
)
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine, SpeechRequest
from wyoming_cosyvoice.errors import (
    Busy,
    LanguageNotSpoken,
    TextTooLong,
)


async def test_text_comes_while_sound_goes(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        speech = engine.open(SpeechRequest())
        speech.feed("One. Tw")
        pieces = [to_pcm16(await anext(speech)) for _ in range(3)]
        assert b"".join(pieces) == render(fake, "One.")
        speech.feed("o.")
        speech.finish()
        speech.finish()
        speech.feed("ignored after the end")
        assert await collect(speech) == render(fake, "Two.")


class SlowReader(FakeReader):
    """Like a real one, it waits for what may follow a sentence."""

    def feed(self, text: str) -> list[FakeSentence]:
        self._text += text
        return []

    def pause(self) -> list[FakeSentence]:
        return super().feed("")


async def test_a_long_text_is_read_as_it_is_spoken(fake: FakeSynthesizer) -> None:
    text = "".join(f"This is sentence {number:04}. " for number in range(400))
    async with started(fake, text_chars=len(text), buffered_s=1.0) as engine:
        speech = say(engine, text, voice=EN_MALE)
        await anext(speech)
        read = [int(e[5:]) for e in fake.log.entries if e.startswith("read ")]
        assert sum(read) < 1000
        await collect(speech)
        assert len(begun(fake)) == speech.stats.sentences == 400
        assert begun(fake)[-1] == "This is sentence 0399"


async def test_a_complete_sentence_is_spoken_when_text_stops_coming(
    fake: FakeSynthesizer,
) -> None:
    """A language model that calls a tool sends nothing for a while."""
    with monkeypatched(fake, "reader", lambda **_: SlowReader(fake.log)):
        async with started(fake, text_pause_s=0.05) as engine:
            speech = engine.open(SpeechRequest())
            for text in ("One. Tw", "o. Three."):
                speech.feed(text)
                for _ in range(3 * text.count(".")):
                    async with asyncio.timeout(DEADLINE_S):
                        await anext(speech)
            assert begun(fake) == ["One", "Two", "Three"]
            speech.finish()
            assert await collect(speech) == b""


async def test_a_pause_is_counted_from_the_last_text(fake: FakeSynthesizer) -> None:
    """Not from when it was read: the model may be busy with another sentence."""
    async with started(fake, text_pause_s=0.2) as engine:
        fake.pace.hold()
        speech = engine.open(SpeechRequest())
        speech.feed("One.")
        await fake.log.wait_for("begin One")
        speech.feed("Two")
        late = asyncio.Event()
        asyncio.get_running_loop().call_later(0.3, late.set)
        await late.wait()
        speech.feed(" and three.")
        fake.pace.release()
        await fake.log.wait_for("pause")
        assert begun(fake) == ["One", "Two and three"]
        speech.cancel()


@pytest.mark.parametrize("text", ["", "  ", "...", "mute 0"])
async def test_nothing_to_speak_is_a_short_silence(
    fake: FakeSynthesizer, text: str
) -> None:
    async with started(fake) as engine:
        if text == "mute 0":
            fake.pieces = 1
        assert await collect(say(engine, text)) == bytes(2 * 2205)


async def test_places_are_bounded_and_come_back(fake: FakeSynthesizer) -> None:
    async with started(fake, waiting=2) as engine:
        fake.pace.hold()
        speeches = [say(engine, f"Text {number}.") for number in range(3)]
        with pytest.raises(Busy):
            engine.open(SpeechRequest())
        fake.pace.release()
        for number, speech in enumerate(speeches):
            assert await collect(speech) == render(fake, f"Text {number}.")
        assert await collect(say(engine, "Again.")) == render(fake, "Again.")


async def test_streams_that_wait_for_text_take_no_place(fake: FakeSynthesizer) -> None:
    """A language model may think for each of many rooms."""
    async with started(fake, waiting=1, idle_streams=3) as engine:
        streams = [engine.open(SpeechRequest()) for _ in range(3)]
        streams[0].feed("Let me lo")
        await fake.log.wait_for("read 9")
        await until(lambda: engine.idle_streams == 3)  # the turn that read has ended
        with pytest.raises(Busy, match="waiting for text"):
            engine.open(SpeechRequest())
        streams[0].feed("ok. ")
        assert (await anext(streams[0])).size
        streams[0].cancel()
        fake.pace.hold()
        speeches = [say(engine, "One."), say(engine, "Two.")]
        with pytest.raises(Busy, match="are active"):
            engine.open(SpeechRequest())
        fake.pace.release()
        for speech in speeches:
            assert await collect(speech)
        for stream in streams[1:]:
            stream.feed("Three.")
            stream.finish()
            assert await collect(stream) == render(fake, "Three.")


async def test_streams_that_end_without_text_take_no_place(
    fake: FakeSynthesizer,
) -> None:
    """As those of rooms whose clients leave all at once."""
    async with started(fake, waiting=1, idle_streams=9) as engine:
        streams = [engine.open(SpeechRequest()) for _ in range(8)]
        for stream in streams:
            stream.finish()
        spoken = say(engine, "One.")
        assert await collect(spoken) == render(fake, "One.")
        for stream in streams:
            assert not any(await collect(stream))  # silence


async def test_a_place_is_free_as_soon_as_its_client_left(
    fake: FakeSynthesizer,
) -> None:
    async with started(fake, waiting=1) as engine:
        fake.pace.hold()
        first = say(engine, "One.")
        await fake.log.wait_for("begin One")
        for _ in range(3):
            say(engine, "Two.").cancel()
        third = say(engine, "Three.")
        fake.pace.release()
        assert await collect(first) == render(fake, "One.")
        assert await collect(third) == render(fake, "Three.")
        assert engine.open_speeches == 0


async def test_open_stream_without_text_is_not_impatient(
    fake: FakeSynthesizer,
) -> None:
    """A language model may think for long; only work that waits can wait too long."""
    async with started(fake, waiting_s=0.05) as engine:
        stream = engine.open(SpeechRequest())
        fake.pace.hold()
        running = say(engine, "One.")
        await fake.log.wait_for("begin One")
        with pytest.raises(Busy):
            await collect(say(engine, "Two."))
        fake.pace.release()
        await collect(running)
        stream.feed("Three.")
        stream.finish()
        assert await collect(stream) == render(fake, "Three.")


async def test_text_limit_counts_all_pieces(fake: FakeSynthesizer) -> None:
    async with started(fake, text_chars=10) as engine:
        speech = engine.open(SpeechRequest())
        speech.feed("12345")
        speech.feed("67890")
        with pytest.raises(TextTooLong):
            speech.feed("1")
        speech.cancel()


async def test_text_limit_counts_what_waits_not_what_was_spoken(
    fake: FakeSynthesizer,
) -> None:
    """A long answer is read as long as it is not far ahead of its speech."""
    async with started(fake, text_chars=10) as engine:
        speech = engine.open(SpeechRequest())
        received = asyncio.create_task(collect(speech))
        texts = [f"Text {number}." for number in range(9)]
        for text in texts:
            async with asyncio.timeout(DEADLINE_S):
                await speech.wait_room(len(text))
            speech.feed(text)
        speech.finish()
        assert await received == render(fake, "".join(texts))
        assert speech.stats.chars == 9 * 7


async def test_room_is_not_waited_for_in_vain(fake: FakeSynthesizer) -> None:
    """Text that waits for its own end, or is too long by itself, makes no room."""
    async with started(fake, text_chars=10) as engine:
        speech = engine.open(SpeechRequest())
        speech.feed("no end")
        await fake.log.wait_for("read 6")
        for chars in (5, 11):
            async with asyncio.timeout(DEADLINE_S):
                await speech.wait_room(chars)
            with pytest.raises(TextTooLong):
                speech.feed("x" * chars)
        speech.cancel()
        async with asyncio.timeout(DEADLINE_S):
            await speech.wait_room(8)


async def test_a_sentence_that_cannot_be_read_is_skipped(
    fake: FakeSynthesizer,
) -> None:
    async with started(fake) as engine:
        speech = say(engine, "One. foreign 0. Two.")
        assert await collect(speech) == render(fake, "One. Two.")
        with pytest.raises(LanguageNotSpoken):
            await collect(say(engine, "foreign 0. foreign 0."))


async def test_speed_and_seed_of_the_request(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        usual = await collect(say(engine, "One."))
        fast = await collect(say(engine, "One.", speed=2.0))
        other = await collect(say(engine, "One.", seed=8))
        assert len(fast) * 2 == pytest.approx(len(usual), abs=12)
        assert len(other) == len(usual)
        assert other != usual


async def test_reader_gets_what_the_request_says(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        request = {"text_format": "ssml", "voice": EN_MALE, "language": "en"}
        await collect(say(engine, "One.", **request))
        assert fake.log.entries[0] == "reader ssml en-male en"


async def test_the_default_instruction_is_for_models_and_requests_without_another(
    fake: FakeSynthesizer,
) -> None:
    defaults = SpeechConfig(seed=SEED, instruct="slowly")
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=defaults)
    await engine.start()
    requests: tuple[dict[str, str], ...] = (
        {},
        {"emotion": "neutral"},
        {"emotion": "sad"},
        {"instruction": "loudly"},
    )
    for abilities, expected in (
        ((), [set(), {"neutral"}, {"sad"}, {"loudly"}]),
        (
            ("instruct",),
            [{"slowly"}, {"neutral", "slowly"}, {"sad"}, {"loudly"}],
        ),
    ):
        fake.abilities = abilities
        for request, manners in zip(requests, expected, strict=True):
            fake.log.entries.clear()
            await collect(say(engine, "One.", **request))
            known = {"neutral", "sad", "slowly", "loudly"}
            said = {entry.split()[0] for entry in fake.log.entries}
            assert said & known == manners
    assert await engine.stop(wait_s=DEADLINE_S)


async def test_the_default_voice_speaks_its_own_language(fake: FakeSynthesizer) -> None:
    defaults = SpeechConfig(voice="粤语女", seed=SEED)
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=defaults)
    await engine.start()
    assert await collect(say(engine, "One.")) == render(fake, "One.", "en-male")
    assert fake.log.entries[0] == "reader text yue-female None"
    fake.voices = tuple(replace(v, languages=("en",)) for v in VOICES)
    assert await collect(say(engine, "One.")) == render(fake, "One.", "yue-female")
    assert await engine.stop(wait_s=DEADLINE_S)


class HalfSentence:
    """A sentence that is spoken before its text is complete."""

    def __init__(self) -> None:
        self.turns = 0
        self.is_complete = False

    @property
    def wants_text(self) -> bool:
        return self.turns > 1 and not self.is_complete

    def __iter__(self) -> HalfSentence:
        return self

    def __next__(self) -> np.ndarray:
        self.turns += 1
        if self.turns > 1 and self.is_complete:
            raise StopIteration
        return np.full(2205 * (self.turns == 1), 0.5, np.float32)


class AheadReader(FakeReader):
    """Begins a sentence at once, and completes it when its text ends."""

    def __init__(self, fake: FakeSynthesizer, half: HalfSentence) -> None:
        super().__init__(fake.log)
        self._half = half
        self._has_begun = False

    def feed(self, text: str) -> list[FakeSentence]:
        self._half.is_complete = text.endswith(".")
        return []

    def ahead(self, *, may_begin: bool) -> list[FakeSentence]:
        if self._has_begun or not may_begin:
            return []
        self._has_begun = True
        return [FakeSentence("half", "en")]


async def test_a_sentence_that_waits_for_its_text_takes_no_turns(
    fake: FakeSynthesizer,
) -> None:
    half = HalfSentence()
    async with started(fake) as engine:
        with (
            monkeypatched(fake, "reader", lambda **_: AheadReader(fake, half)),
            monkeypatched(fake, "speak", lambda *_, **__: half),
        ):
            waiting = engine.open(SpeechRequest())
            waiting.feed("A story that")
            first = await anext(waiting)
            await until(lambda: half.wants_text)
        assert await collect(say(engine, "One.")) == render(fake, "One.")
        assert half.turns == 2
        waiting.feed(" ends here.")
        waiting.finish()
        assert await collect(waiting) == b""
        assert half.turns == 3
        assert len(first) == 2205


async def test_a_sentence_that_waits_for_its_text_can_be_cancelled(
    fake: FakeSynthesizer,
) -> None:
    half = HalfSentence()
    async with started(fake) as engine:
        with (
            monkeypatched(fake, "reader", lambda **_: AheadReader(fake, half)),
            monkeypatched(fake, "speak", lambda *_, **__: half),
        ):
            waiting = engine.open(SpeechRequest())
            waiting.feed("A story that")
            await until(lambda: half.wants_text)
            waiting.cancel()
            await until(lambda: not engine.open_speeches)
        assert await collect(say(engine, "One.")) == render(fake, "One.")
