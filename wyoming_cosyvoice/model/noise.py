"""All random numbers used for the sound of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SourceNoise:
    """The random part of a vocoder's source."""

    phase: Floats
    """(H,) initial phase of each harmonic, -pi to pi; the first value is not used."""

    normal: Floats
    """(S,) standard normal: the mixed noise of all harmonics."""


class Noise(Protocol):
    """Source of random numbers for a stream, window by window."""

    def flow_noise(self, frames: int, bins: int) -> Floats:
        """Return standard normal noise (1, T, M)."""

    def source(self, harmonics: int, samples: int) -> SourceNoise:
        """Return the random part of a source."""


@dataclass(slots=True)
class SeededNoise:
    """Random numbers from one generator: the same seed gives the same sound.

    The phases of the harmonics are drawn once, not for every window.
    """

    rng: np.random.Generator
    _phase: Floats | None = None

    def flow_noise(self, frames: int, bins: int) -> Floats:
        """Return standard normal noise (1, T, M)."""
        return self.rng.standard_normal((1, frames, bins), np.float32)

    def source(self, harmonics: int, samples: int) -> SourceNoise:
        """Return the random part of a source."""
        if self._phase is None:
            phase = self.rng.uniform(-np.pi, np.pi, harmonics)
            self._phase = phase.astype(np.float32)
        return SourceNoise(self._phase, self.rng.standard_normal(samples, np.float32))
