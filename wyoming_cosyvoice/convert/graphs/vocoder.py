"""The vocoder: mel -> pitch, and mel with a source of that pitch -> samples.

Two graphs, because the source with its random phases and noise is computed between them
(model/vocoder.py):

    f0_predictor.onnx   mel (1, T, M) -> f0 (1, T) in Hz
    vocoder.onnx        mel (1, T, M), source (1, S) -> samples (1, S), S = 256 T

HiFT: a HiFi-GAN whose stages also take the source's spectrum and whose last stage
predicts a short-time spectrum (arXiv 2309.09493; upstream cosyvoice/hifigan).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.convolution import convolve, convolve_transposed
from wyoming_cosyvoice.convert.graphs.residual_block import residual_block
from wyoming_cosyvoice.convert.graphs.spectrum import (
    ConvolvedSpectrum,
    synthesize,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.sizes import VocoderSizes

F0_LAYERS = 5
# Upstream's slope before the last convolution is PyTorch's default, not lrelu_slope.
LAST_SLOPE = 0.01


def build_f0_predictor(layers: Layers, sizes: VocoderSizes) -> None:
    """Write ``f0_predictor.onnx``."""
    g, source = layers.graph, layers.source
    x = g.input("mel", TensorProto.FLOAT, [1, "T", sizes.mel_bins])
    inputs, width = sizes.mel_bins, sizes.f0_width
    for layer in range(F0_LAYERS):
        name = f"f0_predictor.condnet.{2 * layer}"
        weight = source.take(f"{name}.weight", (width, inputs, 3))
        bias = source.take(f"{name}.bias", (width,))
        x = convolve(layers, x, name, weight, bias)
        x = g.op("Elu", x)
        inputs = width
    x = layers.exact().linear(x, "f0_predictor.classifier", width, 1)  # (1, T, 1)
    g.output("f0", g.op("Abs", g.op("Squeeze", x, g.ints(2))), [1, "T"])
    g.save()


def build_vocoder(layers: Layers, sizes: VocoderSizes) -> None:
    """Write ``vocoder.onnx``."""
    g = layers.graph
    mel = g.input("mel", TensorProto.FLOAT, [1, "T", sizes.mel_bins])
    source = g.input("source", TensorProto.FLOAT, [1, "S"])
    generator = _Generator(layers, sizes)
    x = generator.generate(mel, source)  # (1, F, n_fft + 2), F = S / hop + 1
    samples = synthesize(x, sizes.n_fft, sizes.hop)
    samples = g.op("Clip", samples, -sizes.limit, sizes.limit)
    g.output("samples", samples, [1, "S"])
    g.save()


@dataclass(frozen=True, slots=True)
class _Generator:
    layers: Layers
    sizes: VocoderSizes

    def generate(self, mel: Tensor, source: Tensor) -> Tensor:
        """Upsample the mel, adding the source in each stage: -> (1, F, n_fft + 2)."""
        g, sizes = self.layers.graph, self.sizes
        spectrum = ConvolvedSpectrum.of(source, sizes.n_fft, sizes.hop)
        x = self._convolve(mel, "conv_pre", sizes.mel_bins, sizes.width, 7)
        channels = sizes.width
        stages = len(sizes.upsample_rates)
        for stage, (rate, taps) in enumerate(
            zip(sizes.upsample_rates, sizes.upsample_taps, strict=True)
        ):
            x = g.op("LeakyRelu", x, alpha=sizes.slope)
            x = self._upsample(x, f"ups.{stage}", channels, rate, taps)
            channels //= 2
            if stage == stages - 1:
                # One more frame, mirrored, at the start: F = S / hop + 1 frames.
                x = g.concat(x.slice(1, 1, 2), x, axis=1)
            x = x + self._fuse_source(spectrum, stage, channels)
            kernels = len(sizes.block_taps)
            branches = [
                residual_block(
                    self.layers,
                    x,
                    f"resblocks.{stage * kernels + i}",
                    channels,
                    k,
                    dilations,
                )
                for i, (k, dilations) in enumerate(
                    zip(sizes.block_taps, sizes.block_dilations, strict=True)
                )
            ]
            x = g.op("Mean", *branches)
        x = g.op("LeakyRelu", x, alpha=LAST_SLOPE)
        weight, bias = take_convolution(
            self.layers, "conv_post", channels, sizes.n_fft + 2, 7
        )
        return convolve(self.layers.exact(), x, "conv_post", weight, bias)

    def _fuse_source(
        self, spectrum: ConvolvedSpectrum, stage: int, channels: int
    ) -> Tensor:
        """Downsample the source's spectrum to the rate of a stage and refine it."""
        sizes = self.sizes
        rate = int(np.prod(sizes.upsample_rates[stage + 1 :]))
        taps = 1 if rate == 1 else 2 * rate
        name = f"source_downs.{stage}"
        weight, bias = take_convolution(
            self.layers, name, sizes.n_fft + 2, channels, taps
        )
        x = spectrum.convolve(
            self.layers.exact().weight(f"{name}.weight", weight[:, :, None, :]),
            self.layers.graph.weight(f"{name}.bias", bias),
            rate,
        )
        return residual_block(
            self.layers,
            x,
            f"source_resblocks.{stage}",
            channels,
            sizes.source_taps[stage],
            sizes.source_dilations[stage],
        )

    def _convolve(
        self,
        x: Tensor,
        name: str,
        inputs: int,
        outputs: int,
        taps: int,
    ) -> Tensor:
        weight, bias = take_convolution(self.layers, name, inputs, outputs, taps)
        return convolve(self.layers, x, name, weight, bias)

    def _upsample(
        self, x: Tensor, name: str, channels: int, rate: int, taps: int
    ) -> Tensor:
        source, outputs = self.layers.source, channels // 2
        weight = source.take(f"{name}.weight", (channels, outputs, taps))
        return convolve_transposed(
            self.layers,
            x,
            name,
            weight,
            source.take(f"{name}.bias", (outputs,)),
            stride=rate,
            padding=(taps - rate) // 2,
        )


def take_convolution(
    layers: Layers, name: str, inputs: int, outputs: int, taps: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weight (O, C, k) and the bias (O,) of a convolution."""
    source = layers.source
    weight = source.take(f"{name}.weight", (outputs, inputs, taps))
    return weight, source.take(f"{name}.bias", (outputs,))
