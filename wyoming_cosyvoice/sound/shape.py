"""Stages that change what is heard when, or how sharp: trimmer and smoother."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SILENCE = 10 ** (-50 / 20)
_KEPT_S = 0.1
_MOST_S = 10.0


class Trimmer:
    """Cuts silence at both ends to ``kept_s``; pauses in between stay whole.

    A sound without anything louder than -50 dB is kept as it is: somebody asked for it.
    So is silence of more than ten seconds, which bounds what is held.
    """

    def __init__(self, rate_hz: int, *, kept_s: float = _KEPT_S) -> None:
        self._kept = round(kept_s * rate_hz)
        self._most = round(_MOST_S * rate_hz)
        self._has_begun = False
        self.cut_samples = 0
        """Samples of silence that were cut at the beginning."""
        self._room = 0
        """Samples of silence that may still be given without knowing what follows."""
        self._held = np.zeros(0, np.float32)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); hold back silence that may be too much of the end."""
        samples = np.concatenate([self._held, samples])
        loud = np.flatnonzero(np.abs(samples) > _SILENCE)
        first = stop = 0
        if loud.size:
            if not self._has_begun and loud[0] <= self._most:
                first = max(0, int(loud[0]) - self._kept)
                self.cut_samples += first
            stop = int(loud[-1]) + 1
            self._has_begun = True
            self._room = self._kept
        silence = len(samples) - stop
        given = min(self._room, silence)
        self._room -= given
        if silence - given > self._most:
            self._has_begun, self._room, given = True, sys.maxsize, silence
        self._held = samples[stop + given :]
        return samples[first : stop + given]

    def release(self) -> Floats:
        """Return the silence that is held, since more sound follows."""
        if not self._has_begun:
            return self._held[:0]
        held, self._held = self._held, self._held[:0]
        return held

    def finish(self) -> Floats:
        """Return nothing, or all if it was nothing but silence."""
        held, self._held = self._held, self._held[:0]
        return held[:0] if self._has_begun else held


class Smoother:
    """Softens what is above 7 kHz by up to 6 dB, where vocoders hiss."""

    _TAPS = 31
    _EDGE_HZ = 7_000
    _SHARE = 0.5

    def __init__(self, rate_hz: int) -> None:
        times = np.arange(self._TAPS) - self._TAPS // 2
        cycles = 2 * self._EDGE_HZ / rate_hz
        low_pass = np.sinc(cycles * times) * np.hamming(self._TAPS)
        taps = self._SHARE * low_pass / low_pass.sum()
        taps[self._TAPS // 2] += 1 - self._SHARE
        self._taps = taps
        self._before = self._silence()

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those whose surroundings are known."""
        samples = np.concatenate([self._before, samples])
        if len(samples) < self._TAPS:
            self._before = samples
            return samples[:0]
        self._before = samples[1 - self._TAPS :]
        smooth: Floats = np.convolve(samples, self._taps, "valid").astype(np.float32)
        return smooth

    def finish(self) -> Floats:
        """Return the samples that are left."""
        left = self.process(self._silence())
        self._before = self._silence()
        return left

    def _silence(self) -> Floats:
        """Return what stands before the first and after the last sample."""
        return np.zeros(self._TAPS // 2, np.float32)
