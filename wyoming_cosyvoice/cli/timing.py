"""The speed of synthesis, for the last line of a command."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Timing:
    """Measure the time to first audio and the real-time factor."""

    audio_s: float = 0.0
    first_audio_s: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    def add(self, audio_s: float) -> None:
        """Add the duration of new audio."""
        if audio_s and not self.audio_s:
            self.first_audio_s = time.perf_counter() - self.began
        self.audio_s += audio_s

    def summary(self) -> str:
        """Return the figures in one line; there must be audio."""
        took_s = time.perf_counter() - self.began
        return (
            f"{self.audio_s:.1f} s of speech in {took_s:.1f} s "
            f"(rtf {took_s / self.audio_s:.2f}), first audio after "
            f"{self.first_audio_s:.2f} s"
        )
