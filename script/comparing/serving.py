"""Run ``serve`` of a version, speak to it as Home Assistant does, and measure."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psutil
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from script.comparing.versions import Version

_START_S = 120.0
_SILENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What one client heard of one sentence."""

    first_s: float
    total_s: float
    gap_s: float
    """Longest pause for a listener who plays what comes at once."""

    audio_s: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One round of one version. Ratios of time are per second of audio."""

    rtf: float
    """From the first request to the last sound, all clients together."""

    cpu: float
    first_s: float
    worst_first_s: float
    gap_s: float
    memory_mb: float
    idle_cpu: float
    """Share of one core that the server takes while nobody speaks."""


async def measure(
    version: Version, model: str, texts: Sequence[str], *, clients: int
) -> Figures:
    """Start a server, let so many clients at once have the texts spoken, stop it."""
    async with _serving(version, model) as (port, process):
        await _speak(port, texts[0])
        before = _cpu_s(process)
        began = time.perf_counter()
        queue = list(enumerate(texts))
        heard: list[Heard] = []

        async def client() -> None:
            while queue:
                _, text = queue.pop(0)
                heard.append(await _speak(port, text))

        await asyncio.gather(*(client() for _ in range(clients)))
        took = time.perf_counter() - began
        cpu_s = _cpu_s(process) - before
        idle = _cpu_s(process)
        await asyncio.sleep(2.0)
        idle_cpu = (_cpu_s(process) - idle) / 2.0
        memory_mb = _peak_mb(process.pid)
    audio_s = sum(sentence.audio_s for sentence in heard)
    return Figures(
        rtf=took / audio_s,
        cpu=cpu_s / audio_s,
        first_s=median(sentence.first_s for sentence in heard),
        worst_first_s=max(sentence.first_s for sentence in heard),
        gap_s=max(sentence.gap_s for sentence in heard),
        memory_mb=memory_mb,
        idle_cpu=idle_cpu,
    )


@contextlib.asynccontextmanager
async def _serving(
    version: Version, model: str
) -> AsyncIterator[tuple[int, psutil.Process]]:
    port = _free_port()
    command = version.command(
        *("serve", "--uri", f"tcp://127.0.0.1:{port}", "--model", model)
    )
    # A server has its own log, and sentences that a random model does not end.
    child = await asyncio.create_subprocess_exec(
        *command,
        env=version.environment,
        cwd=version.folder,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await asyncio.wait_for(_until_ready(port), _START_S)
        yield port, psutil.Process(child.pid)
    finally:
        child.terminate()
        await child.wait()


async def _until_ready(port: int) -> None:
    while True:
        with contextlib.suppress(OSError):
            async with AsyncTcpClient("127.0.0.1", port) as client:
                await client.write_event(Describe().event())
                event = await client.read_event()
                if event is not None and Info.is_type(event.type):
                    return
        await asyncio.sleep(0.1)


async def _speak(port: int, text: str) -> Heard:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        began = time.perf_counter()
        await client.write_event(Synthesize(text).event())
        first_s = end_of_sound_s = gap_s = audio_s = 0.0
        while True:
            event = await asyncio.wait_for(client.read_event(), _SILENCE_S)
            now = time.perf_counter() - began
            if event is None or Error.is_type(event.type):
                raise RuntimeError(f"The server did not speak {text!r}: {event}")
            if AudioStop.is_type(event.type):
                return Heard(first_s, now, gap_s, audio_s)
            if not AudioChunk.is_type(event.type):
                continue
            seconds = AudioChunk.from_event(event).seconds
            if not first_s:
                first_s = end_of_sound_s = now
            gap_s = max(gap_s, now - end_of_sound_s)
            end_of_sound_s = max(now, end_of_sound_s) + seconds
            audio_s += seconds


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _peak_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cores_are_quiet() -> bool:
    """Whether other programs leave the cores to us: load below a quarter a core."""
    return os.getloadavg()[0] < 0.25 * (os.cpu_count() or 1)
