"""The vocoder's short-time transforms step by step, as packs had them at first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.graphs.convolution import convolve, convolve_transposed
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.spectrum import (
    analysis_kernels,
    hann,
    inverse_kernels,
    polar_spectrum,
)

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor


@dataclass(frozen=True, slots=True)
class PlainSpectrum:
    """As ``ConvolvedSpectrum``: first the spectrum, then its convolutions."""

    spectrum: Tensor

    @classmethod
    def of(cls, samples: Tensor, n_fft: int, hop: int) -> PlainSpectrum:
        """Take the spectrum (1, F, n_fft + 2) of samples (1, S)."""
        g = samples.graph
        half = g.ints(0, n_fft // 2, 0, n_fft // 2)
        padded = g.op("Pad", samples, half, mode="reflect").unsqueeze(2)
        kernels = analysis_kernels(n_fft)
        return cls(
            convolve(_floats(g), padded, "stft", kernels, None, stride=hop, padding=0)
        )

    def convolve(self, weight: Tensor, bias: Tensor, rate: int) -> Tensor:
        """Convolve over time, at every ``rate``."""
        g, taps = self.spectrum.graph, 1 if rate == 1 else 2 * rate
        image = self.spectrum.transpose(0, 2, 1).unsqueeze(2)
        pads = [0, rate // 2, 0, rate // 2]
        shape, strides = [1, taps], [1, rate]
        y = g.op(
            "Conv", image, weight, bias, kernel_shape=shape, pads=pads, strides=strides
        )
        return g.op("Squeeze", y, g.ints(2)).transpose(0, 2, 1)


def plain_synthesize(x: Tensor, n_fft: int, hop: int) -> Tensor:
    """As ``synthesize``: overlap and add by transposed convolutions."""
    g, window = x.graph, hann(n_fft)

    def add(frames: Tensor, name: str, kernels: np.ndarray) -> Tensor:
        y = convolve_transposed(
            _floats(g),
            frames,
            name,
            kernels[:, None, :].astype(np.float32),
            None,
            stride=hop,
            padding=n_fft // 2,
        )
        return y.slice(1, 0, -hop)

    inverse = inverse_kernels(n_fft) * window
    overlapped = add(polar_spectrum(x, n_fft), "istft", inverse)
    shape = g.concat(g.ints(1), x.size(1), g.ints(1), axis=0)
    ones = g.op("Expand", np.ones((1, 1, 1), np.float32), shape)
    envelope = add(ones, "envelope", (window**2)[None, :])
    return g.op("Squeeze", overlapped / envelope, g.ints(2))


def _floats(g: Graph) -> Layers:
    return Layers(g, None, WeightFormat.FLOAT)
