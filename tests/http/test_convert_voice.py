"""Voice conversion by HTTP, with a tiny real model."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
import soundfile

from tests.support.http_server import Serving, serving
from tests.support.recordings import wav
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from wyoming_cosyvoice.pack.pack import Pack

pytestmark = pytest.mark.ci


def encoded(seconds: float, hertz: float = 150) -> str:
    return base64.b64encode(wav(seconds, hertz)).decode()


@pytest.fixture
async def real(tiny_pack: Pack, tmp_path: Path) -> AsyncIterator[Serving]:
    synthesizer = PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))
    async with serving(synthesizer, user_voices=tmp_path / "voices") as running:
        yield running


def convert(http: Serving, seconds: float = 2.0, **fields: Any) -> Any:
    body = {"recording": encoded(seconds), **fields}
    return http.session.post("/convert-voice", json=body)


async def test_the_answer_lasts_as_long_as_the_recording(real: Serving) -> None:
    sounds = []
    for voice in ("zh-female", "en-male"):
        async with convert(real, voice=voice) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.headers["X-Audio-Seconds"] == "2.000"
            sounds.append(await answer.read())
    assert soundfile.info(io.BytesIO(sounds[0])).duration == pytest.approx(2.0)
    assert sounds[0] != sounds[1]


async def test_it_is_streamed_in_any_format(real: Serving) -> None:
    fields = {"format": "pcm", "stream": True, "sample_rate": 16_000}
    async with convert(real, voice="zh-female", **fields) as answer:
        assert answer.headers["X-Sample-Rate"] == "16000"
        assert len(await answer.read()) == 2 * 2 * 16_000


async def test_the_voice_may_come_along(real: Serving) -> None:
    async with convert(real, reference_audio=encoded(3.0, 220)) as answer:
        assert answer.status == 200, await answer.text()
        assert answer.headers["X-Audio-Seconds"] == "2.000"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 400, "A voice is needed"),
        ({"voice": "nobody"}, 404, "no voice"),
        ({"voice": "zh-female", "reference_audio": "AAAA"}, 400, "cannot be combined"),
        ({"voice": "zh-female", "recording": "?"}, 400, "not base64"),
        ({"voice": "zh-female", "recording": "AAAA"}, 422, "unknown"),
        ({"voice": "zh-female", "recording": encoded(0.2)}, 422, "at least 0.5 s"),
        ({"voice": "zh-female", "emotion": "sad"}, 400, "emotion"),
    ],
)
async def test_what_cannot_be_done_is_reported(
    real: Serving, fields: dict[str, Any], status: int, said: str
) -> None:
    async with convert(real, **fields) as answer:
        assert answer.status == status
        assert said in (await answer.json())["message"]


async def test_a_model_that_cannot_clone_is_reported(http: Serving) -> None:
    async with convert(http, voice="zh-female") as answer:
        assert answer.status == 409
        error = await answer.json()
        assert error["code"] == "model-unsupported"
        assert "fetch cosyvoice-300m" in error["remedy"]
