"""The trimmer, which cuts silence, and the smoother, which softens high frequencies."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SILENCE = 10 ** (-50 / 20)
_KEPT_S = 0.1
_MAX_HELD_S = 10.0


class Trimmer:
    """Cuts silence at both ends to ``kept_s``; pauses in between are kept.

    A request without anything louder than -50 dB is passed unchanged, since it asked
    for silence. So is silence of more than ten seconds, which bounds the buffer.
    """

    def __init__(self, rate_hz: int, *, kept_s: float = _KEPT_S) -> None:
        self._kept = round(kept_s * rate_hz)
        self._max_held = round(_MAX_HELD_S * rate_hz)
        self._has_begun = False
        self.cut_samples = 0
        """Samples of silence cut at the beginning."""
        self._allowance = 0
        """Samples of silence that may be passed on before knowing what follows."""
        self._held = np.zeros(0, np.float32)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); hold silence that may have to be cut at the end."""
        samples = np.concatenate([self._held, samples])
        loud = np.flatnonzero(np.abs(samples) > _SILENCE)
        first = stop = 0
        if loud.size:
            if not self._has_begun and loud[0] <= self._max_held:
                first = max(0, int(loud[0]) - self._kept)
                self.cut_samples += first
            stop = int(loud[-1]) + 1
            self._has_begun = True
            self._allowance = self._kept
        silence = len(samples) - stop
        given = min(self._allowance, silence)
        self._allowance -= given
        if silence - given > self._max_held:
            self._has_begun, self._allowance, given = True, sys.maxsize, silence
        self._held = samples[stop + given :]
        return samples[first : stop + given]

    def release(self) -> Floats:
        """Return the held silence, because more sound follows."""
        if not self._has_begun:
            return self._held[:0]
        held, self._held = self._held, self._held[:0]
        return held

    def finish(self) -> Floats:
        """Drop the held silence, or return it if there was nothing else."""
        held, self._held = self._held, self._held[:0]
        return held[:0] if self._has_begun else held


class Smoother:
    """Attenuates frequencies above 7 kHz, where vocoders hiss, by up to 6 dB."""

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
        """Take samples (S,); return those whose look-ahead is complete."""
        samples = np.concatenate([self._before, samples])
        if len(samples) < self._TAPS:
            self._before = samples
            return samples[:0]
        self._before = samples[1 - self._TAPS :]
        smooth: Floats = np.convolve(samples, self._taps, "valid").astype(np.float32)
        return smooth

    def finish(self) -> Floats:
        """Return the remaining samples."""
        left = self.process(self._silence())
        self._before = self._silence()
        return left

    def _silence(self) -> Floats:
        """Return the padding before the first and after the last sample."""
        return np.zeros(self._TAPS // 2, np.float32)
