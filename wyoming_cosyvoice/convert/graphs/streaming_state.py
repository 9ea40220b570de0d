"""The state of networks that work chunk by chunk.

Causal convolutions keep their last input frames, attention keeps keys and values. Both
are plain inputs and outputs, so the caller decides how many sentences run at a time and
how much is cached.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.convolution import convolve
from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat

if TYPE_CHECKING:
    from typing import Self

    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Graph, Shape, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers

_LARGEST = 127.0
_SMALLEST_SCALE = np.float32(1e-12)


@dataclass(slots=True)
class ConvolutionState:
    """The last inputs of all convolutions in the order of use, as one row.

    <name>       (B, X)   zeros at the beginning of a sentence
    -> <name>_next (B, X)
    """

    graph: Graph
    name: str
    batch: int | str
    row: Tensor
    used: int = 0
    kept: list[Tensor] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        graph: Graph,
        dtype: int = TensorProto.FLOAT,
        *,
        name: str = "memory",
        batch: int | str = 1,
    ) -> Self:
        """Add the input."""
        return cls(graph, name, batch, graph.input(name, dtype, [batch, "X"]))

    def before(self, x: Tensor, frames: int, channels: int) -> Tensor:
        """Return x (B, T, C) after the last frames of the previous piece."""
        size = frames * channels
        past = self.row.slice(1, self.used, self.used + size)
        joined = self.graph.concat(past.reshape(0, frames, channels), x, axis=1)
        self.kept.append(joined.slice(1, -frames).reshape(0, size))
        self.used += size
        return joined  # (B, frames + T, C)

    def convolve(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32] | None,
        *,
        dilation: int = 1,
    ) -> Tensor:
        """Convolve causally: x (B, T, C), weight (O, C, k) -> (B, T, O)."""
        _, channels, taps = weight.shape
        if taps > 1:
            x = self.before(x, dilation * (taps - 1), channels)
        return convolve(layers, x, name, weight, bias, dilation=dilation, padding=0)

    def finish(self, dtype: int = TensorProto.FLOAT) -> None:
        """Add the output, now that the size is known."""
        shape: Shape = [self.batch, self.used]
        self.graph.resize(self.row, shape)
        kept = self.graph.concat(*self.kept, axis=1)
        self.graph.output(f"{self.name}_next", kept, shape, dtype)


@dataclass(slots=True)
class AttentionCache:
    """Cached keys and values of all blocks, and those of new frames.

        kept          (P, N, 2, B, D)   float32, or int8 beside
        kept_scale    float32 (P, N, 2, B, H)   scales of the integers per head
        -> made, made_scale             the same of T new frames

    Networks with integer weights cache integers: a quarter of the memory, which for a
    long sentence is several times that of the weights.
    """

    layers: Layers
    blocks: int
    width: int
    heads: int
    _kept: Tensor
    _scale: Tensor | None
    _made: list[Tensor] = field(default_factory=list)
    _made_scales: list[Tensor] = field(default_factory=list)

    @classmethod
    def of(cls, layers: Layers, *, blocks: int, width: int, heads: int) -> Self:
        """Add the inputs."""
        g = layers.graph
        is_float = layers.format is WeightFormat.FLOAT
        dtype = TensorProto.FLOAT if is_float else TensorProto.INT8
        kept = g.input("kept", dtype, ["P", blocks, 2, "B", width])
        scale = None
        if not is_float:
            shape: Shape = ["P", blocks, 2, "B", heads]
            scale = g.input("kept_scale", TensorProto.FLOAT, shape)
        return cls(layers, blocks, width, heads, kept, scale)

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Attend from new frames (B, T, D) to all: (B, T, D). Once per block."""
        g = self.layers.graph
        new = g.concat(k.unsqueeze(0), v.unsqueeze(0), axis=0)  # (2, B, T, D)
        earlier = self._earlier(np.int64(len(self._made)))  # (P, 2, B, D)
        self._remember(new.transpose(2, 0, 1, 3))
        everything = g.concat(earlier.transpose(1, 2, 0, 3), new, axis=2)
        keys, values = (
            g.op("Gather", everything, np.int64(part), axis=0) for part in (0, 1)
        )  # (B, P + T, D) each
        return g.op(
            "MultiHeadAttention",
            *(q, keys, values),
            domain=MICROSOFT,
            num_heads=self.heads,
        )

    def finish(self) -> None:
        """Add the outputs, after the last block."""
        g = self.layers.graph
        shape: Shape = ["T", self.blocks, 2, "B", self.width]
        made = g.concat(*self._made, axis=1)
        if self._scale is None:
            g.output("made", made, shape)
            return
        g.output("made", made, shape, TensorProto.INT8)
        scales = g.concat(*self._made_scales, axis=1)
        g.output("made_scale", scales, ["T", self.blocks, 2, "B", self.heads])

    def _earlier(self, block: np.int64) -> Tensor:
        g = self.layers.graph
        earlier = g.op("Gather", self._kept, block, axis=1)
        if self._scale is None:
            return earlier
        scale = g.op("Gather", self._scale, block, axis=1).unsqueeze(4)
        head = self.width // self.heads
        floats = earlier.astype(TensorProto.FLOAT).reshape(0, 0, 0, self.heads, head)
        return (floats * scale).reshape(0, 0, 0, self.width)

    def _remember(self, new: Tensor) -> None:
        """Store the keys and values of a block for new frames, (T, 2, B, D)."""
        if self._scale is None:
            self._made.append(new.unsqueeze(1))
            return
        g = new.graph
        split = new.reshape(0, 0, 0, self.heads, self.width // self.heads)
        peak = g.op("ReduceMax", g.op("Abs", split), g.ints(4), keepdims=1)
        scale = g.op("Max", peak * (1 / _LARGEST), _SMALLEST_SCALE.reshape(()))
        integers = g.op("Round", split / scale).astype(TensorProto.INT8)
        self._made.append(integers.reshape(0, 0, 0, self.width).unsqueeze(1))
        self._made_scales.append(g.op("Squeeze", scale, g.ints(4)).unsqueeze(1))
