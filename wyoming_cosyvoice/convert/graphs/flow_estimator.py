"""The flow's estimator: the velocity of a noisy mel at time t.

    mel        float32 (1, T, M)    the mel at time t
    condition  float32 (B, T, 3 M)  mu, speaker and prompt mel of each row
    time       float32 (1,)         t, 0 <= t <= 1
    -> velocity float32 (B, T, M)

Row 0 is conditional; with guidance the caller adds a row of zeros (classifier-free
guidance). A 1-D U-Net of residual and transformer blocks, time-major throughout.
Paper: Matcha-TTS, arXiv 2309.03199; upstream cosyvoice/flow/decoder.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.convolution import convolve, convolve_transposed
from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.layers import (
    Layers,
    group_norm,
    mish,
    wave_frequencies,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.release.sizes import EstimatorSizes

_GROUPS = 8
_NORM_EPSILON = 1e-5
# Times are scaled to the range of the sinusoidal embedding.
_TIME_SCALE = 1000.0


def build_flow_estimator(layers: Layers, sizes: EstimatorSizes) -> None:
    """Write ``flow_estimator.onnx``."""
    g, bins = layers.graph, sizes.mel_bins
    mel = g.input("mel", TensorProto.FLOAT, [1, "T", bins])
    condition = g.input("condition", TensorProto.FLOAT, ["B", "T", 3 * bins])
    time = g.input("time", TensorProto.FLOAT, [1])

    batch = g.concat(condition.size(0), g.ints(1, 1), axis=0)
    rows = g.concat(g.op("Expand", mel, batch), condition, axis=2)  # (B, T, 4 M)
    unet = UNet(
        layers, sizes, embed_time(layers, sizes, time), _FullContext(sizes.heads)
    )
    g.output("velocity", unet.estimate(rows), ["B", "T", bins])
    g.save()


def embed_time(layers: Layers, sizes: EstimatorSizes, time: Tensor) -> Tensor:
    """Embed t (1,) as a row (1, D_t), with Mish applied, for all residual blocks."""
    g, width = layers.graph, 4 * sizes.mel_bins
    half = width // 2
    frequencies = wave_frequencies(half, math.log(10000.0) / (half - 1))
    angles = (time * _TIME_SCALE).unsqueeze(1) * frequencies[None, :]  # (1, 2 M)
    waves = g.concat(g.op("Sin", angles), g.op("Cos", angles), axis=1)  # (1, 4 M)
    blocks = layers.in_blocks()
    name, inner = "decoder.estimator.time_mlp", sizes.time_width
    h = blocks.linear(waves, f"{name}.linear_1", width, inner)
    h = g.op("QuickGelu", h, domain=MICROSOFT, alpha=1.0)  # SiLU
    return mish(g, blocks.linear(h, f"{name}.linear_2", inner, inner))


class Context(Protocol):
    """The layers that mix frames, in which the families differ."""

    def convolve(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> Tensor:
        """Convolve over time without a change of length."""

    def norm(self, layers: Layers, x: Tensor, name: str, channels: int) -> Tensor:
        """Normalise the output of the convolution ``name``, (B, T, C)."""

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Attend over frames, (B, T, H d_k) each; once per transformer block."""


@dataclass(frozen=True, slots=True)
class _FullContext:
    """Bidirectional: centred convolutions, norms over the whole mel."""

    heads: int

    def convolve(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> Tensor:
        return convolve(layers, x, name, weight, bias)

    def norm(self, layers: Layers, x: Tensor, name: str, channels: int) -> Tensor:
        return group_norm(layers, x, f"{name}.1", channels, groups=_GROUPS)

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return q.graph.op(
            "MultiHeadAttention", q, k, v, domain=MICROSOFT, num_heads=self.heads
        )


@dataclass(frozen=True, slots=True)
class UNet:
    """The network at one time of the flow."""

    layers: Layers
    sizes: EstimatorSizes
    time: Tensor  # (1, D_t)
    hearing: Context

    def estimate(self, x: Tensor) -> Tensor:
        """Run the down, middle and up blocks: (B, T, 4 M) -> (B, T, M)."""
        g, channels = self.layers.graph, self.sizes.channels
        inputs, levels = 4 * self.sizes.mel_bins, len(channels)
        skips = []
        for level, outputs in enumerate(channels):
            name = f"down_blocks.{level}"
            x = self._level(self.layers, x, name, inputs, outputs)
            skips.append(x)
            stride = 1 if level == levels - 1 else 2
            conv = f"{name}.2" if stride == 1 else f"{name}.2.conv"
            if stride == 1:
                x = self._convolve(self.layers, x, conv, outputs, outputs)
            else:
                weight, bias = self._take_convolution(conv, outputs, outputs, taps=3)
                x = convolve(self.layers, x, conv, weight, bias, stride=stride)
            inputs = outputs
        for block in range(self.sizes.middle_blocks):
            x = self._level(self.layers, x, f"mid_blocks.{block}", inputs, inputs)
        for level, outputs in enumerate([*channels[-2::-1], channels[0]]):
            # The last up block works on the mel itself: keep it in float.
            is_last = level == levels - 1
            layers = self.layers.exact() if is_last else self.layers
            name = f"up_blocks.{level}"
            skip = skips.pop()
            x = g.concat(x.slice(1, 0, skip.size(1)), skip, axis=2)  # (B, T, 2 C)
            x = self._level(layers, x, name, 2 * inputs, outputs)
            if is_last:
                x = self._convolve(layers, x, f"{name}.2", outputs, outputs)
            else:
                x = self._upsample(x, f"{name}.2.conv", outputs)
            inputs = outputs
        exact = self.layers.exact()
        x = self._block(exact, x, "final_block", inputs, inputs)
        weight, bias = self._take_convolution(
            "final_proj", inputs, self.sizes.mel_bins, taps=1
        )
        return exact.matmul(x, "final_proj", weight[:, :, 0], bias)

    def _level(
        self, layers: Layers, x: Tensor, name: str, inputs: int, outputs: int
    ) -> Tensor:
        x = self._residual(layers, x, f"{name}.0", inputs, outputs)
        # Attention and feed-forward are residual: their rounding errors stay small.
        return self._transformers(self.layers, x, f"{name}.1", outputs)

    def _residual(
        self, layers: Layers, x: Tensor, name: str, inputs: int, outputs: int
    ) -> Tensor:
        """Two convolutions, with the time embedding added between, and a 1x1 skip."""
        h = self._block(layers, x, f"{name}.block1", inputs, outputs)
        time = layers.in_blocks().linear(
            self.time, f"decoder.estimator.{name}.mlp.1", self.sizes.time_width, outputs
        )
        h = h + time.unsqueeze(1)
        h = self._block(layers, h, f"{name}.block2", outputs, outputs)
        # A trained network copies values through here that must cancel out exactly.
        weight, bias = self._take_convolution(
            f"{name}.res_conv", inputs, outputs, taps=1
        )
        skip = layers.exact().matmul(x, f"{name}.res_conv", weight[:, :, 0], bias)
        return h + skip

    def _block(
        self, layers: Layers, x: Tensor, name: str, inputs: int, outputs: int
    ) -> Tensor:
        x = self._convolve(layers, x, f"{name}.block.0", inputs, outputs)
        norm = f"decoder.estimator.{name}.block"
        return mish(layers.graph, self.hearing.norm(layers, x, norm, outputs))

    def _transformers(self, layers: Layers, x: Tensor, name: str, width: int) -> Tensor:
        """Attend over frames, then a feed-forward layer with GELU; a few times."""
        g, blocks = layers.graph, self.sizes.transformer_blocks
        inner = self.sizes.heads * self.sizes.head_width
        for block in range(blocks):
            at = f"decoder.estimator.{name}.{block}"
            normed = layers.layer_norm(x, f"{at}.norm1", width, _NORM_EPSILON)
            names = [f"{at}.attn1.to_{part}" for part in "qkv"]
            weights = [
                layers.take_linear(part, width, inner, bias=False)[0] for part in names
            ]
            q, k, v = layers.matmuls(normed, names, weights)  # (B, T, H d_k) each
            y = self.hearing.attend(q, k, v)
            x = x + layers.linear(y, f"{at}.attn1.to_out.0", inner, width)
            normed = layers.layer_norm(x, f"{at}.norm3", width, _NORM_EPSILON)
            h = layers.linear(normed, f"{at}.ff.net.0.proj", width, 4 * width)
            x = x + layers.linear(g.op("Gelu", h), f"{at}.ff.net.2", 4 * width, width)
        return x

    def _convolve(
        self, layers: Layers, x: Tensor, name: str, inputs: int, outputs: int
    ) -> Tensor:
        weight, bias = self._take_convolution(name, inputs, outputs, taps=3)
        return self.hearing.convolve(layers, x, name, weight, bias)

    def _upsample(self, x: Tensor, name: str, channels: int) -> Tensor:
        weight = self.layers.source.take(
            f"decoder.estimator.{name}.weight", (channels, channels, 4)
        )
        bias = self.layers.source.take(f"decoder.estimator.{name}.bias", (channels,))
        return convolve_transposed(
            self.layers, x, name, weight, bias, stride=2, padding=1
        )

    def _take_convolution(
        self, name: str, inputs: int, outputs: int, *, taps: int
    ) -> tuple[np.ndarray, np.ndarray]:
        source, at = self.layers.source, f"decoder.estimator.{name}"
        weight = source.take(f"{at}.weight", (outputs, inputs, taps))
        return weight, source.take(f"{at}.bias", (outputs,))
