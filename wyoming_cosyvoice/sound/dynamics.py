"""Stages that turn loudness up and down: denoiser, compressor, limiter.

Levels are measured in blocks, counted from the first sample, so that the result does
not depend on the pieces in which samples come.
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
    """Multiplies each block with a gain of its level, sliding from one to the next."""

    def __init__(
        self,
        rate_hz: int,
        target_db: Callable[[float], float],
        *,
        attack_s: float,
        release_s: float,
    ) -> None:
        """``target_db`` gives the gain of a level; the gain falls by ``attack_s``."""
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
        """Return the block that was not filled."""
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
    """Turns down what is quieter than any speech, by at most 18 dB.

    Half as loud in, a quarter as loud out, below the floor: pauses become silent, and
    breaths stay.
    """

    _FLOOR_DB = -52.0
    _MOST_DB = 18.0

    def __init__(self, rate_hz: int) -> None:
        super().__init__(rate_hz, self._target, attack_s=0.08, release_s=0.005)

    def _target(self, level_db: float) -> float:
        return -min(max(0.0, self._FLOOR_DB - level_db), self._MOST_DB)


class Compressor(_BlockGain):
    """Brings what is louder than -24 dB to half its distance, and all up by 4 dB."""

    _THRESHOLD_DB = -24.0
    _RATIO = 2.0
    _MAKE_UP_DB = 4.0

    def __init__(self, rate_hz: int) -> None:
        super().__init__(rate_hz, self._target, attack_s=0.01, release_s=0.15)

    def _target(self, level_db: float) -> float:
        over_db = max(0.0, level_db - self._THRESHOLD_DB)
        return self._MAKE_UP_DB - over_db * (1 - 1 / self._RATIO)


class Limiter:
    """Keeps every sample within -1 dB of full scale without bending its shape.

    The gain is the least that the samples within reach need, averaged over as long a
    time: so it has arrived at each peak before the peak does, and never lets one by.
    Samples wait for those 6 ms after them; none is lost.
    """

    _CEILING = 10 ** (-1 / 20)
    _REACH_S = 0.006

    def __init__(self, rate_hz: int) -> None:
        self._reach = round(self._REACH_S * rate_hz)
        self._begin()

    def _begin(self) -> None:
        self._held = np.zeros(0, np.float32)
        # Gains that samples before the held ones needed; none before the beginning.
        self._needed = np.ones(self._reach)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those whose surroundings are known."""
        return self._limit(samples)

    def finish(self) -> Floats:
        """Return the samples that are left."""
        left = len(self._held)
        last = self._limit(np.zeros(self._reach, np.float32))[:left]
        self._begin()
        return last

    def _limit(self, samples: Floats) -> Floats:
        peaks = np.maximum(np.abs(samples), self._CEILING)
        needed = np.concatenate([self._needed, self._CEILING / peaks])
        held = np.concatenate([self._held, samples])
        ready = len(held) - self._reach
        if ready <= 0:
            self._held, self._needed = held, needed
            return held[:0]
        self._held, self._needed = held[ready:], needed[ready:]
        if needed.min() == 1:
            return held[:ready]  # no peak is near, as most of the time
        width = self._reach + 1
        least = sliding_window_view(needed, width).min(axis=1)
        # Sums, not a running mean: rounding must not depend on the pieces.
        gains = sliding_window_view(least, width).mean(axis=1)[:ready]
        limited: Floats = (held[:ready] * gains).astype(np.float32)
        return limited
