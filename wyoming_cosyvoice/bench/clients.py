"""Measure several concurrent clients of one engine.

Each requests two sentences in the model's first language at the same time and plays the
audio as it arrives. There are no seeds, so sentences may be decoded in batches.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.bench.sentences import first_text
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine, SpeechRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

_STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class ClientsTime:
    """Results for one number of clients."""

    clients: int
    audio_s: float
    """Total audio of all clients."""
    total_s: float
    """Time from the requests to the last audio."""
    cpu_s: float
    first_s: float
    """Time to first audio, median of the clients."""
    worst_first_s: float
    longest_gap_s: float
    """Longest pause in the playback of a client."""
    memory_mb: float
    """Peak memory of the process."""


@dataclass(frozen=True, slots=True)
class _Heard:
    first_s: float
    gap_s: float
    audio_s: float


def measure_clients(
    synthesizer: PackSynthesizer, counts: Sequence[int]
) -> list[ClientsTime]:
    """Measure each number of clients, after a warm-up sentence.

    Raises: CosyVoiceError.
    """
    return asyncio.run(_measure(synthesizer, counts))


async def _measure(
    synthesizer: PackSynthesizer, counts: Sequence[int]
) -> list[ClientsTime]:
    limits = Limits(waiting=max(counts), waiting_s=3600.0)
    engine = Engine(
        lambda: synthesizer,
        synthesizer.voices,
        limits=limits,
        defaults=SpeechConfig(),
    )
    text = first_text(synthesizer)
    await engine.start()
    try:
        await _listen(engine, text)
        return [await _serve(engine, text, count) for count in counts]
    finally:
        await engine.stop(_STOP_S)


async def _serve(engine: Engine, text: str, clients: int) -> ClientsTime:
    began, began_cpu = time.perf_counter(), time.process_time()
    received = await asyncio.gather(*(_listen(engine, text) for _ in range(clients)))
    return ClientsTime(
        clients=clients,
        audio_s=sum(each.audio_s for each in received),
        total_s=time.perf_counter() - began,
        cpu_s=time.process_time() - began_cpu,
        first_s=statistics.median(each.first_s for each in received),
        worst_first_s=max(each.first_s for each in received),
        longest_gap_s=max(each.gap_s for each in received),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    )


async def _listen(engine: Engine, text: str) -> _Heard:
    began = time.perf_counter()
    speech = engine.open(SpeechRequest())
    speech.feed(text)
    speech.finish()
    first_s = end_of_sound_s = gap_s = made_s = 0.0
    async for _ in speech:
        now = time.perf_counter() - began
        if not first_s:
            first_s = end_of_sound_s = now
        gap_s = max(gap_s, now - end_of_sound_s)
        end_of_sound_s = max(now, end_of_sound_s) + speech.stats.audio_s - made_s
        made_s = speech.stats.audio_s
    return _Heard(first_s, gap_s, speech.stats.audio_s)
