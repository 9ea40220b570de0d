"""Short-time spectra as convolutions: the transforms around a HiFT vocoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Tensor

_MAGNITUDE_LIMIT = 100.0


def analysis_kernels(n_fft: int) -> NDArray[np.float32]:
    """Return the windowed short-time transform (n_fft + 2, 1, n_fft), real part first.

    Its kernels are those of a convolution over samples.
    """
    angles = _angles(n_fft)
    kernels = np.concatenate([np.cos(angles), -np.sin(angles)]) * hann(n_fft)
    windowed: NDArray[np.float32] = kernels[:, None, :].astype(np.float32)
    return windowed


def polar_spectrum(x: Tensor, n_fft: int) -> Tensor:
    """Turn log magnitude and phase (1, F, n_fft + 2) into real and imaginary parts."""
    g, bins = x.graph, n_fft // 2 + 1
    magnitude = g.op("Min", g.op("Exp", x.slice(2, 0, bins)), _MAGNITUDE_LIMIT)
    phase = g.op("Sin", x.slice(2, bins))
    real, imaginary = magnitude * g.op("Cos", phase), magnitude * g.op("Sin", phase)
    return g.concat(real, imaginary, axis=2)


def inverse_kernels(n_fft: int) -> NDArray[np.float64]:
    """Return the inverse transform (n_fft + 2, n_fft), not windowed.

    A row is the contribution of one part of a frame's spectrum to its samples; all bins
    except the first and the last count twice, for their conjugates.
    """
    angles, bins = _angles(n_fft), n_fft // 2 + 1
    twice = np.where(np.isin(np.arange(bins), (0, bins - 1)), 1, 2)[:, None] / n_fft
    return np.concatenate([np.cos(angles) * twice, -np.sin(angles) * twice])


def _angles(n_fft: int) -> NDArray[np.float64]:
    return 2 * np.pi * np.outer(np.arange(n_fft // 2 + 1), np.arange(n_fft)) / n_fft


def hann(length: int) -> np.ndarray:
    """Return the periodic Hann window."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
