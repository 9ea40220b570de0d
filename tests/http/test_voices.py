"""User voices over HTTP: create, list, sample, delete; Wyoming lists them too."""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any

import pytest
from wyoming.info import Describe, Info

from tests.support.cloning_fake import ListeningFake
from tests.support.fake import FakeSynthesizer
from tests.support.harness import DEADLINE_S, plain, play
from tests.support.http_server import Serving, serving
from tests.support.recordings import wav
from wyoming_cosyvoice.config import Limits, ServerConfig
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.ci

RECORDING = base64.b64encode(wav()).decode()


@pytest.fixture
async def cloning(tmp_path: Path) -> AsyncIterator[Serving]:
    async with serving(ListeningFake(), user_voices=tmp_path / "voices") as http:
        yield http


async def voices(http: Serving) -> dict[str, dict[str, Any]]:
    async with http.session.get("/voices") as answer:
        return {voice["id"]: voice for voice in (await answer.json())["voices"]}


async def make(http: Serving, **fields: object) -> dict[str, Any]:
    body = {"name": "Ann", "recording": RECORDING, **fields}
    async with http.session.post("/voices", json=body) as answer:
        assert answer.status == 201, await answer.text()
        made: dict[str, Any] = await answer.json()
        return made


async def test_the_abilities_of_the_model_are_listed() -> None:
    model = FakeSynthesizer()
    model.abilities = ("instruct", "sounds")
    async with (
        serving(model) as http,
        http.session.get("/voices") as answer,
    ):
        assert (await answer.json())["abilities"] == ["instruct", "sounds"]


async def test_a_voice_is_added_listed_spoken_and_deleted(cloning: Serving) -> None:
    made = await make(cloning, languages=["en", "zh"], transcript="What is said.")
    assert (made["id"], made["state"]) == ("ann", "ready")
    listed = (await voices(cloning))["ann"]
    assert listed["is_own"]
    assert listed["languages"][0] == "en"
    assert listed["emotion_by"] == "prosody"
    async with cloning.session.get("/voices/ann/sample") as answer:
        assert answer.content_type == "audio/wav"
        assert await answer.read() == wav()
    async with cloning.tts("Hello.", voice="ann") as answer:
        assert answer.status == 200
    for status in (204, 404):
        async with cloning.session.delete("/voices/ann") as answer:
            assert answer.status == status
    assert "ann" not in await voices(cloning)
    async with cloning.tts("Hello.", voice="ann") as answer:
        assert answer.status == 404


async def test_wyoming_sees_a_new_voice_without_a_restart(cloning: Serving) -> None:
    limits = Limits()
    server = WyomingServer(
        cloning.engine, ServerConfig(uri="tcp://127.0.0.1:0"), limits
    )
    await server.start()
    assert server.port is not None
    try:
        for name in ("Ann", "Bob"):
            await make(cloning, name=name)
            received = await play(server.port, [Describe().event()], last="info")
            (program,) = Info.from_event(received.events[0]).tts
            assert name.lower() in {voice.name for voice in program.voices}
        received = await play(server.port, plain("Hi.", "bob"), last="audio-stop")
        assert received.pcm
    finally:
        server.close()
        await server.drain(DEADLINE_S)
        await server.abort()


async def test_a_dropped_file_becomes_a_voice(cloning: Serving, tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir(exist_ok=True)
    (tmp_path / "voices/Grandma.wav").write_bytes(wav())
    async with asyncio.timeout(DEADLINE_S):
        # Each look is a request, after which the server gets its turn.
        while (await voices(cloning)).get("grandma", {}).get("state") != "ready":
            pass


@pytest.mark.parametrize(
    ("recording", "status", "code"),
    [
        (base64.b64encode(wav(0.5)).decode(), 422, "bad-recording"),
        (base64.b64encode(b"no sound").decode(), 422, "bad-recording"),
        ("%", 400, "bad-parameter"),
    ],
    ids=["short", "no sound", "no base64"],
)
async def test_recordings_that_are_refused(
    cloning: Serving, recording: str, status: int, code: str
) -> None:
    body = {"name": "Ann", "recording": recording}
    async with cloning.session.post("/voices", json=body) as answer:
        assert answer.status == status
        assert (await answer.json())["code"] == code
    assert "ann" not in await voices(cloning)
