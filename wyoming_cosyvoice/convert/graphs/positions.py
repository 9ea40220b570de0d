"""Relative positions: tables of projected distances, and their lookup.

Attention in CosyVoice scores a query i against a key j by content and by distance
(Transformer-XL, arXiv 1901.02860, section 3.3):

    score(i, j) = ((q_i + u) . k_j + (q_i + v) . W_pos r_(i-j)) / sqrt(d_k)

``W_pos r_d`` depends only on weights and distance. The original computes it at every
decoding step; here a separate small graph, ``<network>_positions.onnx``, projects all
distances once, and the networks take the tables as inputs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.layers import wave_frequencies

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Graph, Shape, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers


def build_positions(
    layers: Layers,
    prefix: str,
    blocks: int,
    width: int,
    heads: int,
    stack: str = "encoders",
) -> None:
    """Write the graph that projects distances.

    Shapes: distances float32 (W,) -> positions_<block> float32 (H, d_k, W), divided by
    sqrt(d_k) already.
    """
    g = layers.graph
    head_width = width // heads
    distances = g.input("distances", TensorProto.FLOAT, ["W"])
    # r_d interleaves sine and cosine: sin(d f_0), cos(d f_0), sin(d f_1), ...
    frequencies = wave_frequencies(width // 2, 2 * math.log(10000.0) / width)
    angles = distances.unsqueeze(1) * frequencies[None, :]  # (W, D / 2)
    waves = g.concat(
        g.op("Sin", angles).unsqueeze(2), g.op("Cos", angles).unsqueeze(2), axis=2
    )  # (W, D / 2, 2)
    r = waves.reshape(0, width)  # (W, D)
    for block in range(blocks):
        name = f"{prefix}.{stack}.{block}.self_attn.linear_pos"
        weight = layers.source.take(f"{name}.weight", (width, width))
        p = layers.matmul(r, name, weight / np.float32(math.sqrt(head_width)), None)
        p = p.reshape(0, heads, head_width).transpose(1, 2, 0)  # (H, d_k, W)
        g.output(f"positions_{block}", p, [heads, head_width, "W"])
    g.save()


def position_inputs(
    g: Graph, blocks: int, width: int, heads: int, name: str = "positions"
) -> list[Tensor]:
    """Add one table input (H, d_k, W) per block."""
    shape: Shape = [heads, width // heads, "W"]
    return [
        g.input(f"{name}_{block}", TensorProto.FLOAT, shape) for block in range(blocks)
    ]


def look_up(g: Graph, scores: Tensor, indices: Tensor) -> Tensor:
    """Convert scores by distance (B, H, S, W) to scores by key (B, H, S, T).

    Shapes: indices int64 (B, H, S, T), the column of each key's distance.
    """
    return g.op("GatherElements", scores, indices, axis=3)
