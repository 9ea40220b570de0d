"""How far a stage may be from the original, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REQUIRED = 1e-3
"""Asked for at any width: the largest error by the signal's peak."""

REACHED = {
    "text encoded": 2e-6,
    "log-probabilities": 2e-6,
    "mu": 5e-6,
    "speaker": 1e-6,
    "prompt": 1e-7,
    "velocity": 1e-5,
    "mel": 1e-5,
    "f0": 5e-6,
    "source": 5e-4,
    "samples": 5e-4,
    "filter": 1e-5,
    "chunked": 5e-4,
    "speed": 3e-4,
}
"""What these small networks reach, with a margin for other CPUs.

A source adds its pitch up to a phase, so it keeps every rounding of f0; from there on
it is the largest error of all.
"""


@dataclass
class Comparison:
    """Compares arrays with the original's and remembers the worst of each stage."""

    is_default: bool
    worst: dict[str, float] = field(default_factory=dict)

    def bound(self, stage: str) -> float:
        """Return the largest error that is allowed."""
        return REACHED[stage] if self.is_default else REQUIRED

    def check(
        self, stage: str, actual: NDArray[np.float32], expected: NDArray[np.float32]
    ) -> None:
        """Fail unless the arrays agree."""
        assert actual.shape == expected.shape
        assert actual.dtype == np.float32
        peak = float(np.abs(expected).max())
        assert peak > 0, "a signal of zeros proves nothing"
        error = float(np.abs(actual - expected).max()) / peak
        self.worst[stage] = max(error, self.worst.get(stage, 0.0))
        assert error <= self.bound(stage)
