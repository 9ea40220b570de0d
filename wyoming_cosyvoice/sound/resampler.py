"""Resample from the model's rate to the requested one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from wyoming_cosyvoice.sound.dynamics import Limiter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Resampler:
    """A streaming resampler; passes samples through if the rates are equal.

    Interpolated samples may exceed full scale, so a limiter follows.
    """

    def __init__(self, rate_hz: int, wanted_rate_hz: int) -> None:
        self._stream = None
        if rate_hz != wanted_rate_hz:
            self._stream = soxr.ResampleStream(
                rate_hz, wanted_rate_hz, 1, dtype="float32"
            )
            self._limiter = Limiter(wanted_rate_hz)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready."""
        if self._stream is None:
            return samples
        return self._limiter.process(self._stream.resample_chunk(samples))

    def finish(self) -> Floats:
        """Return the delayed samples; nothing may be processed afterwards."""
        nothing = np.zeros(0, np.float32)
        if self._stream is None:
            return nothing
        last = self._stream.resample_chunk(nothing, last=True)
        return np.concatenate([self._limiter.process(last), self._limiter.finish()])
