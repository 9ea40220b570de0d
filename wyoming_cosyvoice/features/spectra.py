"""Frames, power spectra and Slaney's mel filters."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

# Slaney's scale (Auditory Toolbox, 1998): linear up to 1 kHz, then logarithmic with 27
# bins per factor 6.4.
_LINEAR_BINS = 15.0
_LINEAR_TOP_HZ = 1000.0
_LOG_STEP = np.log(6.4) / 27.0


@cache
def mel_filters(
    *, rate_hz: int, fft_size: int, bins: int, low_hz: float, high_hz: float
) -> Doubles:
    """Return triangles of equal area on Slaney's mel scale.

    Shape: (bins, fft_size / 2 + 1). The array is shared: it cannot be written to.
    """
    lowest, highest = (float(_to_mel(np.float64(hz))) for hz in (low_hz, high_hz))
    edges = _to_hz(np.linspace(lowest, highest, bins + 2))[:, None]  # (bins + 2, 1)
    frequencies = np.fft.rfftfreq(fft_size, 1.0 / rate_hz)  # (fft_size / 2 + 1,)
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies - left) / (centre - left)
    falling = (right - frequencies) / (right - centre)
    filters = np.maximum(0.0, np.minimum(rising, falling)) * 2.0 / (right - left)
    filters.flags.writeable = False
    return filters


def power_spectra(samples: Floats, *, fft_size: int, hop: int, pad: int) -> Doubles:
    """Return the power of each frequency in each Hann-windowed frame.

    ``pad`` samples are mirrored at both ends first. Shapes: samples (S,), S > pad;
    returns (1 + (S + 2 pad - fft_size) // hop, fft_size / 2 + 1). In double precision,
    so that logarithms of nearly empty bins agree with other implementations.
    """
    padded = np.pad(samples.astype(np.float64), pad, mode="reflect")
    frames = sliding_window_view(padded, fft_size)[::hop]  # (T, fft_size)
    window = np.hanning(fft_size + 1)[:-1]  # periodic, as for analysis
    spectra = np.fft.rfft(frames * window, axis=1)
    power: Doubles = spectra.real**2 + spectra.imag**2
    return power


def _to_mel(hz: np.float64) -> np.float64:
    if hz < _LINEAR_TOP_HZ:
        return hz * _LINEAR_BINS / _LINEAR_TOP_HZ
    return np.float64(_LINEAR_BINS + np.log(hz / _LINEAR_TOP_HZ) / _LOG_STEP)


def _to_hz(mel: Doubles) -> Doubles:
    linear = mel * _LINEAR_TOP_HZ / _LINEAR_BINS
    logarithmic = _LINEAR_TOP_HZ * np.exp((mel - _LINEAR_BINS) * _LOG_STEP)
    return np.where(mel < _LINEAR_BINS, linear, logarithmic)
