"""Flood a real server, and measure how long other clients wait.

Starts a server with the starter voice on loopback. For each kind of flood and each
number of connections it sends as fast as the server reads, for a few seconds, while
another client asks ``describe`` and has a sentence spoken.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import selectors
import socket
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from soaking.server import Server
from wyoming.event import Event, async_read_event
from wyoming.info import Describe
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart

from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.synchronize import Event as Signal

HOST = "127.0.0.1"
SENTENCE = "The washing machine has finished, and the lights are off."
DESCRIBE_S = 0.25
"""What 99 of 100 ``describe`` may take."""

LATER = 2.0
"""Factor by which speech may be late."""

_DESCRIBES = 100
_SPEECHES = 4
_WARM_UP_S = 0.5
_READ_BYTES = 1 << 16

_START = encode_event(SynthesizeStart().event())
KINDS: dict[str, tuple[bytes, bytes]] = {
    "describe": (b"", encode_event(Describe().event())),
    "unknown events": (b"", encode_event(Event("nothing-we-know", {"a": 1}))),
    "blank chunks": (_START, encode_event(SynthesizeChunk(" ").event())),
    "copies in a stream": (_START, encode_event(Synthesize("x" * 1000).event())),
    "256 KB of JSON": (b"", encode_event(Event("x", {"a": [[1]] * 43_000}))),
    "256 KB of text": (b"", encode_event(Event("x", {"a": "y" * 250_000}))),
}
"""What is sent once, and what is sent again and again."""


def flood(kind: str, port: int, connections: int, stop: Signal) -> None:
    """Send as fast as the server takes it, and read what it answers, until ``stop``.

    A connection that the server closes is opened again.
    """
    first, frame = KINDS[kind]
    block = memoryview(frame * max(1, _READ_BYTES // len(frame)))
    with selectors.DefaultSelector() as selector:

        def connect() -> None:
            client = socket.create_connection((HOST, port))
            client.sendall(first)
            client.setblocking(False)
            events = selectors.EVENT_READ | selectors.EVENT_WRITE
            selector.register(client, events, data=[0])

        for _ in range(connections):
            connect()
        while not stop.is_set():
            for key, ready in selector.select(0.1):
                client, place = cast("socket.socket", key.fileobj), key.data
                try:
                    if ready & selectors.EVENT_READ and not client.recv(_READ_BYTES):
                        raise ConnectionError
                    if ready & selectors.EVENT_WRITE:
                        place[0] += client.send(block[place[0] :])
                        place[0] %= len(block)
                except BlockingIOError:
                    continue
                except OSError:
                    selector.unregister(client)
                    client.close()
                    connect()


@dataclass(frozen=True, slots=True)
class Latencies:
    """What another client measured, in seconds."""

    describe_p99_s: float
    first_sound_s: float
    whole_speech_s: float

    def __str__(self) -> str:
        return (
            f"describe {1000 * self.describe_p99_s:.0f} ms (99 of 100), first sound "
            f"{self.first_sound_s:.2f} s, whole {self.whole_speech_s:.2f} s"
        )

    def longer(self, other: Latencies) -> Latencies:
        """Return the longer of the times of both."""
        return Latencies(
            max(self.describe_p99_s, other.describe_p99_s),
            max(self.first_sound_s, other.first_sound_s),
            max(self.whole_speech_s, other.whole_speech_s),
        )

    def is_within_limits(self, usual: Latencies) -> bool:
        """Whether they are within the limits, given those without a flood."""
        return (
            self.describe_p99_s <= DESCRIBE_S
            and self.first_sound_s <= LATER * usual.first_sound_s
            and self.whole_speech_s <= LATER * usual.whole_speech_s
        )


async def measure(port: int) -> Latencies:
    """Ask ``describe`` again and again while sentences are spoken."""
    speeches, describes = await asyncio.gather(_speeches(port), _describes(port))
    firsts, wholes = zip(*speeches, strict=True)
    worst = sorted(describes)[int(0.99 * len(describes)) - 1]
    return Latencies(worst, statistics.median(firsts), statistics.median(wholes))


async def _speeches(port: int) -> list[tuple[float, float]]:
    return [await speak(port) for _ in range(_SPEECHES)]


async def speak(port: int) -> tuple[float, float]:
    """Return the times to the first sound and to the end of a sentence."""
    began, first_s = time.monotonic(), 0.0
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(encode_event(Synthesize(SENTENCE).event()))
        async with asyncio.timeout(60):
            while event := await async_read_event(reader):
                if event.type == "audio-chunk" and not first_s:
                    first_s = time.monotonic() - began
                if event.type == "audio-stop":
                    return first_s, time.monotonic() - began
                if event.type == "error":
                    print("refused:", event.data.get("text"))
                    break
    except OSError as error:
        print("failed:", error)
    finally:
        writer.close()
    return math.inf, math.inf


async def _describe(port: int) -> float:
    """Return how long an answer to ``describe`` took."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        writer.write(encode_event(Describe().event()))
        async with asyncio.timeout(60):
            event = await async_read_event(reader)
    except OSError:
        event = None
    finally:
        writer.close()
    answered = event is not None and event.type == "info"
    return time.monotonic() - began if answered else math.inf


async def _describes(port: int) -> list[float]:
    found = []
    for _ in range(_DESCRIBES):
        found.append(await _describe(port))
        await asyncio.sleep(0.02)
    return found


async def flooded(port: int, kind: str, connections: int) -> Latencies:
    """Return the latencies during a flood."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=flood, args=(kind, port, connections, stop))
    process.start()
    try:
        await asyncio.sleep(_WARM_UP_S)
        return await measure(port)
    finally:
        stop.set()
        process.join(10)
        process.kill()


async def attack(kinds: Sequence[str], connections: Sequence[int]) -> list[str]:
    """Print the latencies in each flood; return the floods beyond the limits."""
    failures = []
    async with Server([]) as server:
        port = server.wyoming_port
        await speak(port)
        for kind in kinds:
            for count in connections:
                name = f"{count:2} of {kind}"
                # Right before and after: the machine may have other work as well.
                before = await measure(port)
                during = await flooded(port, kind, count)
                usual = before.longer(await measure(port))
                verdict = "" if during.is_within_limits(usual) else "  TOO LATE"
                print(f"{'no flood':26}{usual}\n{name:26}{during}{verdict}", flush=True)
                if verdict:
                    failures.append(name)
        failures += server.complaints
    return failures
