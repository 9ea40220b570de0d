"""Deadlines, switches, stops and failures of the engine; what it remembers."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.fake import DEADLINE_S, VOICES, FakeSynthesizer
from tests.support.harness import SEED, render
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine, SpeechRequest
from wyoming_cosyvoice.errors import (
    Busy,
    CosyVoiceError,
    EngineLost,
    ModelError,
    ModelNotFound,
    SynthesisError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
from tests.unit.engine_harness import collect, monkeypatched, say, started


async def test_sound_of_a_request_is_bounded(fake: FakeSynthesizer) -> None:
    async with started(fake, audio_s=0.5) as engine:
        with pytest.raises(SynthesisError, match="longer than"):
            await collect(say(engine, "One. Two. Three."))


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
        assert first + await collect(speech) == render(fake, "One.")


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
        assert await collect(speech) == b""
        assert speech.stats.computing_s > 0.6


async def test_deadline_grows_with_the_sentence(fake: FakeSynthesizer) -> None:
    async with started(fake, sentence_s=0.01, sentence_per_audio=60) as engine:
        fake.pace.hold()
        speech = say(engine, "One.")
        late = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, late.set)
        await late.wait()
        fake.pace.release()
        assert await collect(speech) == render(fake, "One.")


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
        assert await collect(new) == render(better, "Three.")
        assert await collect(old) == render(fake, "One. Two.")
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
        assert await collect(say(engine, "One.")) == render(fake, "One.")


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
    assert await collect(speech) == render(fake, "One.")
    assert (engine.is_ready, engine.voices) == (True, VOICES)
    assert await engine.stop(wait_s=DEADLINE_S)


async def test_every_speech_ends_when_the_model_cannot_be_loaded() -> None:
    def load() -> FakeSynthesizer:
        raise ImportError("a library is missing")

    engine = Engine(load, VOICES, limits=Limits(), defaults=SpeechConfig())
    await engine.start()
    speech = say(engine, "One.")
    with pytest.raises(ModelError):
        await collect(speech)
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
                await collect(speech)
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
        await collect(speech)
    loading.set()


async def test_an_engine_that_was_not_started_is_reported(
    fake: FakeSynthesizer,
) -> None:
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=SpeechConfig())
    with pytest.raises(RuntimeError, match="not started"):
        engine.open(SpeechRequest())
    assert await engine.stop()


async def test_many_requests_at_once_do_not_mix(fake: FakeSynthesizer) -> None:
    async with started(fake, waiting=40, buffered_s=0.2) as engine:
        texts = [f"Text {number}. It has two. Or three." for number in range(40)]
        received = await asyncio.gather(*(collect(say(engine, text)) for text in texts))
        assert received == [render(fake, text) for text in texts]


async def test_a_bug_of_the_engine_is_reported_to_all_clients(
    fake: FakeSynthesizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def turn(*_: object) -> None:
        raise KeyError("a bug")

    async with started(fake) as engine:
        monkeypatch.setattr("wyoming_cosyvoice.engine.job.Job.turn", turn)
        with pytest.raises(EngineLost):
            await collect(say(engine, "One."))
        assert (await engine.wait_lost()).exit_code == 5


async def test_a_model_that_fails_at_closing_does_not_affect_others(
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
        assert await collect(say(engine, "Two.")) == render(fake, "Two.")
        assert "could not be closed" in caplog.text


async def test_a_network_failure_after_a_cancel_is_not_reported(
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
        assert await collect(say(engine, "Two.")) == render(fake, "Two.")
        assert caplog.records == []


def asked_for(fake: FakeSynthesizer) -> list[str]:
    """Return the languages that readers were opened with."""
    entries = fake.log.entries
    return [entry.split()[-1] for entry in entries if entry.startswith("reader ")]


async def test_the_last_language_of_the_client_then_of_the_server_decides(
    fake: FakeSynthesizer,
) -> None:
    async with started(fake) as engine:
        await collect(say(engine, "23.5.", client="hall"))
        await collect(say(engine, "你好。", client="hall"))
        await collect(say(engine, "23.5.", client="hall"))
        await collect(say(engine, "Hello.", client="kitchen"))
        await collect(say(engine, "23.5.", client="hall"))
        await collect(say(engine, "23.5.", client="attic"))
        await collect(say(engine, "23.5.", client="attic", language="ja"))
    assert asked_for(fake) == ["None", "en", "zh", "en", "en", "en", "ja"]


async def test_a_configured_language_comes_before_a_recent_one(
    fake: FakeSynthesizer,
) -> None:
    defaults = SpeechConfig(seed=SEED, language="zh")
    engine = Engine(lambda: fake, VOICES, limits=Limits(), defaults=defaults)
    await engine.start()
    await engine.wait_ready()
    try:
        await collect(say(engine, "Hello.", client="hall"))
        await collect(say(engine, "23.5.", client="hall"))
    finally:
        await engine.stop()
    assert asked_for(fake) == ["zh", "zh"]
