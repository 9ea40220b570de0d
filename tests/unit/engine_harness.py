"""An engine with a model that waits for the test, and requests to it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake import DEADLINE_S, VOICES, FakeSynthesizer
from tests.support.harness import SEED
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine, Speech, SpeechRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


EN_MALE = VOICES[1]


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


async def collect(speech: Speech) -> bytes:
    async with asyncio.timeout(DEADLINE_S):
        return b"".join([to_pcm16(samples) async for samples in speech])


def begun(fake: FakeSynthesizer) -> list[str]:
    return [e.removeprefix("begin ") for e in fake.log.entries if e[:5] == "begin"]


@contextlib.contextmanager
def monkeypatched(owner: object, name: str, value: object) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, value)
        yield
