"""The official client against our server, in a thread as users run it."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import sys
import wave
from typing import TYPE_CHECKING

import pytest
import soundfile

from tests.support.harness import render
from tests.support.http_server import serving
from wyoming_cosyvoice.config import Limits

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving

openai = pytest.importorskip("openai")

TEXT = "One. Two."


def client(http: Serving, token: str = "none") -> openai.OpenAI:  # noqa: S107
    return openai.OpenAI(base_url=f"{http.url}/v1", api_key=token, max_retries=0)


@pytest.mark.parametrize("kind", ["mp3", "opus", "flac", "wav"])
async def test_the_client_gets_a_file(http: Serving, kind: str) -> None:
    def ask() -> bytes:
        answer = client(http).audio.speech.create(
            model="tts-1", voice="alloy", input=TEXT, response_format=kind
        )
        return answer.content

    sound = await asyncio.to_thread(ask)
    if kind in {"mp3", "opus"}:
        samples, rate_hz = soundfile.read(io.BytesIO(sound))
        assert len(samples) / rate_hz == pytest.approx(0.6, abs=0.12)
    else:
        assert sound[:4] == {"flac": b"fLaC", "wav": b"RIFF"}[kind]


@pytest.mark.parametrize("stream", [True, False])
async def test_aac_is_made_where_its_package_is(http: Serving, stream: bool) -> None:
    av = pytest.importorskip("av")
    body = {"input": TEXT, "response_format": "AAC", "stream": stream}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        assert answer.content_type == "audio/aac"
        sound = await answer.read()
    with av.open(io.BytesIO(sound)) as file:
        samples = sum(frame.samples for frame in file.decode(audio=0))
    assert samples / 22_050 == pytest.approx(0.6, abs=0.15)


async def test_without_the_package_aac_is_refused_with_advice(
    http: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    body = {"input": TEXT, "response_format": "aac"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        assert answer.status == 400
        error = (await answer.json())["error"]
    assert error["param"] == "response_format"
    assert "wyoming-cosyvoice[aac]" in error["message"]
    async with http.tts(TEXT, format="aac") as answer:
        assert answer.status == 400
        assert (await answer.json())["field"] == "format"


async def test_a_short_wav_file_states_its_length(
    http: Serving, fake: FakeSynthesizer
) -> None:
    """Unless a stream was asked for: then its first bytes leave at once."""
    body = {"input": "Hi.", "response_format": "wav"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        sound = await answer.read()
    with wave.open(io.BytesIO(sound)) as file:
        pcm = file.readframes(file.getnframes())
    assert pcm == render(fake, "Hi.")
    assert len(sound) == 44 + len(pcm)
    async with http.session.post(
        "/v1/audio/speech", json={**body, "stream": True}
    ) as answer:
        streamed = await answer.read()
    assert streamed[44:] == pcm
    assert streamed[40:44] == b"\xff" * 4


async def test_a_client_that_leaves_while_it_may_become_whole_ends_the_work(
    http: Serving, fake: FakeSynthesizer
) -> None:
    fake.pace.hold()
    fake.pace.allow(1)
    body = {"input": TEXT, "response_format": "wav"}
    request = asyncio.create_task(http.session.post("/v1/audio/speech", json=body))
    await fake.log.wait_for("begin One")
    request.cancel()
    await fake.log.wait_for("closed One")


async def test_the_client_streams(http: Serving, fake: FakeSynthesizer) -> None:
    fake.pace.hold()
    fake.pace.allow(1)

    def ask() -> tuple[bytes, bool]:
        with client(http).audio.speech.with_streaming_response.create(
            model="cosyvoice", voice="en-male", input=TEXT, response_format="wav"
        ) as answer:
            pieces = answer.iter_bytes()
            first = next(pieces)
            was_early = "end One" not in fake.log.entries
            fake.pace.release()
            return first + b"".join(pieces), was_early

    sound, was_early = await asyncio.to_thread(ask)
    assert was_early
    assert sound[44:] == render(fake, TEXT, "en-male")


async def test_pcm_is_24_khz(http: Serving) -> None:
    body = {"input": TEXT, "response_format": "pcm"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        sound = await answer.read()
    assert len(sound) / 2 / 24_000 == pytest.approx(0.6, abs=0.01)


async def test_events(http: Serving, fake: FakeSynthesizer) -> None:
    body = {"input": TEXT, "response_format": "wav", "stream_format": "sse"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        lines = (await answer.text()).strip().split("\n\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines]
    deltas = [e["audio"] for e in events if e["type"] == "speech.audio.delta"]
    sound = b"".join(map(base64.b64decode, deltas))
    assert sound[44:] == render(fake, TEXT)
    assert events[-1]["type"] == "speech.audio.done"


async def test_models_and_voices(http: Serving) -> None:
    def ask() -> list[str]:
        models = client(http).models
        return [model.id for model in models.list()] + [models.retrieve("cosyvoice").id]

    assert await asyncio.to_thread(ask) == ["cosyvoice", "cosyvoice"]
    async with http.session.get("/v1/audio/voices") as answer:
        voices = (await answer.json())["voices"]
    assert "en-male" in [voice["id"] for voice in voices]


async def test_errors_are_those_of_the_client(http: Serving) -> None:
    def ask(**fields: object) -> None:
        wanted = {"model": "tts-1", "voice": "alloy", "input": TEXT, **fields}
        client(http).audio.speech.create(**wanted)

    for fields, field in (
        ({"voice": "nobody"}, "voice"),
        ({"speed": "fast"}, "speed"),
        ({"response_format": "wma"}, "response_format"),
    ):
        with pytest.raises(openai.BadRequestError) as caught:
            await asyncio.to_thread(ask, **fields)
        assert caught.value.param == field
    with pytest.raises(openai.NotFoundError):
        await asyncio.to_thread(client(http).models.retrieve, "gpt-5")


async def test_the_key_is_the_token(fake: FakeSynthesizer) -> None:
    async with serving(fake, token="secret") as http:  # noqa: S106
        with pytest.raises(openai.AuthenticationError):
            await asyncio.to_thread(client(http, "wrong").models.list)
        assert await asyncio.to_thread(client(http, "secret").models.list)


@pytest.mark.parametrize(
    "fields",
    [
        {"stream": True},
        {"lang_code": "a", "user": "me", "temperature": 0.5},
        {"volume_multiplier": 1, "normalization_options": {}, "x": [None]},
        {"language": "en-US"},
        {"language": "Auto"},
        {"voice": ""},
        {"voice": None},
        {"speed": 4.0},
        {"speed": 0.25},
        {"speed": "1.0"},
        {"response_format": "MP3"},
        {"response_format": ""},
    ],
)
async def test_requests_of_other_servers_clients_are_served(
    http: Serving, fields: dict[str, object]
) -> None:
    body = {"input": TEXT, "model": "kokoro", **fields}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        assert answer.status == 200
        assert len(await answer.read()) > 1000


async def test_known_fields_are_used(http: Serving, fake: FakeSynthesizer) -> None:
    body = {"input": TEXT, "response_format": "wav", "stream": False}
    body |= {"sample_rate": 16_000, "seed": 7, "speed": "9", "language": "zh-CN"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        sound = await answer.read()
    with wave.open(io.BytesIO(sound)) as file:  # the header states its length
        assert file.getframerate() == 16_000
        assert file.getnframes() == (len(sound) - 44) // 2
        # 0.6 s, twice as fast, which is the fastest
        assert file.getnframes() / 16_000 == pytest.approx(0.3, abs=0.01)
    assert "reader text None zh-CN" in fake.log.entries
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        assert await answer.read() == sound  # by the seed


async def test_refusals_have_the_form_of_the_api(fake: FakeSynthesizer) -> None:
    async with serving(fake, limits=Limits(text_chars=10), token="x") as http:  # noqa: S106
        path, headers = "/v1/audio/speech", {"Authorization": "Bearer x"}
        body = {"input": "far too long"}
        async with http.session.post(path, json=body) as answer:
            assert answer.status == 401
            assert (await answer.json())["error"]["code"] == "unauthorized"
        async with http.session.post(path, json=body, headers=headers) as answer:
            assert answer.status == 413
            assert (await answer.json())["error"]["param"] == "input"


async def test_events_are_not_held_up_by_proxies(http: Serving) -> None:
    body = {"input": f"unreadable. {TEXT}", "stream_format": "SSE"}
    async with http.session.post("/v1/audio/speech", json=body) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert answer.content_type == "text/event-stream"
        assert "unreadable" in answer.headers["X-Skipped"]


async def test_models_are_listed_for_speech_too(http: Serving) -> None:
    async with http.session.get("/v1/audio/models") as answer:
        assert [model["id"] for model in (await answer.json())["models"]] == [
            "cosyvoice"
        ]
