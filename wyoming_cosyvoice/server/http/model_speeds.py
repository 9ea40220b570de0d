"""Real-time factor of each model on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wyoming_cosyvoice.engine.speech import SpeechStats

_MIN_AUDIO_S = 1.0
"""Seconds of audio before a figure is shown."""


@dataclass
class _Total:
    audio_s: float = 0.0
    computing_s: float = 0.0


class ModelSpeeds:
    """Accumulates the speeches of the model in use.

    ``use`` is called whenever the models are listed: speeches since the last call
    belong to the model that was in use then.
    """

    def __init__(self) -> None:
        self._name = ""
        self._totals: dict[str, _Total] = {}
        self._current = _Total()

    def note(self, stats: SpeechStats) -> None:
        """Add a finished speech."""
        self._current.audio_s += stats.audio_s
        self._current.computing_s += stats.computing_s

    def use(self, name: str) -> None:
        """Set the model in use."""
        if name == self._name:
            return
        # The first name belongs to the model used so far.
        if self._name:
            self._current = self._totals.get(name, _Total())
        self._name = name
        self._totals[name] = self._current

    def real_time_factor(self, name: str) -> float | None:
        """Return computing time / audio time; None if there is too little audio."""
        total = self._totals.get(name)
        if total is None or total.audio_s < _MIN_AUDIO_S:
            return None
        return total.computing_s / total.audio_s
