"""Short-time spectra as convolutions: the transforms around a HiFT vocoder."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class ConvolvedSpectrum:
    """The short-time spectrum of samples, of which only convolutions are computed.

    Two convolutions in a row are one: ONNX Runtime multiplies their weights when it
    loads the graph.
    """

    image: Tensor
    """(1, 1, 1, S + n_fft): the samples, mirrored at both ends."""

    analysis: Tensor
    """(n_fft + 2, 1, 1, n_fft)"""

    n_fft: int
    hop: int

    @classmethod
    def of(cls, samples: Tensor, n_fft: int, hop: int) -> ConvolvedSpectrum:
        """Take the spectrum of samples (1, S): F = S / hop + 1 frames."""
        g, half = samples.graph, n_fft // 2
        padded = g.op("Pad", samples, g.ints(0, half, 0, half), mode="reflect")
        analysis = g.weight("stft", analysis_kernels(n_fft)[:, :, None, :])
        return cls(padded.unsqueeze(0, 1), analysis, n_fft, hop)

    def convolve(self, weight: Tensor, bias: Tensor, rate: int) -> Tensor:
        """Convolve over time, at every ``rate``, with rate / 2 zeros at both ends.

        Shapes: weight (O, n_fft + 2, 1, k), k = 2 rate, or 1 if that is the rate; bias
        (O,); returns (1, T, O), T = F / rate, or F.
        """
        g, image = self.image.graph, self.image
        if rate == 1:
            y = self._convolve(image, weight, bias, rate)  # (1, O, 1, F)
        else:
            # The zeros are none of samples: outputs at the ends have fewer taps.
            before = rate // 2  # taps of the first output before the first frame
            most = rate + before + 1  # taps of the last output until the last frame
            first = image.slice(3, 0, self._samples(2 * rate - before))
            parts = [
                self._convolve(first, weight.slice(3, before), bias, rate),
                self._convolve(
                    image.slice(3, self.hop * (rate - before)), weight, bias, rate
                ),
            ]
            if most < 2 * rate:
                last = image.slice(3, -self._samples(most))
                parts.append(self._convolve(last, weight.slice(3, 0, most), bias, rate))
            y = g.concat(*parts, axis=3)  # (1, O, 1, T)
        return g.op("Squeeze", y, g.ints(2)).transpose(0, 2, 1)  # (1, T, O)

    def _convolve(
        self, image: Tensor, weight: Tensor, bias: Tensor, rate: int
    ) -> Tensor:
        g, hop = image.graph, self.hop
        kernel = g.op("ConvTranspose", weight, self.analysis, strides=[1, hop])
        return g.op("Conv", image, kernel, bias, strides=[1, hop * rate])

    def _samples(self, frames: int) -> int:
        return self.hop * (frames - 1) + self.n_fft


def polar_spectrum(x: Tensor, n_fft: int) -> Tensor:
    """Turn log magnitude and phase (1, F, n_fft + 2) into real and imaginary parts."""
    g, bins = x.graph, n_fft // 2 + 1
    magnitude = g.op("Min", g.op("Exp", x.slice(2, 0, bins)), _MAGNITUDE_LIMIT)
    phase = g.op("Sin", x.slice(2, bins))
    real, imaginary = magnitude * g.op("Cos", phase), magnitude * g.op("Sin", phase)
    return g.concat(real, imaginary, axis=2)


def synthesize(x: Tensor, n_fft: int, hop: int) -> Tensor:
    """Turn log magnitude and phase (1, F, n_fft + 2) into samples (1, hop (F - 1))."""
    g, window = x.graph, hann(n_fft)
    inverse = (inverse_kernels(n_fft) * window).astype(np.float32)
    frames = polar_spectrum(x, n_fft) @ g.weight("istft", inverse)  # (1, F, n_fft)
    # Samples at both ends are covered by fewer windows than those in the middle.
    shape = g.concat(g.ints(1), x.size(1), g.ints(1), axis=0)
    squares = g.op("Expand", (window**2).astype(np.float32)[None, None, :], shape)
    overlapped = _overlap_add(frames, n_fft, hop) / _overlap_add(squares, n_fft, hop)
    return overlapped.reshape(1, -1)  # (1, S)


def _overlap_add(frames: Tensor, n_fft: int, hop: int) -> Tensor:
    """Add up frames (1, F, n_fft) at steps of ``hop``: (1, F - 1, hop).

    ``hop`` divides half a frame, of which each end of the sum is cut off: block n of
    the output is part i of frame n + parts / 2 - i, for all i.
    """
    g, parts = frames.graph, n_fft // hop
    blocks = []
    for i, part in enumerate(g.split(frames, [hop] * parts, axis=2)):
        shift = parts // 2 - i
        block = part.slice(1, max(0, shift), min(0, shift - 1) or None)
        before, after = max(0, -shift), max(0, shift - 1)  # no frames there
        if before or after:
            block = g.op("Pad", block, g.ints(0, before, 0, 0, after, 0))
        blocks.append(block)
    return g.op("Sum", *blocks)


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
