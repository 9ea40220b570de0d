"""A client of a server whose model really computes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wyoming.client import AsyncTcpClient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wyoming.event import Event


DEADLINE_S = 60.0
"""For a model that really computes, on a machine that may be busy."""


async def ask(port: int, events: Iterable[Event], *, last: str) -> list[Event]:
    """Send events and return all that comes, up to the first of type ``last``."""
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    async with client:
        for event in events:
            await client.write_event(event)
        return await listen(client, last=last)


async def listen(client: AsyncTcpClient, *, last: str | None) -> list[Event]:
    """Return the events up to one of type ``last``, or to the end."""
    received: list[Event] = []
    async with asyncio.timeout(DEADLINE_S):
        while event := await client.read_event():
            received.append(event)
            if event.type == last:
                return received
    assert last is None, [event.type for event in received]
    return received


def sound(events: Iterable[Event]) -> bytes:
    return b"".join(e.payload or b"" for e in events if e.type == "audio-chunk")
