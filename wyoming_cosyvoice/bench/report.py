"""The results for one model on one machine, as a table and as JSON."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wyoming_cosyvoice.bench.accuracy import Accuracy
    from wyoming_cosyvoice.bench.clients import ClientsTime
    from wyoming_cosyvoice.bench.footprint import Footprint
    from wyoming_cosyvoice.bench.stages import StageTime, StreamTime


@dataclass(frozen=True, slots=True)
class Subject:
    """The model and the machine."""

    program: str
    """Version of this program."""
    onnxruntime: str
    cpu: str
    cores: int
    threads: int
    threads_reason: str
    """Reason for the number of threads."""

    device: str
    """Where flow and vocoder are computed."""

    device_reason: str
    model: str
    precision: str
    size_mb: float


@dataclass(frozen=True, slots=True)
class SpeedReport:
    """Speed and memory of one model."""

    subject: Subject
    text_tokens: int
    speech_tokens: int
    mel_frames: int
    audio_s: float
    steps: int
    guidance: float
    runs: int
    stages: tuple[StageTime, ...]
    stream: StreamTime
    footprint: Footprint

    @property
    def sentence_s(self) -> float:
        """Computing time of the sentence in one window."""
        return sum(stage.seconds for stage in self.stages)

    @property
    def rtf(self) -> float:
        """Real-time factor of the sentence, in one window."""
        return self.sentence_s / self.audio_s

    @property
    def stream_rtf(self) -> float:
        """Real-time factor of the sentence, in growing windows."""
        return self.stream.total_s / self.audio_s

    def to_json(self) -> str:
        """Return all figures, with those of the properties."""
        plain: dict[str, Any] = dataclasses.asdict(self)
        for name in ("sentence_s", "rtf", "stream_rtf"):
            plain[name] = getattr(self, name)
        return json.dumps(plain, indent=2)

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield from _heading(self.subject)
        yield (
            f"One sentence: {self.text_tokens} text tokens, {self.speech_tokens} "
            f"speech tokens, {self.mel_frames} mel frames, {self.audio_s:.2f} s;"
        )
        yield (
            f"{self.steps} flow steps, guidance {self.guidance:g}; warm, median of "
            f"{self.runs} runs"
        )
        yield ""
        yield f"{'stage':<16}{'seconds':>9}   {'each':<21}{'per second':>10}{'rtf':>8}"
        for stage in self.stages:
            yield _stage_line(stage, self.audio_s)
        yield f"{'one sentence':<16}{self.sentence_s:>9.3f}{self.rtf:>42.3f}"
        yield ""
        stream, footprint = self.stream, self.footprint
        yield _fact("first audio, streaming", f"{stream.first_audio_s:.2f} s")
        yield _fact("rtf, streaming", f"{self.stream_rtf:.3f}")
        yield _fact("longest gap, streaming", f"{stream.longest_gap_s:.2f} s")
        yield _fact("load, warm disk", f"{footprint.load_s:.2f} s")
        yield _fact("warm-up", f"{footprint.warm_up_s:.2f} s")
        yield _fact("memory, loaded", f"{footprint.loaded_mb:.0f} MB")
        yield _fact("memory, speaking", f"{footprint.speaking_mb:.0f} MB")
        yield _fact("memory, peak", f"{footprint.peak_mb:.0f} MB")


@dataclass(frozen=True, slots=True)
class AccuracyReport:
    """Errors of a model due to its precision."""

    subject: Subject
    compared_with: str
    sentences: int
    figures: Sequence[Accuracy]

    def to_json(self) -> str:
        """Return all figures."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield from _heading(self.subject)
        yield (
            f"Compared with {self.compared_with} on {self.sentences} sentences; every "
            "stage gets the fp32 input"
        )
        yield ""
        yield f"{'stage':<20}{'mean':>9}{'worst':>9}  unit"
        for figure in self.figures:
            yield (
                f"{figure.stage:<20}{figure.mean:>9.2f}{figure.worst:>9.2f}  "
                f"{figure.unit}"
            )


@dataclass(frozen=True, slots=True)
class ClientsReport:
    """How one model serves several clients at once."""

    subject: Subject
    quality: str
    figures: Sequence[ClientsTime]

    def to_json(self) -> str:
        """Return all figures."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        yield from _heading(self.subject)
        yield f"Two sentences for each client, all at once; quality {self.quality}"
        yield ""
        yield (
            f"{'clients':>7}{'sound':>9}{'rtf':>8}{'CPU rtf':>9}{'first':>9}"
            f"{'worst':>9}{'gap':>8}{'memory':>9}"
        )
        for row in self.figures:
            rtf, cpu_rtf = row.total_s / row.audio_s, row.cpu_s / row.audio_s
            yield (
                f"{row.clients:>7}{row.audio_s:>7.1f} s{rtf:>8.3f}"
                f"{cpu_rtf:>9.3f}{row.first_s:>7.2f} s"
                f"{row.worst_first_s:>7.2f} s{row.longest_gap_s:>6.2f} s"
                f"{row.memory_mb:>6.0f} MB"
            )


def _heading(subject: Subject) -> Iterator[str]:
    yield (
        f"{subject.model}, {subject.precision}, {subject.size_mb:.0f} MB; "
        f"wyoming-cosyvoice {subject.program}, ONNX Runtime {subject.onnxruntime}"
    )
    threads = "1 thread" if subject.threads == 1 else f"{subject.threads} threads"
    yield f"{subject.cpu}, {subject.cores} cores"
    yield f"{threads} ({subject.threads_reason})"
    yield f"flow and vocoder: {subject.device} ({subject.device_reason})"


def _stage_line(stage: StageTime, audio_s: float) -> str:
    each = f"{1000 * stage.seconds / stage.count:.2f} ms/{stage.unit}"
    rate = stage.count / stage.seconds
    return (
        f"{stage.name:<16}{stage.seconds:>9.3f}   {each:<21}{rate:>10.0f}"
        f"{stage.seconds / audio_s:>8.3f}"
    )


def _fact(name: str, value: str) -> str:
    return f"{name:<24}{value:>12}"
