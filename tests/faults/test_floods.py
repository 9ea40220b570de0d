"""Clients that send far more than anybody can read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from wyoming.event import Event
from wyoming.info import Describe

from tests.support.fake import DEADLINE_S, VOICES
from tests.support.harness import listen, play, render, serving, stream
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.server.wyoming.rate_limit import RateLimit
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer

pytestmark = pytest.mark.ci

DESCRIBE = Describe().event()


async def test_a_burst_is_free_and_then_costs_time() -> None:
    rate_limit = RateLimit(burst=10, per_s=1000)
    for _ in range(10):
        await rate_limit.pay_for_frame(has_text=False)
    assert rate_limit.waited_s == 0
    for _ in range(10):
        await rate_limit.pay_for_frame(has_text=False)
    assert rate_limit.waited_s > 0
    waited_s = rate_limit.waited_s
    await rate_limit.pay_for_bytes(2048 * 100)
    assert rate_limit.waited_s > waited_s + 0.05
    await rate_limit.pay_for_frame(has_text=True)
    assert rate_limit.waited_s < waited_s


async def test_others_are_answered_during_a_flood(fake: FakeSynthesizer) -> None:
    """The flood is not read to its end before another client has its turn."""
    async with serving(lambda: fake, VOICES) as running:
        await running.engine.wait_ready()
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        ping = encode_event(Event("ping", {"text": "x"}))
        writer.write(ping * 2000)
        flood = asyncio.create_task(listen(reader, last="pong", times=2000))
        received = await play(running.port, [DESCRIBE], last="info")
        assert received.types == ["info"]
        assert not flood.done()
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
        writer.close()


@pytest.mark.parametrize(
    "frame",
    [
        DESCRIBE,
        Event("unknown"),
        Event("synthesize", {"text": "copy"}),
        Event("synthesize-chunk", {"text": " "}),
        Event("unknown", {"text": "x" * 200_000}),
    ],
    ids=lambda frame: f"{frame.type} {len(str(frame.data))}",
)
async def test_a_flood_is_closed(fake: FakeSynthesizer, frame: Event) -> None:
    async with serving(lambda: fake, VOICES, limits=Limits(flood_s=0.05)) as running:
        await running.engine.wait_ready()
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(encode_event(stream("")[0]))
        flood = asyncio.create_task(_flood(writer, encode_event(frame)))
        async with asyncio.timeout(DEADLINE_S):
            while await _read(reader):
                pass
        flood.cancel()
        await asyncio.gather(flood, return_exceptions=True)
        writer.close()
        again = await play(running.port, [DESCRIBE], last="info")
        assert again.types == ["info"]


async def _flood(writer: asyncio.StreamWriter, frame: bytes) -> None:
    while True:
        writer.write(frame)
        await writer.drain()
        await asyncio.sleep(0)


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(1 << 16)
    except ConnectionError:
        return b""


async def test_text_letter_by_letter_is_not_a_flood(fake: FakeSynthesizer) -> None:
    text = "Sentence one. Sentence two. " * 30
    async with serving(lambda: fake, VOICES, limits=Limits(flood_s=0.05)) as running:
        received = await play(running.port, stream(*text), last="synthesize-stopped")
        assert received.pcm == render(fake, text)
