"""What was done since the start, in the text form that Prometheus reads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.server.http.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wyoming_cosyvoice.engine.engine import Engine, Speech

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_PREFIX = "cosyvoice_"
_FIRST_AUDIO_S = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_RTF = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 4.0)


class Histogram:
    """Counts values below bounds, as Prometheus wants it."""

    def __init__(self, name: str, help_text: str, bounds: tuple[float, ...]) -> None:
        self._name = _PREFIX + name
        self._help = help_text
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def note(self, value: float) -> None:
        """Count a value."""
        place = sum(value > bound for bound in self._bounds)
        self._counts[place] += 1
        self._sum += value

    def lines(self) -> Iterator[str]:
        """Yield the lines of all buckets, each with those below it."""
        yield f"# HELP {self._name} {self._help}"
        yield f"# TYPE {self._name} histogram"
        total = 0
        for bound, count in zip((*self._bounds, "+Inf"), self._counts, strict=True):
            total += count
            yield f'{self._name}_bucket{{le="{bound}"}} {total}'
        yield f"{self._name}_sum {self._sum:.6f}"
        yield f"{self._name}_count {total}"


class Metrics:
    """Figures of the HTTP server, and of the engine whoever asks it."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, int]] = Counter()
        self._speeches: Counter[str] = Counter()
        self._audio_s = 0.0
        self._computing_s = 0.0
        self.pace = Pace()
        """How fast each model was."""
        self._first_audio = Histogram(
            "first_audio_seconds",
            "From a request to its first sound.",
            _FIRST_AUDIO_S,
        )
        self._rtf = Histogram(
            "real_time_factor", "Computing seconds by seconds of sound.", _RTF
        )

    def note_answer(self, path: str, status: int) -> None:
        """Count an answer; ``path`` is a route of ours, never what a client wrote."""
        self._answers[path, status] += 1

    def note_speech(self, speech: Speech) -> None:
        """Count a speech that has ended, whoever asked for it."""
        stats = speech.stats
        self._speeches[speech.outcome] += 1
        self._audio_s += stats.audio_s
        self._computing_s += stats.computing_s
        self.pace.note(stats)
        if stats.first_audio_s is not None:
            self._first_audio.note(stats.first_audio_s)
        if stats.audio_s > 0:
            self._rtf.note(stats.computing_s / stats.audio_s)

    def text(self, engine: Engine) -> str:
        """Return all figures."""
        return "\n".join([*self._lines(engine), ""])

    def _lines(self, engine: Engine) -> Iterator[str]:
        name = f"{_PREFIX}http_requests_total"
        yield f"# HELP {name} Answers by route and status."
        yield f"# TYPE {name} counter"
        for (path, status), count in sorted(self._answers.items()):
            yield f'{name}{{path="{path}",status="{status}"}} {count}'
        name = f"{_PREFIX}speeches_total"
        yield f"# HELP {name} Requests to speak, by HTTP or Wyoming, by outcome."
        yield f"# TYPE {name} counter"
        for outcome, count in sorted(self._speeches.items()):
            yield f'{name}{{outcome="{outcome}"}} {count}'
        for kind, short, help_text, value in (
            ("counter", "audio_seconds_total", "Sound made.", self._audio_s),
            ("counter", "computing_seconds_total", "Computing.", self._computing_s),
            ("gauge", "ready", "Whether a model is loaded.", float(engine.is_ready)),
            ("gauge", "voices", "Voices.", float(len(engine.voices))),
            (
                "gauge",
                "open_speeches",
                "Requests that wait or are being spoken, from any client.",
                float(engine.open_speeches),
            ),
            ("gauge", "resident_bytes", "Memory in use.", float(resident_bytes())),
        ):
            yield f"# HELP {_PREFIX}{short} {help_text}"
            yield f"# TYPE {_PREFIX}{short} {kind}"
            yield f"{_PREFIX}{short} {value:.6f}"
        yield from self._first_audio.lines()
        yield from self._rtf.lines()


def resident_bytes() -> int:
    """Return the memory of this process; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
