"""``POST /tts`` with ``timings``: the audio, and the time of each word."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import soundfile

from tests.support.http_server import Serving, serving
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TEXT = "The kitchen light is on. 门已经锁好了。"


@pytest.fixture
async def starter() -> AsyncIterator[Serving]:
    async with serving(PackSynthesizer.open(Pack.open(STARTER_DIR))) as http:
        yield http


async def timed(http: Serving, **fields: Any) -> dict[str, Any]:
    async with http.tts(TEXT, timings=True, **fields) as answer:
        assert answer.status == 200
        assert answer.content_type == "application/json"
        assert float(answer.headers["X-Audio-Seconds"]) > 0
        body: dict[str, Any] = await answer.json()
        return body


async def test_each_word_has_its_time_within_the_sound(starter: Serving) -> None:
    body = await timed(starter)
    words = body["words"]
    joined = "".join(word["text"] for word in words)
    assert joined.replace(" ", "") == TEXT.replace(" ", "")
    assert len(words) > 8
    times = [time for word in words for time in (word["start_s"], word["end_s"])]
    assert times == sorted(times)
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(body["audio"])))
    assert rate == body["sample_rate"] == 22_050
    assert len(samples) / rate == pytest.approx(body["duration_s"], abs=0.01)
    assert times[-1] <= body["duration_s"]
    # What is outside of words, pauses and ends, is nearly silent.
    is_word = np.zeros(len(samples), bool)
    for word in words:
        is_word[int(word["start_s"] * rate) : int(word["end_s"] * rate)] = True
    inside, outside = samples[is_word], samples[~is_word]
    assert 0.01 * rate < len(outside) < len(inside)
    assert np.mean(outside**2) < 0.1 * np.mean(inside**2)


async def test_any_format_can_be_timed(starter: Serving) -> None:
    body = await timed(starter, format="mp3", sample_rate=24_000)
    assert (body["content_type"], body["sample_rate"]) == ("audio/mpeg", 24_000)
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(body["audio"])))
    assert len(samples) / rate == pytest.approx(body["duration_s"], abs=0.2)


async def test_a_stream_cannot_be_timed(http: Serving) -> None:
    async with http.tts(TEXT, timings=True, stream=True) as answer:
        assert answer.status == 400
        assert (await answer.json())["field"] == "timings"
