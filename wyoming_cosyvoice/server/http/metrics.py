"""Prometheus metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.exposition import generate_latest

from wyoming_cosyvoice.machine.memory import resident_bytes
from wyoming_cosyvoice.server.http.model_speeds import ModelSpeeds

if TYPE_CHECKING:
    from wyoming_cosyvoice.engine.engine import Engine, Speech

__all__ = ["CONTENT_TYPE", "Metrics"]

_FIRST_AUDIO_S = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_RTF = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 4.0)

# Otherwise each counter also gets its creation time.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """Metrics of the HTTP server, and of the engine for all clients."""

    def __init__(self) -> None:
        self.speeds = ModelSpeeds()
        """Speed of each model."""
        self._registry = CollectorRegistry()
        names: dict[str, Any] = {"namespace": "cosyvoice", "registry": self._registry}
        self._answers = Counter(
            "http_requests",
            "Responses by route and status.",
            ("path", "status"),
            **names,
        )
        self._speeches = Counter(
            "speeches",
            "Speech requests over HTTP and Wyoming, by outcome.",
            ("outcome",),
            **names,
        )
        self._audio_s = Counter("audio_seconds", "Duration of the audio.", **names)
        self._computing_s = Counter("computing_seconds", "Computing time.", **names)
        self._ready = Gauge("ready", "Whether a model is loaded.", **names)
        self._voices = Gauge("voices", "Voices.", **names)
        self._open = Gauge(
            "open_speeches",
            "Requests that are waiting or being spoken, from any client.",
            **names,
        )
        resident = Gauge("resident_bytes", "Memory in use.", **names)
        resident.set_function(resident_bytes)
        self._first_audio = Histogram(
            "first_audio_seconds",
            "Time from a request to its first audio.",
            buckets=_FIRST_AUDIO_S,
            **names,
        )
        self._rtf = Histogram(
            "real_time_factor",
            "Computing time divided by audio time.",
            buckets=_RTF,
            **names,
        )

    def note_answer(self, path: str, status: int) -> None:
        """Count a response; ``path`` is a route, never the client's path."""
        self._answers.labels(path, status).inc()

    def note_speech(self, speech: Speech) -> None:
        """Count a finished speech of any client."""
        stats = speech.stats
        self._speeches.labels(speech.outcome).inc()
        self._audio_s.inc(stats.audio_s)
        self._computing_s.inc(stats.computing_s)
        self.speeds.note(stats)
        if stats.first_audio_s is not None:
            self._first_audio.observe(stats.first_audio_s)
        if stats.audio_s > 0:
            self._rtf.observe(stats.computing_s / stats.audio_s)

    def text(self, engine: Engine) -> bytes:
        """Return all metrics."""
        self._ready.set(engine.is_ready)
        self._voices.set(len(engine.voices))
        self._open.set(engine.open_speeches)
        return generate_latest(self._registry)
