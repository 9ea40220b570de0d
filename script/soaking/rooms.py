"""How long rooms wait for their first sound when all ask at the same moment.

Beside them, streams are open whose language models have sent the beginning of a
sentence and then nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from contextlib import AsyncExitStack

from wyoming.client import AsyncTcpClient
from wyoming.tts import SynthesizeChunk, SynthesizeStart, SynthesizeStop

from soaking.server import Server

HOST = "127.0.0.1"
DEADLINE_S = 150


async def ask(port: int, text: str) -> tuple[float, str]:
    """Stream one sentence; return when its first sound came, and how it ended."""
    began = time.monotonic()
    first_s = 0.0
    async with asyncio.timeout(DEADLINE_S), AsyncTcpClient(HOST, port) as client:
        for event in (SynthesizeStart(), SynthesizeChunk(text), SynthesizeStop()):
            await client.write_event(event.event())
        while event := await client.read_event():
            if event.type == "audio-chunk" and not first_s:
                first_s = time.monotonic() - began
            if event.type == "error":
                return first_s, str(event.data.get("code"))
            if event.type == "synthesize-stopped":
                return first_s, "done"
    return first_s, "closed"


async def ask_all(port: int, rooms: int) -> list[tuple[float, str]]:
    """Ask for one sentence in each room at once."""
    texts = [f"Attention room number {room}, dinner is ready." for room in range(rooms)]
    return await asyncio.gather(*(ask(port, text) for text in texts))


async def open_idle(port: int, count: int, stack: AsyncExitStack) -> None:
    """Open streams that wait for text, to the end of ``stack``."""
    for _ in range(count):
        client = await stack.enter_async_context(AsyncTcpClient(HOST, port))
        await client.write_event(SynthesizeStart().event())
        await client.write_event(SynthesizeChunk("Let me look").event())


async def measure(rooms: int, idle: int, cores: int) -> bool:
    """Print the waits of all rooms; return whether all were served."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    async with Server([]) as server, AsyncExitStack() as stack:
        await open_idle(server.wyoming_port, idle, stack)
        await ask(server.wyoming_port, "Hello.")
        answers = await ask_all(server.wyoming_port, rooms)
    waits = [first_s for first_s, _ in answers]
    served = sum(outcome == "done" for _, outcome in answers)
    print(
        f"{served} of {rooms} rooms served on {cores} cores beside {idle} idle streams;"
        f" first sound after {statistics.median(waits):.2f} s (median), "
        f"{max(waits):.2f} s (worst)"
    )
    return served == rooms


def main() -> int:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=12)
    parser.add_argument("--idle", type=int, default=12)
    parser.add_argument("--cores", type=int, default=2)
    options = parser.parse_args()
    return not asyncio.run(measure(options.rooms, options.idle, options.cores))


if __name__ == "__main__":
    sys.exit(main())
