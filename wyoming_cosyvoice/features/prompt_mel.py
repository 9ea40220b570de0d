"""The mel spectrogram of flow and vocoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.features.spectra import mel_filters, power_spectra

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 22_050
BINS = 80

_FFT_SIZE = 1024
_HOP = 256
_LOW_HZ, _HIGH_HZ = 0.0, 8000.0
_POWER_FLOOR = 1e-9
_MEL_FLOOR = 1e-5


def prompt_mel(
    samples: NDArray[np.float32],
    *,
    rate_hz: int = RATE_HZ,
    fft_size: int = _FFT_SIZE,
    hop: int = _HOP,
    high_hz: float = _HIGH_HZ,
) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of samples, by default as the 300M family has it.

    Shapes: samples (S,) in [-1, 1], S >= fft_size; returns (1, S // hop, 80), in
    natural logarithms of magnitude.
    Source: Matcha-TTS ``matcha/utils/audio.py`` with the numbers of ``cosyvoice.yaml``.
    """
    # Padded by half the difference of frame and hop, so T frames cover T hops.
    power = power_spectra(
        samples, fft_size=fft_size, hop=hop, pad=(fft_size - hop) // 2
    )
    filters = mel_filters(
        rate_hz=rate_hz, fft_size=fft_size, bins=BINS, low_hz=_LOW_HZ, high_hz=high_hz
    )
    magnitude = np.sqrt(power + _POWER_FLOOR)
    mel = np.log(np.maximum(magnitude @ filters.T, _MEL_FLOOR))  # (T, 80)
    return mel[None].astype(np.float32)  # (1, T, 80)
