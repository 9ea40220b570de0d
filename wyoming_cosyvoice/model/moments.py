"""What a chunked flow's estimator is told of each moment of a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.model.flow import schedule

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MOMENTS = "flow_moments.npz"
"""What each time of a schedule does to the network: an array per count of steps."""


class Moments(Protocol):
    """What an estimator is told of each moment of a schedule."""

    def __call__(self, steps: int) -> Floats:
        """Return one row per step.

        Raises: ConfigError for a count that the model cannot be solved in.
        """


def times(steps: int) -> Floats:
    """Return the time of each step, for an estimator that hears it: (steps, 1)."""
    return schedule(steps)[:-1, None]


class PreparedMoments:
    """What the times do to a network, computed at conversion for some counts.

    Raises: OSError, ValueError if the table is damaged.
    """

    def __init__(self, pack: Path) -> None:
        with np.load(pack / MOMENTS, allow_pickle=False) as arrays:
            self._rows = {int(count): arrays[count] for count in arrays.files}

    def __call__(self, steps: int) -> Floats:
        """Return what the moments of so many steps do, (steps, 6 N + 2, D).

        Raises: ConfigError for a count that was not prepared.
        """
        if steps not in self._rows:
            known = ", ".join(map(str, sorted(self._rows)))
            raise ConfigError(
                f"This model's flow cannot be solved in {steps} steps.",
                remedy=f"Choose one of {known}.",
            )
        rows: Floats = self._rows[steps]
        return rows
