"""What the figures say became of a speech."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.support.fake import DEADLINE_S
from tests.support.harness import plain, play, until
from tests.support.http_server import serving
from wyoming_cosyvoice.config import Limits, ServerConfig
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving

WAYS = pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/tts", {"text": ""}),
        ("/tts", {"text": "", "stream": True}),
        ("/v1/audio/speech", {"input": ""}),
        ("/v1/audio/speech", {"input": "", "stream_format": "sse"}),
    ],
    ids=["whole", "stream", "openai", "events"],
)


def body(fields: dict[str, object], text: str) -> dict[str, object]:
    return {name: value or text for name, value in fields.items()}


async def outcomes(http: Serving, speeches: int = 1) -> dict[str, int]:
    """Return how many ended how, once so many were put away."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            async with http.session.get("/metrics") as answer:
                text = await answer.text()
            found = re.findall(r'speeches_total\{outcome="([^"]+)"\} (\d+)', text)
            counted = {outcome: int(count) for outcome, count in found}
            if sum(counted.values()) >= speeches:
                return counted


@WAYS
@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("One.", "done"),
        ("boom 0.", "synthesis-failed"),
        ("boom 1.", "synthesis-failed"),
        ("refuse 1.", "bad-parameter"),
    ],
)
async def test_failures_are_counted_by_their_code(
    http: Serving, path: str, fields: dict[str, object], text: str, outcome: str
) -> None:
    """Before the first sound as after it, in every kind of answer."""
    async with http.session.post(path, json=body(fields, text)) as answer:
        try:
            await answer.read()
        except aiohttp.ClientPayloadError:
            assert outcome != "done"
    assert await outcomes(http) == {outcome: 1}


@WAYS
async def test_who_leaves_is_counted_as_cancelled(
    http: Serving, fake: FakeSynthesizer, path: str, fields: dict[str, object]
) -> None:
    fake.pace.hold()
    with pytest.raises(TimeoutError):
        async with http.session.post(
            path, json=body(fields, "One."), timeout=aiohttp.ClientTimeout(0.1)
        ) as answer:
            await answer.read()
    await until(lambda: http.engine.open_speeches == 0)
    assert await outcomes(http) == {"cancelled": 1}


@pytest.mark.ci
@WAYS
async def test_who_does_not_read_is_cut(
    fake: FakeSynthesizer, path: str, fields: dict[str, object]
) -> None:
    """A stream that is not read keeps its speech for ``write_s``, not forever."""
    if "stream" not in fields and path == "/tts":
        pytest.skip("a whole answer is made before it is sent")
    limits = Limits(buffered_s=0.5, write_s=0.2)
    async with serving(fake, limits=limits) as http:
        long = body(fields, "Long. " * 1500)
        if path != "/tts":
            long["response_format"] = "wav"
        async with http.slow_session() as session, session.post(path, json=long):
            await until(lambda: http.engine.open_speeches == 0)
        # Neither the client's system nor the server's took minutes of it.
        assert fake.log.entries.count("begin Long") < 200
        assert await outcomes(http) == {"cancelled": 1}


async def test_wyoming_s_speeches_are_counted_too(http: Serving) -> None:
    server = WyomingServer(http.engine, ServerConfig(uri="tcp://127.0.0.1:0"), Limits())
    await server.start()
    assert server.port is not None
    try:
        await play(server.port, plain("One."), last="audio-stop")
        await play(server.port, plain("boom 1."), last="error")
        await until(lambda: http.engine.open_speeches == 0)
    finally:
        server.close()
        await server.abort()
    assert await outcomes(http, 2) == {"done": 1, "synthesis-failed": 1}
