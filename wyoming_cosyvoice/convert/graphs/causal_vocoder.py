"""The streaming vocoder of CosyVoice3.

    f0_predictor.onnx   mel (1, T + 3, M), memory (1, X) -> f0 (1, T) in Hz, memory_next
    vocoder.onnx        mel (1, T + 4, M), source (1, S), lead (1,), memory (1, Y)
                        -> windows (1, F, W), memory_next

HiFT (arXiv 2309.09493) with causal convolutions; the first one of each graph looks a
few frames ahead. The state of each convolution is passed from piece to piece, so pieces
of any length give exactly the samples of the whole. ``windows`` are pieces of W
samples, one per step of the short-time spectrum, for overlap-add
(model/causal_vocoder.py); ``lead`` is 1 for the first piece of a sentence, whose
spectrum has one more step, and 0 afterwards. Upstream: hifigan/generator.py and
f0_predictor.py, the causal classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.convolution import (
    convolve,
    convolve_repeated,
    frames_before,
)
from wyoming_cosyvoice.convert.graphs.residual_block import residual_block
from wyoming_cosyvoice.convert.graphs.spectrum import (
    analysis_kernels,
    hann,
    inverse_kernels,
    polar_spectrum,
)
from wyoming_cosyvoice.convert.graphs.streaming_state import ConvolutionState
from wyoming_cosyvoice.convert.graphs.vocoder import (
    F0_LAYERS,
    LAST_SLOPE,
    take_convolution,
)

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.cosyvoice3 import CausalVocoderSizes

F0_LOOK_AHEAD = 3
_F0_TAPS = 3
_POST_TAPS = 7


def build_causal_f0_predictor(layers: Layers, sizes: CausalVocoderSizes) -> None:
    """Write ``f0_predictor.onnx``, which computes in double precision.

    An error is multiplied by the samples per frame before the sine. ONNX Runtime has
    matrix products of doubles, but no convolutions.
    """
    g, source, hift = layers.graph, layers.source, sizes.hift
    mel = g.input("mel", TensorProto.FLOAT, [1, "T_ahead", hift.mel_bins])
    memory = ConvolutionState.of(g, TensorProto.DOUBLE)
    x, inputs, width = mel.astype(TensorProto.DOUBLE), hift.mel_bins, hift.f0_width
    for layer in range(F0_LAYERS):
        name = f"f0_predictor.condnet.{2 * layer}"
        taps = F0_LOOK_AHEAD + 1 if layer == 0 else _F0_TAPS
        weight = source.take_double(f"{name}.weight", (width, inputs, taps))
        bias = source.take_double(f"{name}.bias", (width,))
        if layer:
            x = memory.before(x, taps - 1, inputs)
        flat = weight.transpose(2, 1, 0).reshape(-1, width)  # (k C, O)
        x = _shifts(x, taps) @ _in_double(layers, f"{name}.weight", flat)
        x = _elu(x + _in_double(layers.in_float(), f"{name}.bias", bias))
        inputs = width
    weight = source.take_double("f0_predictor.classifier.weight", (1, width))
    bias = source.take_double("f0_predictor.classifier.bias", (1,))
    x = x @ _in_double(layers, "f0_predictor.classifier.weight", weight.T)
    x = x + _in_double(layers.in_float(), "f0_predictor.classifier.bias", bias)
    f0 = g.op("Abs", g.op("Squeeze", x, g.ints(2)))
    g.output("f0", f0, [1, "T"], TensorProto.DOUBLE)
    memory.finish(TensorProto.DOUBLE)
    g.save()


def build_causal_vocoder(layers: Layers, sizes: CausalVocoderSizes) -> None:
    """Write ``vocoder.onnx``."""
    g, hift = layers.graph, sizes.hift
    mel = g.input("mel", TensorProto.FLOAT, [1, "T_ahead", hift.mel_bins])
    source = g.input("source", TensorProto.FLOAT, [1, "S"])
    lead = g.input("lead", TensorProto.INT64, [1])
    memory = ConvolutionState.of(g)
    generator = _CausalGenerator(layers, sizes, memory, lead)
    x = generator.generate(mel, generator.analyse(source))  # (1, F, W + 2)
    g.output("windows", generator.synthesize(x), [1, "F", hift.n_fft])
    memory.finish()
    g.save()


@dataclass(frozen=True, slots=True)
class _CausalGenerator:
    layers: Layers
    sizes: CausalVocoderSizes
    memory: ConvolutionState
    lead: Tensor

    def analyse(self, source: Tensor) -> Tensor:
        """Return the short-time spectrum of the source, real parts then imaginary."""
        hift = self.sizes.hift
        return convolve(
            self.layers.in_float(),
            source.unsqueeze(2),  # (1, S, 1)
            "stft",
            analysis_kernels(hift.n_fft),
            None,
            stride=hift.hop,
            padding=0,
        )  # (1, F, W + 2)

    def generate(self, mel: Tensor, spectrum: Tensor) -> Tensor:
        """Upsample the mel in stages, adding the source in each: -> (1, F, W + 2)."""
        g, hift = self.layers.graph, self.sizes.hift
        weight, bias = take_convolution(
            self.layers,
            "conv_pre",
            hift.mel_bins,
            hift.width,
            self.sizes.look_ahead_frames + 1,
        )
        x = convolve(self.layers, mel, "conv_pre", weight, bias, padding=0)
        channels, stages = hift.width, len(hift.upsample_rates)
        for stage, (rate, taps) in enumerate(
            zip(hift.upsample_rates, hift.upsample_taps, strict=True)
        ):
            x = g.op("LeakyRelu", x, alpha=hift.slope)
            x = self._upsample(x, f"ups.{stage}", channels, rate, taps)
            channels //= 2
            if stage == stages - 1:
                # One more step before the sentence, mirrored.
                x = g.concat(x.slice(1, 1, self.lead + g.ints(1)), x, axis=1)
            x = x + self._fuse_source(spectrum, stage, channels)
            kernels = len(hift.block_taps)
            branches = [
                residual_block(
                    self.layers,
                    x,
                    f"resblocks.{stage * kernels + i}",
                    channels,
                    k,
                    dilations,
                    convolve=self.memory.convolve,
                )
                for i, (k, dilations) in enumerate(
                    zip(hift.block_taps, hift.block_dilations, strict=True)
                )
            ]
            x = g.op("Mean", *branches)
        x = g.op("LeakyRelu", x, alpha=LAST_SLOPE)
        weight, bias = take_convolution(
            self.layers, "conv_post", channels, hift.n_fft + 2, _POST_TAPS
        )
        return self.memory.convolve(self.layers.exact(), x, "conv_post", weight, bias)

    def synthesize(self, x: Tensor) -> Tensor:
        """Turn log magnitude and phase (1, F, W + 2) into windows (1, F, W)."""
        g, n_fft = self.layers.graph, self.sizes.hift.n_fft
        inverse = (inverse_kernels(n_fft) * hann(n_fft)).astype(
            np.float32
        )  # (W + 2, W)
        return polar_spectrum(x, n_fft) @ g.weight("istft", inverse.astype(np.float32))

    def _upsample(
        self, x: Tensor, name: str, channels: int, rate: int, taps: int
    ) -> Tensor:
        weight, bias = take_convolution(
            self.layers, name, channels, channels // 2, taps
        )
        x = self.memory.before(x, frames_before(taps, rate), channels)
        return convolve_repeated(self.layers, x, name, weight, bias, rate=rate)

    def _fuse_source(self, spectrum: Tensor, stage: int, channels: int) -> Tensor:
        """Downsample the source's spectrum to the rate of a stage and refine it."""
        hift = self.sizes.hift
        rate = int(np.prod(hift.upsample_rates[stage + 1 :]))
        taps = 1 if rate == 1 else 2 * rate
        name, rows = f"source_downs.{stage}", hift.n_fft + 2
        weight, bias = take_convolution(self.layers, name, rows, channels, taps)
        if rate > 1:
            # The zeros before a sentence are one less than a stride: with the extra
            # step of the spectrum the state has the same size for all pieces.
            spectrum = self.memory.before(spectrum, rate, rows).slice(1, self.lead)
        x = convolve(
            self.layers.exact(), spectrum, name, weight, bias, stride=rate, padding=0
        )
        return residual_block(
            self.layers,
            x,
            f"source_resblocks.{stage}",
            channels,
            hift.source_taps[stage],
            hift.source_dilations[stage],
            convolve=self.memory.convolve,
        )


def _shifts(x: Tensor, taps: int) -> Tensor:
    """Concatenate k neighbouring frames: (1, T + k - 1, C) -> (1, T, k C)."""
    last = taps - 1
    copies = [x.slice(1, tap, (tap - last) or None) for tap in range(taps)]
    return x.graph.concat(*copies, axis=2)


def _in_double(layers: Layers, name: str, array: np.ndarray) -> Tensor:
    return layers.weight(name, array).astype(TensorProto.DOUBLE)


def _elu(x: Tensor) -> Tensor:
    g = x.graph
    zero, one = np.zeros(()), np.ones(())  # of doubles, which a number would not be
    negative = g.op("Exp", g.op("Min", x, zero)) - one
    return g.op("Where", g.op("Greater", x, zero), x, negative)
