"""Run ``serve`` of a version, speak to it as Home Assistant does, and measure."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from soaking.server import Server
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.tts import Synthesize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comparing.versions import Version

_IDLE_S = 2.0
# The fourth client of a large model waits for three sentences of others.
_SILENCE_S = 1200.0
_BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Received:
    """What one client received for one sentence."""

    first_s: float
    total_s: float
    gap_s: float
    """Longest pause for a listener who plays what comes at once."""

    audio_s: float
    refusals: int = 0
    """How often the server was too busy; the client asked again at once."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One round of one version. Ratios of time are per second of audio."""

    rtf: float
    """From the first request to the last sound, all clients together."""

    cpu: float
    first_s: float
    worst_first_s: float
    gap_s: float
    refusals: int
    memory_mb: float
    idle_cpu: float
    """Share of one core that the server takes while idle."""


async def measure(
    version: Version,
    model: str,
    texts: Sequence[str],
    *,
    clients: int,
    threads: int | None = None,
) -> Figures:
    """Start a server, have that many clients at once speak the texts, stop it.

    ``threads`` to compute with; the server chooses by default.
    """
    chosen = [] if threads is None else ["--threads", str(threads)]
    server = Server(
        ["--model", model, *chosen],
        program=version.program,
        environment=version.environment,
        folder=version.folder,
    )
    async with server:
        await _speak(server.wyoming_port, texts[0])
        usage, began = server.usage(), time.perf_counter()
        queue = list(texts)
        received: list[Received] = []

        async def client() -> None:
            while queue:
                received.append(await _speak(server.wyoming_port, queue.pop(0)))

        await asyncio.gather(*(client() for _ in range(clients)))
        took = time.perf_counter() - began
        cpu_s = server.usage().since(usage).computing_s
        idle = server.usage()
        await asyncio.sleep(_IDLE_S)
        idle_cpu = server.usage().since(idle).computing_s / _IDLE_S
        memory_mb = server.peak_mb()
        await server.stop()
    audio_s = sum(sentence.audio_s for sentence in received)
    return Figures(
        rtf=took / audio_s,
        cpu=cpu_s / audio_s,
        first_s=median(sentence.first_s for sentence in received),
        worst_first_s=max(sentence.first_s for sentence in received),
        gap_s=max(sentence.gap_s for sentence in received),
        refusals=sum(sentence.refusals for sentence in received),
        memory_mb=memory_mb,
        idle_cpu=idle_cpu,
    )


async def _speak(port: int, text: str) -> Received:
    began = time.perf_counter()
    refusals = 0
    while (received := await _ask(port, text, began)) is None:
        refusals += 1
    return replace(received, refusals=refusals)


async def _ask(port: int, text: str, began: float) -> Received | None:
    """Return what is received for a text, timed since ``began``; None if refused.

    Raises: RuntimeError if the server cannot speak it.
    """
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Synthesize(text).event())
        first_s = end_of_sound_s = gap_s = audio_s = 0.0
        while True:
            event = await asyncio.wait_for(client.read_event(), _SILENCE_S)
            now = time.perf_counter() - began
            if event is None or Error.is_type(event.type):
                if event is not None and Error.from_event(event).code == _BUSY:
                    return None
                raise RuntimeError(f"The server did not speak {text!r}: {event}")
            if AudioStop.is_type(event.type):
                return Received(first_s, now, gap_s, audio_s)
            if not AudioChunk.is_type(event.type):
                continue
            seconds = AudioChunk.from_event(event).seconds
            if not first_s:
                first_s = end_of_sound_s = now
            gap_s = max(gap_s, now - end_of_sound_s)
            end_of_sound_s = max(now, end_of_sound_s) + seconds
            audio_s += seconds


def cores_are_quiet() -> bool:
    """Whether other programs leave the cores to us: load below a quarter a core."""
    return os.getloadavg()[0] < 0.25 * (os.cpu_count() or 1)
