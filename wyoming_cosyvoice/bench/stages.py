"""Time of each stage for one sentence, and time to first audio."""

from __future__ import annotations

import contextlib
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.voice_model import VoiceModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wyoming_cosyvoice.bench.opening import Measurable
    from wyoming_cosyvoice.bench.workload import Workload
    from wyoming_cosyvoice.model.chunked_model import ChunkedModel

_SEED = 0


@dataclass(frozen=True, slots=True)
class StageTime:
    """One row of the table."""

    name: str
    seconds: float
    """Median of the runs, for the whole sentence."""

    count: int
    """Number of ``unit`` computed in that time."""

    unit: str
    """text token, token (of speech) or frame (of the mel)."""


@dataclass(frozen=True, slots=True)
class StreamTime:
    """Streaming figures of a sentence; medians of the runs."""

    first_audio_s: float
    total_s: float
    longest_gap_s: float
    """Longest pause when the audio is played as it arrives."""


class _StopWatch:
    """Accumulates the time of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        took = time.perf_counter() - began
        self.seconds[name] = self.seconds.get(name, 0.0) + took


def measure_stages(
    model: Measurable, workload: Workload, *, runs: int
) -> list[StageTime]:
    """Time each stage on the whole sentence in one window, after a warm-up run."""
    _run_stages(model, workload)
    passes = [_run_stages(model, workload) for _ in range(runs)]
    texts, tokens = len(workload.utterance.text_tokens), len(workload.speech_tokens)
    frames = model.frames(tokens)
    counts = {
        "text encoder": (texts, "text token"),
        "prompt": (texts, "text token"),
        "language model": (tokens, "token"),
        "sampling": (tokens, "token"),
        "flow encoder": (frames, "frame"),
        "flow estimator": (frames, "frame"),
        "pitch": (frames, "frame"),
        "source": (frames, "frame"),
        "flow": (frames, "frame"),
        "vocoder": (frames, "frame"),
    }
    return [
        StageTime(name, statistics.median(p[name] for p in passes), *counts[name])
        for name in counts
        if name in passes[0]
    ]


def _run_stages(model: Measurable, workload: Workload) -> dict[str, float]:
    watch = _StopWatch()
    utterance = workload.utterance
    tokens, speaker = workload.speech_tokens, utterance.speaker.embedding
    rng = np.random.default_rng(_SEED)
    with watch.stage("text encoder"):
        text = model.text_encoder.encode([*utterance.text_tokens], speaker)
    with watch.stage("prompt"):
        decoding = model.speech_lm.begin([text.prefix], [[]], max_tokens=len(tokens))
    for place, forced in enumerate(workload.forced):
        with watch.stage("sampling"):
            workload.sample(model, decoding.logits[0], place, rng)
        with watch.stage("language model"):
            decoding.step([forced.token], forced.drafted)
    if isinstance(model, VoiceModel):
        _run_windowed_sound(model, workload, watch, rng)
    else:
        _run_chunked_sound(model, workload, watch, rng)
    return watch.seconds


def _run_chunked_sound(
    model: ChunkedModel,
    workload: Workload,
    watch: _StopWatch,
    rng: np.random.Generator,
) -> None:
    networks, speaker = model.networks, workload.utterance.speaker.embedding
    with watch.stage("flow"):
        flow = FlowStream(networks.flow, FlowPrompt(), speaker, model.settings.flow)
        mel = flow.push(workload.speech_tokens, is_last=True, in_chunks=False)
    with watch.stage("vocoder"):
        networks.begin_vocoder(rng, None).push(mel, is_last=True)


def _run_windowed_sound(
    model: VoiceModel,
    workload: Workload,
    watch: _StopWatch,
    rng: np.random.Generator,
) -> None:
    tokens, speaker = workload.speech_tokens, workload.utterance.speaker.embedding
    noise = SeededNoise(rng)
    with watch.stage("flow encoder"):
        mu, condition = model.flow.encode(tokens, FlowPrompt(), speaker)
    with watch.stage("flow estimator"):
        initial = noise.flow_noise(mu.shape[1], model.flow.mel_bins)
        mel = model.flow.solve(mu, condition, initial, model.settings.flow)
    with watch.stage("pitch"):
        f0 = model.vocoder.predict_f0(mel)
    with watch.stage("source"):
        source_settings = model.vocoder.settings
        samples = mel.shape[1] * source_settings.hop
        source_noise = noise.source(len(source_settings.harmonics), samples)
        source = model.vocoder.make_source(f0, source_noise)
    with watch.stage("vocoder"):
        model.vocoder.filter(mel, source)


def measure_stream(model: Measurable, workload: Workload, *, runs: int) -> StreamTime:
    """Time the sentence in the model's windows, after a warm-up run."""
    _run_stream(model, workload)
    times = [_run_stream(model, workload) for _ in range(runs)]
    return StreamTime(
        first_audio_s=statistics.median(t.first_audio_s for t in times),
        total_s=statistics.median(t.total_s for t in times),
        longest_gap_s=statistics.median(t.longest_gap_s for t in times),
    )


def _run_stream(model: Measurable, workload: Workload) -> StreamTime:
    rate = model.manifest.sample_rate
    began = time.perf_counter()
    first_s, end_of_sound_s, gap_s = 0.0, 0.0, 0.0
    for samples in workload.speak(model):
        now = time.perf_counter() - began
        if not first_s:
            first_s = end_of_sound_s = now
        gap_s = max(gap_s, now - end_of_sound_s)
        end_of_sound_s = max(now, end_of_sound_s) + len(samples) / rate
    return StreamTime(first_s, time.perf_counter() - began, gap_s)
