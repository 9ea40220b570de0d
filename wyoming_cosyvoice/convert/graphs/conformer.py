"""The encoder of text (causal) and of speech tokens (bidirectional).

A pre-norm transformer with relative positions, that upstream configures from ESPnet's
Conformer without convolutions (upstream cosyvoice/transformer/encoder.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.positions import look_up

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.sizes import EncoderSizes

_BLOCK_EPSILON = 1e-12
_NORM_EPSILON = 1e-5
# Minus infinity in a mask; becomes exactly zero in the softmax.
_MASKED = np.float32(-1e30)


@dataclass(frozen=True, slots=True)
class Encoder:
    """One encoder: its sizes, the prefix of its weights and its causality."""

    sizes: EncoderSizes
    prefix: str
    is_causal: bool
    embedding: str = "embed"
    stack: str = "encoders"

    def encode(self, layers: Layers, x: Tensor, tables: list[Tensor]) -> Tensor:
        """Encode rows.

        Shapes: x (1, L, D_in), tables (H, d_k, W) per block -> (1, L, D). The tables
        hold distances 0..W-1 if causal, else -(W//2)..W//2.
        """
        x = self.attend(layers, self.embed(layers, x), tables)
        return self.end(layers, x)

    def embed(self, layers: Layers, x: Tensor) -> Tensor:
        """Project rows (1, L, D_in) to the encoder's width and scale: (1, L, D)."""
        sizes, name = self.sizes, f"{self.prefix}.{self.embedding}.out"
        x = layers.linear(x, f"{name}.0", sizes.input_width, sizes.width)
        x = layers.layer_norm(x, f"{name}.1", sizes.width, _NORM_EPSILON)
        return x * math.sqrt(sizes.width)

    def end(self, layers: Layers, x: Tensor) -> Tensor:
        """Normalise the output of the last block, (1, L, D)."""
        name = f"{self.prefix}.after_norm"
        return layers.layer_norm(x, name, self.sizes.width, _NORM_EPSILON)

    def attend(
        self,
        layers: Layers,
        x: Tensor,
        tables: list[Tensor],
        chunk: Tensor | None = None,
    ) -> Tensor:
        """Run all blocks on rows (1, L, D).

        With ``chunk`` (1,), the chunk size, a row attends to its chunk and those
        before.
        """
        sizes = self.sizes
        indices, mask = self._distances(layers, x, tables[0])
        if chunk is not None:
            mask = _chunk_mask(layers, x, chunk)
        for block in range(sizes.blocks):
            at = f"{self.prefix}.{self.stack}.{block}"
            normed = layers.layer_norm(x, f"{at}.norm_mha", sizes.width, _BLOCK_EPSILON)
            x = x + self._attention(
                layers, normed, at, tables[block], indices=indices, mask=mask
            )
            normed = layers.layer_norm(x, f"{at}.norm_ff", sizes.width, _BLOCK_EPSILON)
            x = x + self._feed_forward(layers, normed, at)
        return x

    def _feed_forward(self, layers: Layers, x: Tensor, name: str) -> Tensor:
        width, hidden = self.sizes.width, self.sizes.hidden
        h = layers.linear(x, f"{name}.feed_forward.w_1", width, hidden)
        # With alpha 1 this is x * sigmoid(x): SiLU, also called swish.
        h = layers.graph.op("QuickGelu", h, domain=MICROSOFT, alpha=1.0)
        return layers.linear(h, f"{name}.feed_forward.w_2", hidden, width)

    def _attention(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        table: Tensor,
        *,
        indices: Tensor,
        mask: Tensor | None,
    ) -> Tensor:
        g, source = layers.graph, layers.source
        width, heads = self.sizes.width, self.sizes.heads
        head_width = width // heads
        at = f"{name}.self_attn"
        u = source.take(f"{at}.pos_bias_u", (heads, head_width)).reshape(
            1, heads, 1, -1
        )
        v = source.take(f"{at}.pos_bias_v", (heads, head_width)).reshape(
            1, heads, 1, -1
        )
        q, k, value = (
            layers.linear(x, f"{at}.linear_{part}", width, width).reshape(
                0, 0, heads, head_width
            )
            for part in "qkv"
        )  # (1, L, H, d_k)
        q = q.transpose(0, 2, 1, 3)  # (1, H, L, d_k)
        by_content = ((q + u) * (1 / math.sqrt(head_width))) @ k.transpose(0, 2, 3, 1)
        by_distance = look_up(g, (q + v) @ table, indices)  # (1, H, L, L)
        scores = by_content + by_distance
        if mask is not None:
            scores = scores + mask
        weights = g.op("Softmax", scores, axis=-1)
        y = (weights @ value.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)
        y = y.reshape(0, 0, width)  # (1, L, D)
        return layers.linear(y, f"{at}.linear_out", width, width)

    def _distances(
        self, layers: Layers, x: Tensor, table: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Return the table column of i - j, int64 (1, H, L, L), and the causal mask."""
        g = layers.graph
        zero, one = np.array(0, np.int64), np.array(1, np.int64)
        steps = g.op("Range", zero, x.size(1).reshape(), one)  # (L,)
        distances = steps.unsqueeze(1) - steps.unsqueeze(0)  # (L, L)
        mask = None
        if self.is_causal:
            is_future = g.op("Less", distances, zero)
            mask = g.op("Where", is_future, _MASKED, np.float32(0))  # (L, L)
            columns = g.op("Max", distances, zero)
        else:
            middle = g.op("Div", table.size(2), g.ints(2))  # (1,)
            columns = distances + middle
        heads = g.ints(1, self.sizes.heads, 1, 1)
        return g.op("Expand", columns, heads), mask


def _chunk_mask(layers: Layers, x: Tensor, chunk: Tensor) -> Tensor:
    """Return the mask of later chunks for each row of x (1, L, D): (L, L)."""
    g = layers.graph
    zero, one = np.array(0, np.int64), np.array(1, np.int64)
    chunks = g.op("Div", g.op("Range", zero, x.size(1).reshape(), one), chunk)  # (L,)
    is_later = g.op("Less", chunks.unsqueeze(1), chunks.unsqueeze(0))
    return g.op("Where", is_later, _MASKED, np.float32(0))
