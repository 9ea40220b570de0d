"""The estimator of CosyVoice3's flow: a transformer over mel frames.

    mel        float32 (1, T, M)         the mel at one time of the flow
    condition  float32 (B, T, 3 M)       prompt mel, mu and speaker of each row
    moment     float32 (6 N + 2, D)      shift, scale or gate of each norm at this time
    first      int64   (1,)              frames of the sentence before these
    heard      float32 (2, B, K, D)      state of the two position layers
    kept       (P, N, 2, B, D)           keys and values of the frames before
    -> velocity   float32 (B, T, M)
    -> heard_next float32 (2, B, K, D)
    -> made       (T, N, 2, B, D)          keys and values of these frames
       (streaming_state.py documents how both are stored)

A frame attends to its own chunk and to all frames before. So a chunk needs no mask,
only the cache of earlier chunks; with P = 0 all frames attend to each other, as in the
original for a whole sentence. The times are known in advance: the time branch of the
network runs at conversion (``moments``), and its scales and shifts are inputs of the
norms.

Paper: CosyVoice 3, arXiv 2505.17589; DiT, arXiv 2212.09748, as in F5-TTS,
arXiv 2410.06885; upstream cosyvoice/flow/DiT.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.layers import (
    Layers,
    TensorSource,
    mish,
    wave_frequencies,
)
from wyoming_cosyvoice.convert.graphs.streaming_state import AttentionCache

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor
    from wyoming_cosyvoice.convert.release.cosyvoice3 import DitSizes

    Floats = NDArray[np.float32]

_NAME = "decoder.estimator"
_NORM_EPSILON = 1e-6
_TIME_WIDTH = 256
_TIME_SCALE = 1000.0
_ROTATION_BASE = 10_000.0
# Per block: shift, scale and gate of attention, then of the feed-forward layer.
_PARTS = 6
# Constants in the original's code, not in its configuration.
POSITION_TAPS = 31
_POSITION_GROUPS = 16


def build_dit(layers: Layers, sizes: DitSizes) -> None:
    """Write ``flow_estimator.onnx``."""
    g, bins, width, blocks = layers.graph, sizes.mel_bins, sizes.width, sizes.blocks
    heard_frames = POSITION_TAPS - 1
    mel = g.input("mel", TensorProto.FLOAT, [1, "T", bins])
    condition = g.input("condition", TensorProto.FLOAT, ["B", "T", 3 * bins])
    moment = g.input("moment", TensorProto.FLOAT, [_PARTS * blocks + 2, width])
    first = g.input("first", TensorProto.INT64, [1])
    heard = g.input("heard", TensorProto.FLOAT, [2, "B", heard_frames, width])
    inner = sizes.heads * sizes.head_width
    memory = AttentionCache.of(layers, blocks=blocks, width=inner, heads=sizes.heads)

    batch = g.concat(condition.size(0), g.ints(1, 1), axis=0)
    x = g.concat(g.op("Expand", mel, batch), condition, axis=2)  # (B, T, 4 M)
    # A trained network copies the mel itself through here: keep it in float.
    exact = layers.exact()
    x = exact.linear(x, f"{_NAME}.input_embed.proj", 4 * bins, width)  # (B, T, D)
    positions, heard_next = _embed_positions(exact, x, heard, width)
    x = x + positions

    turn = _Rotation.at(g, first, x.size(1), sizes)
    for block in range(blocks):
        at = _Block(layers, sizes, f"{_NAME}.transformer_blocks.{block}", memory)
        row = moment.slice(0, _PARTS * block, _PARTS * (block + 1))
        x = at.apply(x, row, turn)
    scale, shift = _rows(moment.slice(0, _PARTS * blocks), 2)
    x = _modulated_norm(g, x, shift, scale, width)
    x = exact.linear(x, f"{_NAME}.proj_out", width, bins)
    g.output("velocity", x, ["B", "T", bins])
    g.output("heard_next", heard_next, [2, "B", heard_frames, width])
    memory.finish()
    g.save()


def moments(source: TensorSource, sizes: DitSizes, times: Floats) -> Floats:
    """Run the time branch of the network.

    Shapes: times (S,), 0 to 1; returns (S, 6 N + 2, D), rows in the order of
    ``moment``.
    """
    half, width = _TIME_WIDTH // 2, sizes.width
    frequencies = wave_frequencies(half, math.log(10_000.0) / (half - 1))
    angles = np.float32(_TIME_SCALE) * times[:, None] * frequencies
    h = np.concatenate([np.sin(angles), np.cos(angles)], axis=1)  # (S, 256)
    mlp = f"{_NAME}.time_embed.time_mlp"
    h = _silu(_linear(source, h, f"{mlp}.0", width))
    h = _silu(_linear(source, h, f"{mlp}.2", width))  # (S, D)
    parts = [
        _linear(
            source,
            h,
            f"{_NAME}.transformer_blocks.{block}.attn_norm.linear",
            _PARTS * width,
        )
        for block in range(sizes.blocks)
    ]
    parts.append(_linear(source, h, f"{_NAME}.norm_out.linear", 2 * width))
    rows: Floats = np.concatenate(parts, axis=1).reshape(len(times), -1, width)
    return rows


def take_rotation(source: TensorSource, sizes: DitSizes) -> None:
    """Take the stored frequencies, which are those that the graph computes itself."""
    source.take(f"{_NAME}.rotary_embed.inv_freq", (sizes.head_width // 2,))


@dataclass(frozen=True, slots=True)
class _Rotation:
    """Rotary positions for neighbouring channels of the first head.

    The original rotates queries and keys before it splits them into heads, so the other
    heads get no positions this way.
    """

    cosine: Tensor  # (T, d_k), each angle twice
    sine: Tensor
    head_width: int

    @classmethod
    def at(cls, g: Graph, first: Tensor, count: Tensor, sizes: DitSizes) -> _Rotation:
        """Return the rotation of ``count`` frames after ``first`` others."""
        zero_d = g.ints(0)
        start = g.op("Squeeze", first, zero_d)
        end = g.op("Squeeze", first + count, zero_d)
        numbers = g.op("Range", start, end, np.int64(1)).astype(TensorProto.FLOAT)
        width = sizes.head_width
        exponents = np.repeat(np.arange(0, width, 2) / width, 2)
        frequencies = (_ROTATION_BASE**-exponents).astype(np.float32)[None]
        angles = numbers.unsqueeze(1) * frequencies  # (T, d_k)
        return cls(g.op("Cos", angles), g.op("Sin", angles), width)

    def turn(self, x: Tensor, width: int) -> Tensor:
        """Rotate x (B, T, D)."""
        g = x.graph
        d = self.head_width
        head = x.slice(2, 0, d)  # (B, T, d_k)
        pairs = head.reshape(0, 0, d // 2, 2)
        even, odd = pairs.slice(3, 0, 1), pairs.slice(3, 1, 2)
        crossed = g.concat(g.op("Neg", odd), even, axis=3).reshape(0, 0, d)
        turned = head * self.cosine + crossed * self.sine
        return turned if d == width else g.concat(turned, x.slice(2, d), axis=2)


@dataclass(frozen=True, slots=True)
class _Block:
    layers: Layers
    sizes: DitSizes
    name: str
    memory: AttentionCache

    def apply(self, x: Tensor, moment: Tensor, rotation: _Rotation) -> Tensor:
        """Attend, then feed forward: x (B, T, D)."""
        g, layers, width = self.layers.graph, self.layers, self.sizes.width
        shift, scale, gate, shift_ff, scale_ff, gate_ff = _rows(moment, _PARTS)
        normed = _modulated_norm(g, x, shift, scale, width)
        x = x + gate * self._attend(normed, rotation)
        normed = _modulated_norm(g, x, shift_ff, scale_ff, width)
        inner = self.sizes.hidden
        h = layers.linear(normed, f"{self.name}.ff.ff.0.0", width, inner)
        h = g.op("Gelu", h, approximate="tanh")
        h = layers.linear(h, f"{self.name}.ff.ff.2", inner, width)
        return x + gate_ff * h

    def _attend(self, x: Tensor, rotation: _Rotation) -> Tensor:
        g, layers, sizes = self.layers.graph, self.layers, self.sizes
        width, inner = sizes.width, sizes.heads * sizes.head_width
        names = [f"{self.name}.attn.to_{part}" for part in "qkv"]
        taken = [layers.take_linear(name, width, inner) for name in names]
        products = layers.matmuls(x, names, [weight for weight, _ in taken])
        q, k, v = (
            product + g.weight(f"{name}.bias", bias)
            for product, name, (_, bias) in zip(products, names, taken, strict=True)
            if bias is not None
        )  # (B, T, H d_k) each
        q, k = rotation.turn(q, inner), rotation.turn(k, inner)
        y = self.memory.attend(q, k, v)
        return layers.linear(y, f"{self.name}.attn.to_out.0", inner, width)


def _embed_positions(
    layers: Layers, x: Tensor, heard: Tensor, width: int
) -> tuple[Tensor, Tensor]:
    """Add the convolutional position embedding: two causal grouped convolutions."""
    g, source = layers.graph, layers.source
    kept = []
    for layer, before in enumerate(_rows(heard, 2)):
        name = f"{_NAME}.input_embed.conv_pos_embed.conv{layer + 1}.0"
        shape = (width, width // _POSITION_GROUPS, POSITION_TAPS)
        joined = g.concat(before, x, axis=1)  # (B, K + T, D)
        kept.append(joined.slice(1, -(POSITION_TAPS - 1)).unsqueeze(0))
        y = g.op(
            "Conv",
            joined.transpose(0, 2, 1),
            layers.weight(f"{name}.weight", source.take(f"{name}.weight", shape)),
            g.weight(f"{name}.bias", source.take(f"{name}.bias", (width,))),
            group=_POSITION_GROUPS,
            kernel_shape=[POSITION_TAPS],
        )  # (B, D, T)
        x = mish(g, y.transpose(0, 2, 1))
    return x, g.concat(*kept, axis=0)


def _modulated_norm(
    g: Graph, x: Tensor, shift: Tensor, scale: Tensor, width: int
) -> Tensor:
    """Normalise the last axis, with scale (D,) and shift (D,) for this time."""
    return g.op(
        "LayerNormalization",
        *(x, (scale + 1.0).reshape(width), shift.reshape(width)),
        epsilon=_NORM_EPSILON,
    )


def _rows(x: Tensor, count: int) -> tuple[Tensor, ...]:
    """Split x (count, ...) along its first axis."""
    g = x.graph
    return tuple(g.op("Gather", x, np.int64(row), axis=0) for row in range(count))


def _linear(source: TensorSource, x: Floats, name: str, outputs: int) -> Floats:
    weight = source.take(f"{name}.weight", (outputs, x.shape[1]))
    y: Floats = x @ weight.T + source.take(f"{name}.bias", (outputs,))
    return y


def _silu(x: Floats) -> Floats:
    y: Floats = x / (1 + np.exp(-x))
    return y
