"""Time conditioning of a chunked flow's estimator."""

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
"""File with the time-dependent parameters, one array per number of steps."""


class TimeConditioning(Protocol):
    """Gives the time input of the estimator for each step of a schedule."""

    def __call__(self, steps: int) -> Floats:
        """Return one row per step.

        Raises: ConfigError for an unsupported number of steps.
        """


def times(steps: int) -> Floats:
    """Return the time of each step, as an input of the estimator: (steps, 1)."""
    return schedule(steps)[:-1, None]


class PrecomputedTimes:
    """Time-dependent parameters, computed at conversion for some numbers of steps.

    Raises: OSError, ValueError if the table is damaged.
    """

    def __init__(self, pack: Path) -> None:
        with np.load(pack / MOMENTS, allow_pickle=False) as arrays:
            self._rows = {int(count): arrays[count] for count in arrays.files}

    def __call__(self, steps: int) -> Floats:
        """Return the time-dependent parameters of each step: (steps, 6 N + 2, D).

        Raises: ConfigError for a number of steps that was not computed.
        """
        if steps not in self._rows:
            known = ", ".join(map(str, sorted(self._rows)))
            raise ConfigError(
                f"This model does not support {steps} flow steps.",
                remedy=f"Choose one of {known}.",
            )
        rows: Floats = self._rows[steps]
        return rows
