"""Turns, bounds and ends of speeches, with a model that waits for the test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support.fake import DEADLINE_S, FakeSynthesizer
from tests.support.harness import render, until
from tests.unit.engine_harness import (
    EN_MALE,
    begun,
    collect,
    monkeypatched,
    say,
    started,
)
from wyoming_cosyvoice.engine.engine import SpeechRequest
from wyoming_cosyvoice.engine.order import NEWCOMER_S, next_sound_due
from wyoming_cosyvoice.errors import (
    SynthesisCancelled,
    SynthesisError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


async def test_a_speech_is_the_model_s_own_sound(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        speech = say(engine, "One. Two. 你好。", voice=EN_MALE)
        assert speech.rate_hz == fake.sample_rate
        assert await collect(speech) == render(fake, "One. Two. 你好。", "en-male")
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
        await asyncio.gather(collect(long), collect(short), collect(other))
        assert begun(fake) == ["A1", "B1", "C1", "A2", "C2", "A3"]


async def test_clients_without_audio_come_first(
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
    """A piece of half the speed plays for twice as long."""
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
            await asyncio.gather(collect(slow), collect(quick))
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
    fake.max_batch = 2
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
        received = await asyncio.gather(*map(collect, speeches))
        assert turns(early) == [
            *("prepare B1", "begin A1", "prepare C1", "begin B1", "begin C1")
        ]
        assert received == [render(early, f"{name}1.") for name in "ABC"]


async def test_what_follows_begins_once_there_is_sound(early: FakeSynthesizer) -> None:
    async with started(early) as engine:
        received = await collect(say(engine, "A1. A2. A3. A4."))
        assert turns(early) == [
            *("begin A1", "prepare A2", "prepare A3"),
            *("begin A2", "prepare A4", "begin A3", "begin A4"),
        ]
        assert received == render(early, "A1. A2. A3. A4.")


async def test_what_cannot_begin_fails_alone(early: FakeSynthesizer) -> None:
    async with started(early) as engine:
        early.pace.hold()
        good, bad = say(engine, "A1. A2."), say(engine, "bad.")
        early.pace.release()
        assert await collect(good) == render(early, "A1. A2.")
        with pytest.raises(SynthesisError, match="cannot begin"):
            await collect(bad)


async def test_cancel_gives_up_what_has_begun(early: FakeSynthesizer) -> None:
    async with started(early, buffered_s=0.25) as engine:
        speech = say(engine, "A1. A2. A3.")
        await early.log.wait_for("prepare A2")
        speech.cancel()
        await early.log.wait_for("given up A2")
        assert await collect(say(engine, "B1.")) == render(early, "B1.")
        assert "begin A2" not in early.log.entries


def test_newcomers_delay_the_others_and_do_not_starve_them() -> None:
    now = 1000.0
    has_audio = next_sound_due(now - 60, audio_until=now + 0.1)
    short_of_sound = next_sound_due(now - 60, audio_until=now - NEWCOMER_S / 2)
    silent_for_long = next_sound_due(now - 60, audio_until=now - 2 * NEWCOMER_S)
    newcomer = next_sound_due(now, audio_until=None)
    waiting_text = next_sound_due(now, audio_until=now - 2 * NEWCOMER_S)
    assert silent_for_long < newcomer < short_of_sound < waiting_text < has_audio


async def test_a_slow_listener_parks_only_its_own_work(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.25) as engine:
        slow = say(engine, "A1. A2. A3.")
        await fake.log.wait_for("begin A1")
        quick = say(engine, "B1. B2.")
        assert await collect(quick) == render(fake, "B1. B2.")
        # Three pieces of 0.1 s are over the limit of 0.25 s: A2 has to wait
        assert "begin A2" not in fake.log.entries
        assert await collect(slow) == render(fake, "A1. A2. A3.")


async def test_a_sentence_is_parked_in_its_midst(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.1) as engine:
        slow = say(engine, "A1.")
        assert await collect(say(engine, "B1.")) == render(fake, "B1.")
        assert "begin A1" in fake.log.entries
        assert "end A1" not in fake.log.entries
        assert await collect(slow) == render(fake, "A1.")


async def test_cancel_stops_the_work_at_the_next_look(fake: FakeSynthesizer) -> None:
    async with started(fake) as engine:
        fake.pace.hold()
        speech = say(engine, "One. Two.")
        await fake.log.wait_for("begin One")
        speech.cancel()
        await fake.log.wait_for("cancelled One")
        with pytest.raises(SynthesisCancelled):
            await collect(speech)
        fake.pace.release()
        assert await collect(say(engine, "Three.")) == render(fake, "Three.")
        assert "begin Two" not in fake.log.entries
        assert engine.open_speeches == 0


async def test_cancel_of_parked_and_of_waiting_work(fake: FakeSynthesizer) -> None:
    async with started(fake, buffered_s=0.1) as engine:
        parked = say(engine, "A1. A2.")
        assert await collect(say(engine, "B1.")) == render(fake, "B1.")
        waiting = engine.open(SpeechRequest())
        for speech in (parked, waiting):
            speech.cancel()
            speech.cancel()
        await fake.log.wait_for("closed A1")
        assert await collect(say(engine, "C1.")) == render(fake, "C1.")
        assert engine.open_speeches == 0
        assert begun(fake).count("A2") == 0
