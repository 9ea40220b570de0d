"""Layers that several networks share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT, Graph, Tensor
from wyoming_cosyvoice.convert.graphs.quantize import (
    WeightFormat,
    quantize_blocks,
    quantize_columns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Inputs per scale: coarse for 8 bits, where rounding hardly matters, fine for 4 bits.
_BLOCK = {8: 256, 4: 32}
_GROUP_EPSILON = 1e-5


class TensorSource(Protocol):
    """Source of the weights of a builder: one network of a release."""

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return a tensor of exactly this shape.

        Raises: MalformedCheckpoint if it is missing, of another shape or not finite.
        """

    def take_double(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """Return a tensor in double precision, for values that accumulate."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of one network: its graph, its weights and their format."""

    graph: Graph
    source: TensorSource
    format: WeightFormat

    def in_float(self) -> Layers:
        """Return the same layers with float32 weights."""
        return replace(self, format=WeightFormat.FLOAT)

    def exact(self) -> Layers:
        """Return the same layers unquantised: float32, or float16 if not FLOAT."""
        return self if self._is_float else replace(self, format=WeightFormat.HALF)

    def in_blocks(self) -> Layers:
        """Return the same layers with a scale per block, unless they are in float."""
        return self if self._is_float else replace(self, format=WeightFormat.BLOCKS8)

    def in_8_bits(self) -> Layers:
        """Return the same layers with at least 8 bits."""
        return self.in_blocks() if self.format is WeightFormat.BLOCKS4 else self

    @property
    def _is_float(self) -> bool:
        return self.format in (WeightFormat.FLOAT, WeightFormat.FLOAT16)

    def weight(self, name: str, array: NDArray[np.floating]) -> Tensor:
        """Store an array of floats in the format of the layers."""
        if self.format in (WeightFormat.HALF, WeightFormat.FLOAT16):
            half = array.astype(np.float16)
            return self.graph.weight(name, half).astype(TensorProto.FLOAT)
        return self.graph.weight(name, array)

    def take_linear(
        self, name: str, inputs: int, outputs: int, *, bias: bool = True
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return weight (out, in) and bias (out,) of a linear layer."""
        weight = self.source.take(f"{name}.weight", (outputs, inputs))
        return weight, self.source.take(f"{name}.bias", (outputs,)) if bias else None

    def linear(
        self, x: Tensor, name: str, inputs: int, outputs: int, *, bias: bool = True
    ) -> Tensor:
        """Apply a linear layer to the last axis."""
        weight, offset = self.take_linear(name, inputs, outputs, bias=bias)
        return self.matmul(x, name, weight, offset)

    def matmul(
        self,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32] | None,
    ) -> Tensor:
        """Multiply the last axis by ``weight`` (out, in) and add ``bias`` (out,)."""
        g = self.graph
        match self.format:
            case WeightFormat.FLOAT | WeightFormat.FLOAT16 | WeightFormat.HALF:
                y = x @ self.weight(f"{name}.weight", weight.T)
                return y if bias is None else y + g.weight(f"{name}.bias", bias)
            case WeightFormat.COLUMNS:
                integers, scale = quantize_columns(weight.T)
                return g.op(
                    "DynamicQuantizeMatMul",
                    x,
                    g.weight(f"{name}.weight", integers),
                    g.weight(f"{name}.scale", scale),
                    None,
                    None if bias is None else g.weight(f"{name}.bias", bias),
                    domain=MICROSOFT,
                )
            case WeightFormat.BLOCKS8 | WeightFormat.BLOCKS4 as blocks:
                bits = 8 if blocks is WeightFormat.BLOCKS8 else 4
                return product_of_blocks(g, x, name, weight, bias, bits=bits)

    def matmuls(
        self, x: Tensor, names: Sequence[str], weights: Sequence[NDArray[np.float32]]
    ) -> tuple[Tensor, ...]:
        """Multiply x by several matrices (out, in), rounding it to 8 bits only once."""
        if self.format is not WeightFormat.COLUMNS:
            pairs = zip(names, weights, strict=True)
            return tuple(self.matmul(x, name, weight, None) for name, weight in pairs)
        g = self.graph
        levels, step, zero = g.ops("DynamicQuantizeLinear", x, outputs=3)
        results = []
        for name, weight in zip(names, weights, strict=True):
            integers, scale = quantize_columns(weight.T)
            result = g.op(
                "MatMulIntegerToFloat",
                levels,
                g.weight(f"{name}.weight", integers),
                step,
                g.weight(f"{name}.scale", scale),
                zero,
                domain=MICROSOFT,
            )
            results.append(result)
        return tuple(results)

    def layer_norm(self, x: Tensor, name: str, width: int, epsilon: float) -> Tensor:
        """Normalise the last axis."""
        g = self.graph
        return g.op(
            "LayerNormalization",
            x,
            g.weight(f"{name}.weight", self.source.take(f"{name}.weight", (width,))),
            g.weight(f"{name}.bias", self.source.take(f"{name}.bias", (width,))),
            epsilon=epsilon,
        )

    def add_and_norm(
        self, x: Tensor, skip: Tensor, name: str, width: int, epsilon: float
    ) -> tuple[Tensor, Tensor]:
        """Return norm(x + skip) and x + skip, by one fused node."""
        g = self.graph
        normed, _, _, total = g.ops(
            "SkipLayerNormalization",
            x,
            skip,
            g.weight(f"{name}.weight", self.source.take(f"{name}.weight", (width,))),
            g.weight(f"{name}.bias", self.source.take(f"{name}.bias", (width,))),
            outputs=4,
            domain=MICROSOFT,
            epsilon=epsilon,
        )
        return normed, total


def product_of_blocks(
    g: Graph,
    x: Tensor,
    name: str,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    bits: int,
) -> Tensor:
    """Multiply the last axis by ``weight`` (out, in), stored with a scale per block."""
    packed, scale = quantize_blocks(weight, bits=bits, block=_BLOCK[bits])
    return g.op(
        "MatMulNBits",
        x,
        g.weight(f"{name}.weight", packed),
        g.weight(f"{name}.scale", scale),
        None,
        None,
        None if bias is None else g.weight(f"{name}.bias", bias),
        domain=MICROSOFT,
        K=weight.shape[1],
        N=weight.shape[0],
        bits=bits,
        block_size=_BLOCK[bits],
        accuracy_level=4,
    )


def wave_frequencies(count: int, spacing: float) -> NDArray[np.float32]:
    """Return exp(-spacing * n) for 0 <= n < count, rounded as the original rounds it.

    Positions go up to 1000, where an error in the last digit of the frequency becomes
    1e-4; and numpy's float32 exponential has an error in that digit.
    """
    exponents = np.arange(count, dtype=np.float32) * np.float32(-spacing)
    return np.exp(exponents.astype(np.float64)).astype(np.float32)


def normalize_speaker(g: Graph, embedding: Tensor) -> Tensor:
    """Scale speaker vectors (n, E) to length 1; n may be 0."""
    norm = g.op("ReduceL2", embedding, g.ints(1), keepdims=1)  # (n, 1)
    return embedding / g.op("Max", norm, np.float32(1e-12).reshape(()))


def mish(g: Graph, x: Tensor) -> Tensor:
    """Apply x * tanh(softplus(x)).

    With s = sigmoid(-x), tanh(softplus(x)) = (1 - s^2) / (1 + s^2). ONNX Runtime has
    vectorised code for the sigmoid but not for softplus: seven times as fast.
    """
    s = g.op("Sigmoid", g.op("Neg", x))
    return x * (2.0 / (s * s + 1.0) - 1.0)


def group_norm(
    layers: Layers, x: Tensor, name: str, channels: int, *, groups: int
) -> Tensor:
    """Normalise (B, T, C) over time and the channels of each group."""
    g, source = layers.graph, layers.source
    weight = source.take(f"{name}.weight", (channels,))
    bias = source.take(f"{name}.bias", (channels,))
    mean = g.op("ReduceMean", x, g.ints(1), keepdims=1)  # (B, 1, C)
    square = g.op("ReduceMean", x * x, g.ints(1), keepdims=1)
    mean, square = (
        g.op(
            "ReduceMean",
            moment.reshape(0, groups, channels // groups),
            g.ints(2),
            keepdims=1,
        )
        for moment in (mean, square)
    )  # (B, G, 1)
    deviation = g.op("Sqrt", square - mean * mean + _GROUP_EPSILON)
    shape = (1, groups, channels // groups)
    scale = weight.reshape(shape) / deviation  # (B, G, C / G)
    shift = bias.reshape(shape) - mean * scale
    return x * scale.reshape(0, 1, channels) + shift.reshape(0, 1, channels)
