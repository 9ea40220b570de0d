"""``POST /tts``: sound in every format, streams, errors, clients that leave."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import numpy as np
import pytest
import soundfile

from tests.support.harness import render, spoken, until
from tests.support.http_server import serving
from wyoming_cosyvoice.audio import PcmFormat, to_int16, wav_header
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.server.http import tts
from wyoming_cosyvoice.sound.resampler import Resampler

if TYPE_CHECKING:
    from aiohttp import web
    from numpy.typing import NDArray

    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving

TEXT = "One. Two. 你好。"


async def test_the_default_is_a_whole_wav_file(
    http: Serving, fake: FakeSynthesizer
) -> None:
    async with http.tts(TEXT) as answer:
        assert answer.status == 200
        assert answer.content_type == "audio/wav"
        pcm = render(fake, TEXT)
        assert await answer.read() == wav_header(PcmFormat(22_050), len(pcm)) + pcm
        assert float(answer.headers["X-Audio-Seconds"]) == pytest.approx(0.9)


@pytest.mark.parametrize("text_format", ["text", "ssml"])
async def test_a_text_may_be_ssml(
    http: Serving, fake: FakeSynthesizer, text_format: str
) -> None:
    fields = {"text": "One.", "text_format": text_format}
    async with http.tts(**fields) as answer:
        assert answer.status == 200
    async with http.session.get("/tts", params=fields) as answer:
        assert answer.status == 200
    readers = [entry for entry in fake.log.entries if entry.startswith("reader ")]
    assert [reader.split()[1] for reader in readers] == [text_format] * 2


@pytest.mark.parametrize("is_stream", [False, True])
async def test_what_cannot_be_read_is_named(
    http: Serving, fake: FakeSynthesizer, is_stream: bool
) -> None:
    text = "One. unreadable 語. Two."
    async with http.tts(text, format="pcm", stream=is_stream) as answer:
        assert json.loads(answer.headers["X-Skipped"]) == [
            {"text": "unreadable 語", "language": "Japanese"}
        ]
        assert await answer.read() == render(fake, "One. Two.")
    async with http.tts("One.") as answer:
        assert "X-Skipped" not in answer.headers
    long = f"One. {'unreadable ' * 20}." * 40
    async with http.tts(long, format="pcm") as answer:
        assert answer.status == 200
        assert len(answer.headers["X-Skipped"]) < 2000


async def test_a_stream_is_sent_as_it_is_made(
    http: Serving, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    fake.pace.allow(1)
    async with http.tts(TEXT, stream=True) as answer:
        first = await answer.content.readany()
        assert first.startswith(b"RIFF")
        assert fake.log.entries.count("end One") == 0
        fake.pace.release()
        rest = await answer.read()
    assert (first + rest)[44:] == render(fake, TEXT)


def with_length(flac: bytes, samples: int) -> bytes:
    """Write into a FLAC header what a stream cannot know; libsndfile insists on it."""
    head = bytearray(flac)
    assert head[21] & 15 == 0
    assert head[22:26] == bytes(4)
    head[22:26] = samples.to_bytes(4, "big")
    return bytes(head)


@pytest.mark.parametrize("is_stream", [False, True])
@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("name", ["wav", "flac", "ogg", "opus", "mp3", "pcm"])
async def test_every_format_has_its_rate_and_length(
    http: Serving, name: str, rate_hz: int, is_stream: bool
) -> None:
    async with http.tts(
        TEXT, format=name, sample_rate=rate_hz, stream=is_stream
    ) as answer:
        assert answer.status == 200
        said_hz = int(answer.headers["X-Sample-Rate"])
        body = await answer.read()
    if name == "pcm":
        seconds = len(body) / 2 / rate_hz
    else:
        if name == "flac" and is_stream:
            body = with_length(body, round(0.9 * rate_hz))
        samples, read_hz = soundfile.read(io.BytesIO(body))
        seconds = len(samples) / read_hz
        assert abs(samples).max() > 0.2
    is_opus = name in {"ogg", "opus"}
    assert said_hz == (24_000 if is_opus and rate_hz == 22_050 else rate_hz)
    # MP3 pads to whole frames
    assert seconds == pytest.approx(0.9, abs=0.12 if name == "mp3" else 0.03)


async def samples_of(http: Serving, **fields: Any) -> NDArray[np.int16]:
    """Return the samples of an answer, as its file has them."""
    async with http.tts(TEXT, **fields) as answer:
        body = await answer.read()
    if fields["format"] == "pcm":
        return np.frombuffer(body, "<i2")
    samples, _ = soundfile.read(io.BytesIO(body), dtype="int16")
    return samples


async def test_flac_has_the_very_samples_of_wav(http: Serving) -> None:
    wav, flac = [await samples_of(http, format=kind) for kind in ("wav", "flac")]
    assert np.array_equal(wav, flac)


async def test_samples_are_not_rounded_before_they_are_resampled(
    http: Serving, fake: FakeSynthesizer
) -> None:
    resampler = Resampler(fake.sample_rate, 48_000)
    whole = np.concatenate(list(spoken(fake, TEXT)))
    made = np.concatenate([resampler.process(whole), resampler.finish()])
    received = await samples_of(http, format="pcm", sample_rate=48_000)
    assert np.array_equal(received, to_int16(made))


@pytest.mark.parametrize(
    ("fields", "status", "code", "field"),
    [
        ({"text": ""}, 400, "bad-parameter", "text"),
        ({"text": None}, 400, "bad-parameter", "text"),
        ({"text": 1}, 400, "bad-parameter", "text"),
        ({"text": "x" * 10_001}, 413, "text-too-long", "text"),
        ({"speed": 0.49}, 400, "bad-parameter", "speed"),
        ({"speed": 1e308}, 400, "bad-parameter", "speed"),
        ({"speed": -0.0}, 400, "bad-parameter", "speed"),
        ({"speed": "1"}, 400, "bad-parameter", "speed"),
        ({"speed": True}, 400, "bad-parameter", "speed"),
        ({"seed": -1}, 400, "bad-parameter", "seed"),
        ({"seed": 2**32}, 400, "bad-parameter", "seed"),
        ({"seed": 1.5}, 400, "bad-parameter", "seed"),
        ({"language": "pt"}, 400, "bad-parameter", "language"),
        ({"language": "zh\n"}, 400, "bad-parameter", "language"),
        ({"emotion": "bored"}, 400, "bad-parameter", "emotion"),
        ({"format": "wma"}, 400, "bad-parameter", "format"),
        ({"sample_rate": 44_100}, 400, "bad-parameter", "sample_rate"),
        ({"stream": 1}, 400, "bad-parameter", "stream"),
        ({"voice": "nobody"}, 404, "voice-not-found", "voice"),
        ({"reference_audio": "AAAA"}, 409, "model-unsupported", None),
        ({"pitch": 1}, 400, "bad-parameter", "pitch"),
    ],
)
async def test_errors_name_the_field(
    http: Serving,
    fake: FakeSynthesizer,
    fields: dict[str, object],
    status: int,
    code: str,
    field: str | None,
) -> None:
    async with http.session.post("/tts", json={"text": "Hi.", **fields}) as answer:
        assert answer.status == status
        error = await answer.json()
        assert (error["code"], error["field"]) == (code, field)
        assert error["message"]
    assert fake.log.entries == []


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"text": "a"}', "text/plain", 415),
        (b'{"text": "a"}', "application/x-www-form-urlencoded", 415),
        (b'{"text": "a"}', "multipart/form-data; boundary=x", 415),
        (b'{"text": "a"}', "application/json; charset=utf-16", 415),
        (b'{"text": "a"', "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b'{"text": "a", "speed": NaN}', "application/json", 400),
        (b'{"text": "a", "speed": 1e999}', "application/json", 400),
        (b'{"text": "a", "seed": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json", 400),
    ],
)
async def test_bodies_that_are_not_valid_json(
    http: Serving, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type}
    async with http.session.post("/tts", data=body, headers=headers) as answer:
        assert answer.status == status
        assert (await answer.json())["code"]


async def test_large_bodies_are_refused_declared_or_not(fake: FakeSynthesizer) -> None:
    async def endless() -> object:
        for _ in range(100):
            yield b" " * 1000

    headers = {"Content-Type": "application/json"}
    limits = Limits(http_recording_bytes=50_000)
    async with serving(fake, limits=limits) as http:
        for body in (b" " * 100_000, endless()):
            async with http.session.post("/tts", data=body, headers=headers) as answer:
                assert answer.status == 413


async def test_a_client_that_leaves_frees_the_worker(
    http: Serving, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    fake.pace.allow(1)
    async with http.tts("Long. Longer.", stream=True) as answer:
        await answer.content.readany()
        assert http.engine.open_speeches == 1
        answer.close()
    await fake.log.wait_for("cancelled Long")
    await until(lambda: http.engine.open_speeches == 0)
    fake.pace.release()
    async with http.tts("Next.") as answer:
        assert (await answer.read())[44:] == render(fake, "Next.")


async def test_a_client_that_leaves_before_sound_frees_the_worker(
    http: Serving, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    asking = asyncio.ensure_future(http.tts("Long."))
    await fake.log.wait_for("begin Long")
    asking.cancel()
    await fake.log.wait_for("cancelled Long")
    await until(lambda: http.engine.open_speeches == 0)


async def test_a_failure_before_sound_is_an_error(http: Serving) -> None:
    async with http.tts("boom 0.") as answer:
        assert answer.status == 500
        assert (await answer.json())["code"] == "synthesis-failed"


async def test_a_failure_in_a_stream_is_not_a_normal_end(http: Serving) -> None:
    async with http.tts("refuse 1.", stream=True) as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientError):
            await answer.read()


async def test_a_busy_server_reports_when_to_retry(fake: FakeSynthesizer) -> None:
    async with serving(fake, limits=Limits(waiting=1)) as http:
        fake.pace.hold()
        asking = [asyncio.ensure_future(http.tts(text)) for text in ("A.", "B.")]
        await until(lambda: http.engine.open_speeches == 2)
        async with http.tts("C.") as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) > 0
            assert (await answer.json())["code"] == "busy"
        fake.pace.release()
        for answer in await asyncio.gather(*asking):
            assert answer.status == 200
            await answer.read()


async def test_speed_and_seed_reach_the_model(
    http: Serving, fake: FakeSynthesizer
) -> None:
    async with http.tts("One.", speed=2, seed=5) as answer:
        twice = await answer.read()
    async with http.tts("One.", seed=5, voice="en-male", language="en-GB") as answer:
        once = await answer.read()
    assert len(once) - 44 == pytest.approx(2 * (len(twice) - 44), abs=8)
    assert "reader text en-male en-GB" in fake.log.entries


@pytest.mark.parametrize("path", ["/tts", "/v1/audio/speech"])
@pytest.mark.parametrize(
    "body",
    ['{"\\ud800": 1}', '{"text": "a", "\\udc00\\uD800": 1}', '{"voice": "\\udfff"}'],
)
async def test_half_a_surrogate_pair_is_refused_as_any_other_field(
    http: Serving, path: str, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Type": "application/json"}
    async with http.session.post(path, data=body, headers=headers) as answer:
        assert answer.status == 400
        await answer.json()
    assert "failed" not in caplog.text


async def test_half_a_surrogate_pair_in_a_text_costs_that_character_only(
    http: Serving,
) -> None:
    async with http.tts("One \ud83d. Two.") as answer:
        assert answer.status == 200


async def test_a_url_alone_speaks(http: Serving) -> None:
    query = {"text": "One. Two.", "voice": "en-male", "speed": "1.5", "format": "mp3"}
    async with http.session.get("/tts", params=query) as answer:
        assert answer.status == 200
        assert answer.content_type == "audio/mpeg"
        assert len(await answer.read()) > 1000


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "a", "speed": "fast"}, "speed"),
        ({"text": "a", "speed": "9"}, "speed"),
        ({"text": "a", "seed": "NaN"}, "seed"),
        ({"text": "a", "stream": "yes"}, "stream"),
        ({"text": "a", "reference_audio": "AAAA"}, "reference_audio"),
    ],
)
async def test_a_url_is_checked_as_strictly(
    http: Serving, query: dict[str, str], field: str
) -> None:
    async with http.session.get("/tts", params=query) as answer:
        assert answer.status == 400
        assert (await answer.json())["field"] == field


async def test_a_url_needs_the_token(fake: FakeSynthesizer) -> None:
    async with (
        serving(fake, token="secret") as http,  # noqa: S106
        http.session.get("/tts?text=One.") as answer,
    ):
        assert answer.status == 401


async def test_head_is_answered_wherever_get_is(
    http: Serving, fake: FakeSynthesizer
) -> None:
    async with http.session.get("/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    asked = [path for path, kinds in paths.items() if "get" in kinds]
    assert "/tts" in asked
    for path in ["/", "/static/app.js", *asked]:
        url = path.replace("{model}", "cosyvoice")
        async with http.session.head(url, params={"text": "One."}) as answer:
            assert answer.status != 405, path
            assert await answer.read() == b""
    assert fake.log.entries == []  # nothing was spoken for a header


async def test_few_recordings_are_read_at_once(
    fake: FakeSynthesizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is several times its size in memory; the others wait on their sockets."""
    reading, most = 0, 0
    read = tts.read_upload

    async def counted(request: web.Request, fields: dict[str, Any]) -> dict[str, Any]:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        try:
            return await read(request, fields)
        finally:
            reading -= 1

    monkeypatch.setattr(tts, "read_upload", counted)
    body = {"text": "a", "reference_audio": "A" * 1_000_000}
    async with serving(fake) as http:

        async def upload() -> int:
            async with http.session.post("/tts", json=body) as answer:
                return answer.status

        statuses = await asyncio.gather(*(upload() for _ in range(12)))
    assert set(statuses) == {409}  # this server makes no voices
    assert most <= 2
