"""Loudness after ITU-R BS.1770, and a stage that brings speech to a target loudness.

A stream cannot be measured as a whole first. So the gain follows the loudness so far,
starting from the usual loudness of a model, and changes too slowly to be audible.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_BLOCK_S = 0.1
_RESPONSE_S = 0.03
# Anything quieter is a pause or noise and does not count.
_GATE_LUFS = -50.0
_RELATIVE_GATE = -10.0
USUAL_LUFS = -24.8
"""Prior loudness: the middle of the starter's voices.

Measured on twelve sentences: heart -23.8 in both languages, cedar -25.8 in English and
-25.9 in Chinese. Other models were not measured.
"""

# Weight of that prior, as seconds of speech.
_USUAL_S = 0.3
_MAX_GAIN_DB = 15.0
_DB_PER_S = 6.0


class Leveller:
    """Changes the gain until the loudness reaches the target.

    The gain of a block follows from the blocks before it, so nothing is delayed.
    """

    def __init__(self, rate_hz: int, target_lufs: float) -> None:
        self._target_lufs = target_lufs
        self._size = round(_BLOCK_S * rate_hz)
        self._weighting = k_weighting(rate_hz)
        # The history of the filters, then the block that is being filled.
        self._recent = np.zeros(len(self._weighting) - 1, np.float32)
        self._count = 0
        self._powers: list[float] = []
        self._gain_db = self._wanted_db()
        self._gains = self._ramp(self._gain_db)

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return as many."""
        levelled = [samples[:0]]
        while samples.size:
            begin, stop = self._count, min(self._size, self._count + samples.size)
            piece, samples = samples[: stop - begin], samples[stop - begin :]
            levelled.append((piece * self._gains[begin:stop]).astype(np.float32))
            self._recent = np.concatenate([self._recent, piece])
            self._count = stop
            if stop == self._size:
                self._measure()
        return np.concatenate(levelled)

    def finish(self) -> Floats:
        """Return no samples: nothing is delayed."""
        return self._recent[:0]

    def _measure(self) -> None:
        """Add the full block to the measurement and set the gains of the next one."""
        weighted = np.convolve(self._recent, self._weighting, "valid")
        self._powers.append(float(np.mean(np.square(weighted))))
        self._recent = self._recent[self._size :]
        self._count = 0
        most = _DB_PER_S * _BLOCK_S
        before_db = self._gain_db
        self._gain_db += float(np.clip(self._wanted_db() - before_db, -most, most))
        self._gains = self._ramp(before_db)

    def _wanted_db(self) -> float:
        return min(self._target_lufs - self._measured_lufs(), _MAX_GAIN_DB)

    def _ramp(self, before_db: float) -> NDArray[np.float64]:
        """Return the gain of each sample of a block, a ramp to the current gain."""
        ramp_db = np.linspace(before_db, self._gain_db, self._size)
        gains: NDArray[np.float64] = 10 ** (ramp_db / 20)
        return gains

    def _measured_lufs(self) -> float:
        """Return the loudness so far, combined with the prior."""
        powers = np.array(self._powers)
        loud = powers[_lufs(powers) > _GATE_LUFS]
        if loud.size:
            loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
        if not loud.size:
            return USUAL_LUFS
        # In decibels: averaged as powers, the prior would dominate a soft voice.
        weight = _USUAL_S / _BLOCK_S / (_USUAL_S / _BLOCK_S + loud.size)
        return weight * USUAL_LUFS + (1 - weight) * float(_lufs(loud.mean()))


def measure_lufs(samples: Floats, rate_hz: int) -> float:
    """Return the gated loudness of samples (S,) in LUFS; silence is about -120."""
    size = round(_BLOCK_S * rate_hz)
    weighted = np.convolve(samples, k_weighting(rate_hz))[: len(samples)]
    stop = max(size, len(weighted) // size * size)
    blocks = np.resize(weighted, stop).reshape(-1, size)
    powers = np.mean(np.square(blocks), axis=1)
    loud = powers[_lufs(powers) > _GATE_LUFS]
    if not loud.size:
        return float(_lufs(powers.mean()))
    loud = loud[_lufs(loud) > _lufs(loud.mean()) + _RELATIVE_GATE]
    return float(_lufs(loud.mean()))


@cache
def k_weighting(rate_hz: int) -> NDArray[np.float64]:
    """Return the impulse response (K,) of BS.1770's two filters: shelf and high-pass.

    The recursive filters of the recommendation, for any rate, truncated after 30 ms;
    the tail is below -50 dB.
    """
    impulse = np.zeros(round(_RESPONSE_S * rate_hz))
    impulse[0] = 1.0
    shelf = _biquad(rate_hz, 1681.974, 0.7071752, gain_db=3.999844)
    high_pass = _biquad(rate_hz, 38.13547, 0.5003270, gain_db=None)
    return _run(high_pass, _run(shelf, impulse))


def _biquad(
    rate_hz: int, edge_hz: float, quality: float, *, gain_db: float | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the numerator and denominator of a high shelf, or of a high-pass."""
    k = np.tan(np.pi * edge_hz / rate_hz)
    scale = 1 + k / quality + k * k
    denominator = np.array([1, 2 * (k * k - 1), 1 - k / quality + k * k])
    denominator[1:] /= scale
    if gain_db is None:
        return np.array([1.0, -2.0, 1.0]), denominator
    high = 10 ** (gain_db / 20)
    band = high**0.4996667741545416
    numerator = np.array(
        [
            high + band * k / quality + k * k,
            2 * (k * k - high),
            high - band * k / quality + k * k,
        ]
    )
    return numerator / scale, denominator


def _run(
    biquad: tuple[NDArray[np.float64], NDArray[np.float64]],
    samples: NDArray[np.float64],
) -> NDArray[np.float64]:
    (b0, b1, b2), (_, a1, a2) = biquad
    out = np.zeros_like(samples)
    x1 = x2 = y1 = y2 = 0.0
    for number, x0 in enumerate(samples.tolist()):
        y0 = b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        x2, x1, y2, y1 = x1, x0, y1, y0
        out[number] = y0
    return out


def _lufs(power: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(np.asarray(power) + 1e-12) - 0.691)
