"""Kaldi's log filter bank, the input of the speaker encoder CAM++."""

from __future__ import annotations

from typing import TYPE_CHECKING

import kaldi_native_fbank
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 16_000
BINS = 80


def kaldi_fbank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log filter bank energies of samples at 16 kHz, 100 frames per second.

    Shapes: samples (S,) in [-1, 1] (not in 16-bit steps), S >= 400; returns
    (1 + (S - 400) // 160, 80), in natural logarithms of power.
    Source: ``torchaudio.compliance.kaldi.fbank(num_mel_bins=80, dither=0)``.
    """
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE_HZ
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = BINS
    fbank = kaldi_native_fbank.OnlineFbank(options)
    fbank.accept_waveform(RATE_HZ, samples)
    fbank.input_finished()
    frames = [fbank.get_frame(index) for index in range(fbank.num_frames_ready)]
    return np.array(frames, np.float32).reshape(-1, BINS)


def without_mean(fbank: NDArray[np.float32]) -> NDArray[np.float32]:
    """Subtract the mean over time of each bin: the microphone's response and level.

    Shapes: (T, 80) both.
    """
    centred: NDArray[np.float32] = fbank - fbank.mean(axis=0, keepdims=True)
    return centred
