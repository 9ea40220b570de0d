"""Turns, bounds and ends of speeches, with a model that waits for the test."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.contract.fake import (
    DEADLINE_S,
    VOICES,
    FakeReader,
    FakeSentence,
    FakeSynthesizer,
)
from tests.contract.harness import SEED, render, until
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine, Speech, SpeechRequest
from wyoming_cosyvoice.engine.order import NEWCOMER_S, next_sound_due
from wyoming_cosyvoice.errors import (
    Busy,
    CosyVoiceError,
    EngineLost,
    LanguageNotSpoken,
    ModelError,
    ModelNotFound,
    SynthesisCancelled,
    SynthesisError,
    TextTooLong,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken

EN_MALE = VOICES[1]


@pytest.fixture
def fake() -> FakeSynthesizer:
    return FakeSynthesizer()


@contextlib.asynccontextmanager
async def started(fake: FakeSynthesizer, **limits: Any) -> AsyncIterator[Engine]:
    engine = Engine(
        lambda: fake,
        VOICES,
        limits=Limits(**limits),
        defaults=SpeechConfig(seed=SEED),
    )
    await engine.start()
    await engine.wait_ready()
    try:
        yield engine
    finally:
        fake.pace.release()
        assert await engine.stop(wait_s=DEADLINE_S)


def say(engine: Engine, text: str, **request: Any) -> Speech:
    speech = engine.open(SpeechRequest(**request))
    speech.feed(text)
    speech.finish()
    return speech


async def hear(speech: Speech) -> bytes:
    async with asyncio.timeout(DEADLINE_S):
        return b"".join([to_pcm16(samples) async for samples in speech])


def begun(fake: FakeSynthesizer) -> list[str]:
    return [e.removeprefix("begin ") for e in fake.log.entries if e[:5] == "begin"]


async def test_a_speech_is_the_model_s_own_sound(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        speech = say(engine, "One. Two. 你好。", voice=EN_MALE)
        assert speech.rate_hz == fake.sample_rate
        assert await hear(speech) == render(fake, "One. Two. 你好。", "en-male")
        assert (speech.stats.chars, speech.stats.sentences) == (13, 3)
        assert speech.stats.audio_s == pytest.approx(0.9)
        assert speech.stats.first_audio_s is not None
        assert engine.open_speeches == 0


async def test_what_waits_is_not_changed_by_what_the_model_does_next(
    fake: FakeSynthesizer,
) -> None:
    """Networks write into the same buffers again, and a listener may be slow."""
    buffer = np.zeros(100, np.float32)

    def speak(*_: object, **__: object) -> Iterator[NDArray[np.float32]]:
        for value in (0.25, 2.0):
            buffer[:] = value
            yield buffer

    async with started(fake) as engine:
        with monkeypatched(fake, "speak", speak):
            speech = say(engine, "One.")
            await until(lambda: speech.is_ended)
            samples = np.concatenate([piece async for piece in speech])
    assert np.unique(samples).tolist() == [0.25, 1.0]


async def test_requests_take_turns_sentence_by_sentence(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        fake.pace.hold()
        long = say(engine, "A1. A2. A3.")
        await fake.log.wait_for("begin A1")
        short = say(engine, "B1.")
        other = say(engine, "C1. C2.")
        fake.pace.release()
        await asyncio.gather(hear(long), hear(short), hear(other))
        assert begun(fake) == ["A1", "B1", "C1", "A2", "C2", "A3"]


async def test_who_hears_nothing_comes_before_more_sound_for_another(
    fake: FakeSynthesizer,
) -> None:
    async with started(fake) as engine:
        fake.pace.hold()
        first = say(engine, "A1.")
        await fake.log.wait_for("begin A1")
        newcomers = [say(engine, f"{name}1.") for name in "BCD"]
        fake.pace.allow(4)
        for speech in (first, *newcomers):
            async with asyncio.timeout(DEADLINE_S):
                assert (await anext(speech)).size
        assert begun(fake) == ["A1", "B1", "C1", "D1"]
        assert "end A1" not in fake.log.entries


async def test_who_runs_dry_first_comes_next(fake: FakeSynthesizer) -> None:
    """A piece of half the speed is heard for twice as long."""
    pieces = []

    def tone(key: str, speed: float) -> NDArray[np.float32]:
        pieces.append(key[0])
        return np.full(round(10 * fake.sample_rate / speed), 0.1, np.float32)

    fake.pieces = 4
    async with started(fake) as engine:
        with monkeypatched(fake, "_tone", tone):
            fake.pace.hold()
            slow = say(engine, "A1.", speed=0.5)
            await fake.log.wait_for("begin A1")
            quick = say(engine, "B1.")
            fake.pace.release()
            await asyncio.gather(hear(slow), hear(quick))
    assert "".join(pieces) == "ABBABBAA"


class Early:
    """A sentence that can begin before its turn, as models that decode several can."""

    def __init__(self, fake: FakeSynthesizer, sentence: Any, **manner: Any) -> None:
        self._fake = fake
        self._name = sentence.spoken
        self._samples = FakeSynthesizer.speak(fake, sentence, **manner)

    def prepare(self) -> bool:
        self._fake.log.add(f"prepare {self._name}")
        if self._name == "bad":
            raise SynthesisError("It cannot begin.")
        return True

    def __iter__(self) -> Early:
        return self

    def __next__(self) -> NDArray[np.float32]:
        return next(self._samples)

    def close(self) -> None:
        self._fake.log.add(f"given up {self._name}")


@pytest.fixture
def early(fake: FakeSynthesizer, monkeypatch: pytest.MonkeyPatch) -> FakeSynthesizer:
    fake.most_together = 2
    monkeypatch.setattr(
        fake, "speak", lambda sentence, **manner: Early(fake, sentence, **manner)
    )
    return fake


def turns(fake: FakeSynthesizer) -> list[str]:
    return [e for e in fake.log.entries if e.startswith(("begin", "prepare"))]


async def test_others_begin_before_their_turn(early: FakeSynthesizer) -> None:
    async with started(early) as engine:
        early.pace.hold()
        speeches = [say(engine, f"{name}1.") for name in "ABC"]
        early.pace.release()
        heard = await asyncio.gather(*map(hear, speeches))
        assert turns(early) == [
            *("prepare B1", "begin A1", "prepare C1", "begin B1", "begin C1")
        ]
        assert heard == [render(early, f"{name}1.") for name in "ABC"]


async def test_what_follows_begins_once_there_is_sound(early: FakeSynthesizer) -> None:
    async with started(early) as engine:
        heard = await hear(say(engine, "A1. A2. A3. A4."))
        assert turns(early) == [
            *("begin A1", "prepare A2", "prepare A3"),
            *("begin A2", "prepare A4", "begin A3", "begin A4"),
        ]
        assert heard == render(early, "A1. A2. A3. A4.")


async def test_what_cannot_begin_fails_alone(early: FakeSynthesizer) -> None:
    async with started(early) as engine:
        early.pace.hold()
        good, bad = say(engine, "A1. A2."), say(engine, "bad.")
        early.pace.release()
        assert await hear(good) == render(early, "A1. A2.")
        with pytest.raises(SynthesisError, match="cannot begin"):
            await hear(bad)


async def test_cancel_gives_up_what_has_begun(early: FakeSynthesizer) -> None:
    async with started(early, buffered_s=0.25) as engine:
        speech = say(engine, "A1. A2. A3.")
        await early.log.wait_for("prepare A2")
        speech.cancel()
        await early.log.wait_for("given up A2")
        assert await hear(say(engine, "B1.")) == render(early, "B1.")
        assert "begin A2" not in early.log.entries


def test_newcomers_delay_the_others_and_do_not_starve_them() -> None:
    now = 1000.0
    hears_something = next_sound_due(now - 60, heard_until=now + 0.1)
    short_of_sound = next_sound_due(now - 60, heard_until=now - NEWCOMER_S / 2)
    silent_for_long = next_sound_due(now - 60, heard_until=now - 2 * NEWCOMER_S)
    newcomer = next_sound_due(now, heard_until=None)
    waiting_text = next_sound_due(now, heard_until=now - 2 * NEWCOMER_S)
    assert silent_for_long < newcomer < short_of_sound < waiting_text < hears_something


async def test_a_slow_listener_parks_only_its_own_work(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.25) as engine:
        slow = say(engine, "A1. A2. A3.")
        await fake.log.wait_for("begin A1")
        quick = say(engine, "B1. B2.")
        assert await hear(quick) == render(fake, "B1. B2.")
        # Three pieces of 0.1 s are over the limit of 0.25 s: A2 has to wait
        assert "begin A2" not in fake.log.entries
        assert await hear(slow) == render(fake, "A1. A2. A3.")


async def test_a_sentence_is_parked_in_its_midst(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.1) as engine:
        slow = say(engine, "A1.")
        assert await hear(say(engine, "B1.")) == render(fake, "B1.")
        assert "begin A1" in fake.log.entries
        assert "end A1" not in fake.log.entries
        assert await hear(slow) == render(fake, "A1.")


async def test_cancel_stops_the_work_at_the_next_look(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        fake.pace.hold()
        speech = say(engine, "One. Two.")
        await fake.log.wait_for("begin One")
        speech.cancel()
        await fake.log.wait_for("cancelled One")
        with pytest.raises(SynthesisCancelled):
            await hear(speech)
        fake.pace.release()
        assert await hear(say(engine, "Three.")) == render(fake, "Three.")
        assert "begin Two" not in fake.log.entries
        assert engine.open_speeches == 0


async def test_cancel_of_parked_and_of_waiting_work(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.1) as engine:
        parked = say(engine, "A1. A2.")
        assert await hear(say(engine, "B1.")) == render(fake, "B1.")
        waiting = engine.open(SpeechRequest())
        for speech in (parked, waiting):
            speech.cancel()
            speech.cancel()
        await fake.log.wait_for("closed A1")
        assert await hear(say(engine, "C1.")) == render(fake, "C1.")
        assert engine.open_speeches == 0
        assert begun(fake).count("A2") == 0


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
        assert await hear(speech) == render(fake, "Two.")


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
        await hear(speech)
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
            assert await hear(speech) == b""


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
        assert await hear(say(engine, text)) == bytes(2 * 2205)


async def test_places_are_bounded_and_come_back(fake: FakeSynthesizer) -> None:
    async with started(fake, waiting=2) as engine:
        fake.pace.hold()
        speeches = [say(engine, f"Text {number}.") for number in range(3)]
        with pytest.raises(Busy):
            engine.open(SpeechRequest())
        fake.pace.release()
        for number, speech in enumerate(speeches):
            assert await hear(speech) == render(fake, f"Text {number}.")
        assert await hear(say(engine, "Again.")) == render(fake, "Again.")


async def test_streams_that_wait_for_text_take_no_place(fake: FakeSynthesizer) -> None:
    """A language model may think for each of many rooms."""
    async with started(fake, waiting=1, idle_streams=3) as engine:
        streams = [engine.open(SpeechRequest()) for _ in range(3)]
        streams[0].feed("Let me lo")
        await fake.log.wait_for("read 9")
        with pytest.raises(Busy, match="waiting for text"):
            engine.open(SpeechRequest())
        streams[0].feed("ok. ")
        assert (await anext(streams[0])).size
        streams[0].cancel()
        fake.pace.hold()
        speeches = [say(engine, "One."), say(engine, "Two.")]
        with pytest.raises(Busy, match="places"):
            engine.open(SpeechRequest())
        fake.pace.release()
        for speech in speeches:
            assert await hear(speech)
        for stream in streams[1:]:
            stream.feed("Three.")
            stream.finish()
            assert await hear(stream) == render(fake, "Three.")


async def test_streams_that_end_without_text_take_no_place(
    fake: FakeSynthesizer,
) -> None:
    """As those of rooms whose clients leave all at once."""
    async with started(fake, waiting=1, idle_streams=9) as engine:
        streams = [engine.open(SpeechRequest()) for _ in range(8)]
        for stream in streams:
            stream.finish()
        spoken = say(engine, "One.")
        assert await hear(spoken) == render(fake, "One.")
        for stream in streams:
            assert not any(await hear(stream))  # silence


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
        assert await hear(first) == render(fake, "One.")
        assert await hear(third) == render(fake, "Three.")
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
            await hear(say(engine, "Two."))
        fake.pace.release()
        await hear(running)
        stream.feed("Three.")
        stream.finish()
        assert await hear(stream) == render(fake, "Three.")


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
        heard = asyncio.create_task(hear(speech))
        texts = [f"Text {number}." for number in range(9)]
        for text in texts:
            async with asyncio.timeout(DEADLINE_S):
                await speech.wait_room(len(text))
            speech.feed(text)
        speech.finish()
        assert await heard == render(fake, "".join(texts))
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
        assert await hear(speech) == render(fake, "One. Two.")
        with pytest.raises(LanguageNotSpoken):
            await hear(say(engine, "foreign 0. foreign 0."))


async def test_sound_of_a_request_is_bounded(fake: FakeSynthesizer) -> None:
    async with started(fake, audio_s=0.5) as engine:
        with pytest.raises(SynthesisError, match="longer than"):
            await hear(say(engine, "One. Two. Three."))


async def test_deadline_counts_computing_not_waiting(fake: FakeSynthesizer) -> None:
    """A parked sentence has all the time that its listener takes."""
    async with started(
        fake, sentence_s=0.5, sentence_per_audio=0.001, buffered_s=0.1
    ) as engine:
        speech = say(engine, "One.")
        first = to_pcm16(await anext(speech))
        parked = asyncio.Event()
        asyncio.get_running_loop().call_later(0.6, parked.set)
        await parked.wait()
        assert first + await hear(speech) == render(fake, "One.")


async def test_each_sentence_has_its_own_deadline(fake: FakeSynthesizer) -> None:
    async with started(fake, sentence_s=0.6, sentence_per_audio=0.001) as engine:
        speech = engine.open(SpeechRequest())
        for text in ("One.", "Two.", "Three."):
            fake.pace.hold()
            speech.feed(text)
            await fake.log.wait_for(f"begin {text[:-1]}")
            asyncio.get_running_loop().call_later(0.25, fake.pace.release)
            for _ in range(3):
                await anext(speech)
        speech.finish()
        assert await hear(speech) == b""
        assert speech.stats.computing_s > 0.6


async def test_deadline_grows_with_the_sentence(fake: FakeSynthesizer) -> None:
    async with started(fake, sentence_s=0.01, sentence_per_audio=60) as engine:
        fake.pace.hold()
        speech = say(engine, "One.")
        late = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, late.set)
        await late.wait()
        fake.pace.release()
        assert await hear(speech) == render(fake, "One.")


async def test_speed_and_seed_of_the_request(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        usual = await hear(say(engine, "One."))
        fast = await hear(say(engine, "One.", speed=2.0))
        other = await hear(say(engine, "One.", seed=8))
        assert len(fast) * 2 == pytest.approx(len(usual), abs=12)
        assert len(other) == len(usual)
        assert other != usual


async def test_reader_gets_what_the_request_says(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        request = {"text_format": "ssml", "voice": EN_MALE, "language": "en"}
        await hear(say(engine, "One.", **request))
        assert fake.log.entries[0] == "reader ssml en-male en"


async def test_the_default_voice_speaks_its_own_language(fake: FakeSynthesizer) -> None:
    defaults = SpeechConfig(voice="粤语女", seed=SEED)
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=defaults)
    await engine.start()
    assert await hear(say(engine, "One.")) == render(fake, "One.", "en-male")
    assert fake.log.entries[0] == "reader text yue-female None"
    fake.voices = tuple(replace(v, languages=("en",)) for v in VOICES)
    assert await hear(say(engine, "One.")) == render(fake, "One.", "yue-female")
    assert await engine.stop(wait_s=DEADLINE_S)


async def test_switch_speaks_new_requests_with_the_new_model(
    fake: FakeSynthesizer,
) -> None:
    better = FakeSynthesizer(sample_rate=24_000)
    better.voices = VOICES[:1]
    async with started(fake) as engine:
        fake.pace.hold()
        old = say(engine, "One. Two.")
        await fake.log.wait_for("begin One")
        switched = asyncio.create_task(engine.switch(lambda: better))
        fake.pace.release()
        await switched
        assert engine.voices == VOICES[:1]
        new = say(engine, "Three.")
        assert await hear(new) == render(better, "Three.")
        assert await hear(old) == render(fake, "One. Two.")
        assert [speech.rate_hz for speech in (old, new)] == [22_050, 24_000]


@pytest.mark.parametrize("error", [ModelNotFound("No."), OSError("No.")])
async def test_switch_that_fails_keeps_the_model(
    fake: FakeSynthesizer, error: Exception
) -> None:
    def load() -> FakeSynthesizer:
        raise error

    async with started(fake) as engine:
        with pytest.raises(ModelError):
            await engine.switch(load)
        assert await hear(say(engine, "One.")) == render(fake, "One.")


async def test_requests_wait_for_the_model(fake: FakeSynthesizer) -> None:
    loading = threading.Event()

    def load() -> FakeSynthesizer:
        loading.wait(DEADLINE_S)
        return fake

    engine = Engine(load, VOICES[:1], limits=Limits(), defaults=SpeechConfig(seed=SEED))
    await engine.start()
    assert (engine.is_ready, engine.voices) == (False, VOICES[:1])
    speech = say(engine, "One.")
    assert speech.rate_hz is None
    loading.set()
    assert await hear(speech) == render(fake, "One.")
    assert (engine.is_ready, engine.voices) == (True, VOICES)
    assert await engine.stop(wait_s=DEADLINE_S)


async def test_every_speech_ends_when_the_model_cannot_be_loaded() -> None:
    def load() -> FakeSynthesizer:
        raise ImportError("a library is missing")

    engine = Engine(load, VOICES, limits=Limits(), defaults=SpeechConfig())
    await engine.start()
    speech = say(engine, "One.")
    with pytest.raises(ModelError):
        await hear(speech)
    assert isinstance(await engine.wait_lost(), ModelError)
    with pytest.raises(ModelError):
        engine.open(SpeechRequest())
    with pytest.raises(ModelError):
        await engine.switch(load)
    await engine.stop()


async def test_stop_ends_every_speech(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        fake.pace.hold()
        speeches = [say(engine, "One."), say(engine, "Two.")]
        await fake.log.wait_for("begin One")
        assert await engine.stop(wait_s=DEADLINE_S)
        for speech in speeches:
            with pytest.raises(Busy):
                await hear(speech)
        await fake.log.wait_for("cancelled One")
        with pytest.raises(CosyVoiceError):
            engine.open(SpeechRequest())


async def test_stop_before_the_model_is_loaded(fake: FakeSynthesizer) -> None:
    loading = threading.Event()

    def load() -> FakeSynthesizer:
        fake.log.add("loading")
        loading.wait(DEADLINE_S)
        return fake

    engine = Engine(load, VOICES, limits=Limits(), defaults=SpeechConfig())
    await engine.start()
    speech = say(engine, "One.")
    await fake.log.wait_for("loading")
    assert not await engine.stop(wait_s=0.01)
    with pytest.raises(Busy):
        await hear(speech)
    loading.set()


async def test_an_engine_that_was_not_started_says_so(fake: FakeSynthesizer) -> None:
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=SpeechConfig())
    with pytest.raises(RuntimeError, match="not started"):
        engine.open(SpeechRequest())
    assert await engine.stop()


async def test_many_requests_at_once_do_not_mix(fake: FakeSynthesizer) -> None:
    async with started(fake, waiting=40, buffered_s=0.2) as engine:
        texts = [f"Text {number}. It has two. Or three." for number in range(40)]
        heard = await asyncio.gather(*(hear(say(engine, text)) for text in texts))
        assert heard == [render(fake, text) for text in texts]


async def test_a_bug_of_the_engine_is_told_to_everyone(
    fake: FakeSynthesizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def turn(*_: object) -> None:
        raise KeyError("a bug")

    async with started(fake) as engine:
        monkeypatch.setattr("wyoming_cosyvoice.engine.job.Job.turn", turn)
        with pytest.raises(EngineLost):
            await hear(say(engine, "One."))
        assert (await engine.wait_lost()).exit_code == 5


async def test_a_model_that_fails_at_closing_harms_nobody(
    fake: FakeSynthesizer, caplog: pytest.LogCaptureFixture
) -> None:
    class Sticky:
        """An iterator that cannot be put away."""

        def __iter__(self) -> Sticky:
            return self

        def __next__(self) -> NDArray[np.float32]:
            return np.ones(2205, np.float32)

        def close(self) -> None:
            raise OSError("stuck")

    async with started(fake, buffered_s=0.1) as engine:
        with monkeypatched(fake, "speak", lambda *_, **__: Sticky()):
            speech = say(engine, "One.")
            await anext(speech)
        speech.cancel()
        assert await hear(say(engine, "Two.")) == render(fake, "Two.")
        assert "could not be closed" in caplog.text


@contextlib.contextmanager
def monkeypatched(owner: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        yield


async def test_failing_network_after_a_cancel_is_no_news(
    fake: FakeSynthesizer, caplog: pytest.LogCaptureFixture
) -> None:
    """A network that is stopped from outside fails in ways of its own."""

    def speak(*_: object, cancel: CancelToken, **__: object) -> Iterator[object]:
        stopped = threading.Event()
        cancel.on_cancel(stopped.set)
        fake.log.add("running")
        stopped.wait(DEADLINE_S)
        raise RuntimeError("Fail: terminated")
        yield

    async with started(fake) as engine:
        with monkeypatched(fake, "speak", speak):
            speech = say(engine, "One.")
            await fake.log.wait_for("running")
            speech.cancel()
        assert await hear(say(engine, "Two.")) == render(fake, "Two.")
        assert caplog.records == []


def asked_for(fake: FakeSynthesizer) -> list[str]:
    """Return the languages that readers were opened with."""
    entries = fake.log.entries
    return [entry.split()[-1] for entry in entries if entry.startswith("reader ")]


async def test_what_a_client_and_then_the_house_heard_last_is_the_language(
    fake: FakeSynthesizer,
) -> None:
    async with started(fake) as engine:
        await hear(say(engine, "23.5.", client="hall"))
        await hear(say(engine, "你好。", client="hall"))
        await hear(say(engine, "23.5.", client="hall"))
        await hear(say(engine, "Hello.", client="kitchen"))
        await hear(say(engine, "23.5.", client="hall"))
        await hear(say(engine, "23.5.", client="attic"))
        await hear(say(engine, "23.5.", client="attic", language="ja"))
    assert asked_for(fake) == ["None", "en", "zh", "en", "en", "en", "ja"]


async def test_a_language_that_is_set_comes_before_what_was_heard(
    fake: FakeSynthesizer,
) -> None:
    defaults = SpeechConfig(seed=SEED, language="zh")
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=defaults)
    await engine.start()
    await engine.wait_ready()
    try:
        await hear(say(engine, "Hello.", client="hall"))
        await hear(say(engine, "23.5.", client="hall"))
    finally:
        await engine.stop()
    assert asked_for(fake) == ["zh", "zh"]
