"""Whisper's log-mel spectrogram, the input of the speech tokenizer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.features.spectra import mel_filters, power_spectra

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 16_000
BINS = 128

_FFT_SIZE = 400
_HOP = 160
_FLOOR = 1e-10
_RANGE = 8.0  # decades below the loudest bin; quieter ones are raised to it


def whisper_log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-mel spectrogram of samples at 16 kHz, 100 frames per second.

    Shapes: samples (S,) in [-1, 1], S > 200; returns (1, 128, S // 160), in quarters of
    a decade of power plus one.
    Source: openai-whisper 20250625, ``log_mel_spectrogram(n_mels=128)``.
    """
    power = power_spectra(samples, fft_size=_FFT_SIZE, hop=_HOP, pad=_FFT_SIZE // 2)
    power = power[:-1]  # as the original: not the frame that is centred on the end
    filters = mel_filters(
        rate_hz=RATE_HZ, fft_size=_FFT_SIZE, bins=BINS, low_hz=0.0, high_hz=8000.0
    )
    log_mel = np.log10(np.maximum(filters @ power.T, _FLOOR))  # (128, T)
    log_mel = np.maximum(log_mel, log_mel.max() - _RANGE)
    scaled: NDArray[np.float32] = ((log_mel + 4.0) / 4.0).astype(np.float32)
    return scaled[None]  # (1, 128, T)
