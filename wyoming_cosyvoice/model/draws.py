"""Every random number of a sentence's sound, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SourceDraws:
    """The random part of a vocoder's source."""

    phase: Floats
    """(H,) where each harmonic starts, -pi to pi; the first value is not used."""

    noise: Floats
    """(S,) standard normal: the noises of all harmonics, mixed."""


class Draws(Protocol):
    """Where a stream takes its random numbers from, window by window."""

    def flow_noise(self, frames: int, bins: int) -> Floats:
        """Return standard normal noise (1, T, M)."""

    def source(self, harmonics: int, samples: int) -> SourceDraws:
        """Return what a source of so many harmonics and samples needs."""


@dataclass(frozen=True, slots=True)
class SeededDraws:
    """Random numbers from one generator: the same seed gives the same sound."""

    rng: np.random.Generator

    def flow_noise(self, frames: int, bins: int) -> Floats:
        """Return standard normal noise (1, T, M)."""
        return self.rng.standard_normal((1, frames, bins), np.float32)

    def source(self, harmonics: int, samples: int) -> SourceDraws:
        """Return what a source of so many harmonics and samples needs."""
        phase = self.rng.uniform(-np.pi, np.pi, harmonics).astype(np.float32)
        return SourceDraws(phase, self.rng.standard_normal(samples, np.float32))
