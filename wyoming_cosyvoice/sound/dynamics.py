"""Stages that change the level: denoiser, compressor, limiter.

Levels are measured in blocks counted from the first sample, so that the result does not
depend on how the samples are split.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_BLOCK_S = 0.005
_QUIET_DB = -120.0


class _BlockGain:
    """Applies a gain that depends on the block's level, interpolated between blocks."""

    def __init__(
        self,
        rate_hz: int,
        target_db: Callable[[float], float],
        *,
        attack_s: float,
        release_s: float,
    ) -> None:
        """``target_db`` maps a level to its gain; ``attack_s`` is for falling gains."""
        self._size = round(_BLOCK_S * rate_hz)
        self._target_db = target_db
        self._falling = 1 - np.exp(-_BLOCK_S / attack_s)
        self._rising = 1 - np.exp(-_BLOCK_S / release_s)
        self._gain_db = 0.0
        self._left = np.zeros(0, np.float32)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return whole blocks."""
        samples = np.concatenate([self._left, samples])
        count = len(samples) // self._size
        whole = samples[: count * self._size].reshape(count, self._size)  # (K, size)
        self._left = samples[count * self._size :]
        return self._apply(whole).reshape(-1)

    def finish(self) -> Floats:
        """Return the last, incomplete block."""
        left, self._left = self._left, self._left[:0]
        return self._apply(left[None]).reshape(-1) if left.size else left

    def _apply(self, blocks: Floats) -> Floats:
        gains_db = np.empty(len(blocks) + 1)
        gains_db[0] = self._gain_db
        power = np.mean(np.square(blocks, dtype=np.float64), axis=1)
        levels_db = 10 * np.log10(power + 10 ** (_QUIET_DB / 10))
        for number, level_db in enumerate(levels_db):
            wanted_db = self._target_db(float(level_db))
            share = self._falling if wanted_db < self._gain_db else self._rising
            self._gain_db += share * (wanted_db - self._gain_db)
            gains_db[number + 1] = self._gain_db
        gains = 10 ** (gains_db / 20)
        slope = np.linspace(0, 1, blocks.shape[1], endpoint=False)  # (size,)
        ramps = gains[:-1, None] + (gains[1:] - gains[:-1])[:, None] * slope
        changed: Floats = (blocks * ramps).astype(np.float32)
        return changed


class Denoiser(_BlockGain):
    """Attenuates what is quieter than speech, by at most 18 dB.

    A 2:1 downward expander below the floor: pauses become silent, breaths stay.
    """

    _FLOOR_DB = -52.0
    _MAX_DB = 18.0

    def __init__(self, rate_hz: int) -> None:
        super().__init__(rate_hz, self._target, attack_s=0.08, release_s=0.005)

    def _target(self, level_db: float) -> float:
        return -min(max(0.0, self._FLOOR_DB - level_db), self._MAX_DB)


class Compressor(_BlockGain):
    """Compresses 2:1 above -24 dB, with 4 dB of make-up gain."""

    _THRESHOLD_DB = -24.0
    _RATIO = 2.0
    _MAKE_UP_DB = 4.0

    def __init__(self, rate_hz: int) -> None:
        super().__init__(rate_hz, self._target, attack_s=0.01, release_s=0.15)

    def _target(self, level_db: float) -> float:
        over_db = max(0.0, level_db - self._THRESHOLD_DB)
        return self._MAKE_UP_DB - over_db * (1 - 1 / self._RATIO)


class Limiter:
    """Keeps every sample below -1 dB of full scale without distortion.

    The gain is the minimum that the samples within the look-ahead need, averaged over
    the same time, so it is low enough when each peak arrives. The look-ahead is 6 ms;
    no sample is lost.
    """

    _CEILING = 10 ** (-1 / 20)
    _LOOK_AHEAD_S = 0.006

    def __init__(self, rate_hz: int) -> None:
        self._look_ahead = round(self._LOOK_AHEAD_S * rate_hz)
        self._reset()

    def _reset(self) -> None:
        self._held = np.zeros(0, np.float32)
        # Gains that samples before the held ones needed; 1 before the beginning.
        self._needed = np.ones(self._look_ahead)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those whose look-ahead is complete."""
        return self._limit(samples)

    def finish(self) -> Floats:
        """Return the remaining samples."""
        left = len(self._held)
        last = self._limit(np.zeros(self._look_ahead, np.float32))[:left]
        self._reset()
        return last

    def _limit(self, samples: Floats) -> Floats:
        peaks = np.maximum(np.abs(samples), self._CEILING)
        needed = np.concatenate([self._needed, self._CEILING / peaks])
        held = np.concatenate([self._held, samples])
        ready = len(held) - self._look_ahead
        if ready <= 0:
            self._held, self._needed = held, needed
            return held[:0]
        self._held, self._needed = held[ready:], needed[ready:]
        if needed.min() == 1:
            return held[:ready]  # no peak nearby, the usual case
        width = self._look_ahead + 1
        least = sliding_window_view(needed, width).min(axis=1)
        # Sums, not a running mean: rounding must not depend on the split.
        gains = sliding_window_view(least, width).mean(axis=1)[:ready]
        limited: Floats = (held[:ready] * gains).astype(np.float32)
        return limited
