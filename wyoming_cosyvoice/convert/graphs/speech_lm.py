"""The speech language model: text and speech so far -> logits of the next speech token.

A decoder-only transformer (paper: arXiv 2407.05407, section 2.2; upstream
cosyvoice/llm/llm.py). One graph serves the prompt, where many positions come at once,
and the loop, where each row of the batch adds one token:

    prefix         float32 (B, P, D)  from the text encoder; P = 0 in the loop
    speech_tokens  int64   (B, N)     tokens after the prefix; N may be 0
    wanted         int64   (1,)       how many of the last positions get logits, W
    lengths        int32   (B,)       positions that each row has in the cache already
    keys_<i>, values_<i>  float32 (B, H, C, d_k)  the cache: room for C positions
    positions_<i>  float32 (H, d_k, W)  tables of build_positions, W > longest distance
    -> logits      float32 (B W, V)   after the last W positions of each row
    -> new_keys_<i>, new_values_<i>   the cache again

Several tokens in the loop are drafted tokens (model/speech_lm.py), for a batch of one:
a limit of GroupQueryAttention.

The caller binds each new cache to the memory of the old one, so that
GroupQueryAttention writes one row in place and nothing is copied.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.positions import look_up, position_inputs
from wyoming_cosyvoice.convert.graphs.text_encoder import embed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Shape, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers, TensorSource
    from wyoming_cosyvoice.convert.release.sizes import SpeechLmSizes

BLOCK_EPSILON = 1e-12
_NORM_EPSILON = 1e-5


def build_speech_lm(layers: Layers, sizes: SpeechLmSizes) -> None:
    """Write ``speech_lm.onnx``."""
    g, source = layers.graph, layers.source
    width, heads, blocks = sizes.width, sizes.heads, sizes.blocks
    prefix = g.input("prefix", TensorProto.FLOAT, ["B", "P", width])
    speech_tokens = g.input("speech_tokens", TensorProto.INT64, ["B", "N"])
    wanted = g.input("wanted", TensorProto.INT64, [1])
    lengths = g.input("lengths", TensorProto.INT32, ["B"])
    tables = position_inputs(g, blocks, width, heads)

    embedding = source.take(
        "speech_embedding.weight", (sizes.speech_vocabulary, sizes.input_width)
    )
    embedded = embed_rows(source, embedding, sizes.input_width, width)
    rows = embed(g, speech_tokens, "speech_embedding", embedded, layers.format)
    x = g.concat(prefix, rows, axis=1)  # (B, S, D), S = P + N

    new = x.size(1).astype(TensorProto.INT32)  # (1,) = S
    last = lengths + (new - np.array([1], np.int32))  # (B,) index of the last position
    total = g.op("ReduceMax", last, g.ints(0), keepdims=0) + np.array(1, np.int32)
    indices = _distance_indices(
        layers, lengths, x, total=total, table=tables[0], heads=heads
    )

    normed = layers.layer_norm(x, "llm.encoders.0.norm1", width, BLOCK_EPSILON)
    for block in range(blocks):
        name = f"llm.encoders.{block}"
        attended = _attention(
            layers,
            normed,
            name,
            sizes,
            block,
            table=tables[block],
            indices=indices,
            last=last,
            total=total,
        )
        normed, x = layers.add_and_norm(
            x, attended, f"{name}.norm2", width, BLOCK_EPSILON
        )
        hidden = layers.linear(normed, f"{name}.feed_forward.w_1", width, sizes.hidden)
        hidden = layers.linear(
            g.op("Relu", hidden), f"{name}.feed_forward.w_2", sizes.hidden, width
        )
        if block + 1 < blocks:
            following = f"llm.encoders.{block + 1}.norm1"
            normed, x = layers.add_and_norm(x, hidden, following, width, BLOCK_EPSILON)
    x = (x + hidden).slice(1, g.op("Neg", wanted))  # (B, W, D)
    x = layers.layer_norm(x, "llm.after_norm", width, _NORM_EPSILON).reshape(-1, width)
    # The output layer keeps 8 bits if the others have 4.
    precise = layers.in_8_bits()
    logits = precise.linear(x, "llm_decoder", width, sizes.speech_vocabulary + 1)
    g.output("logits", logits, ["B W", sizes.speech_vocabulary + 1])
    g.save()


def embed_rows(
    source: TensorSource, rows: NDArray[np.float32], inputs: int, width: int
) -> NDArray[np.float32]:
    """Apply the input layer to the rows of an embedding table, at conversion time.

    The layer is linear, LayerNorm and ReLU, times sqrt(D). It works row by row, so for
    a fixed table the result is constant.

    Shapes: rows (V, D_in) -> (V, D).
    """
    weight = source.take("llm.embed.out.0.weight", (width, inputs))
    bias = source.take("llm.embed.out.0.bias", (width,))
    scale = source.take("llm.embed.out.1.weight", (width,))
    shift = source.take("llm.embed.out.1.bias", (width,))
    x = rows @ weight.T + bias
    mean = x.mean(axis=1, keepdims=True)
    deviation = np.sqrt(x.var(axis=1, keepdims=True) + np.float32(_NORM_EPSILON))
    x = np.maximum((x - mean) / deviation * scale + shift, 0)
    return np.asarray(x * np.float32(math.sqrt(width)), np.float32)


def _distance_indices(
    layers: Layers,
    lengths: Tensor,
    x: Tensor,
    *,
    total: Tensor,
    table: Tensor,
    heads: int,
) -> Tensor:
    """Return the column of every key's distance, int64 (B, H, S, T)."""
    g = layers.graph
    zero, one = np.array(0, np.int64), np.array(1, np.int64)
    count = x.size(1).reshape()
    steps = g.op("Range", zero, count, one)  # (S,)
    queries = lengths.astype(TensorProto.INT64).unsqueeze(1) + steps.unsqueeze(0)
    keys = g.op("Range", zero, total.astype(TensorProto.INT64), one)  # (T,)
    distances = queries.unsqueeze(1, 3) - keys.unsqueeze(0, 1, 2)  # (B, 1, S, T)
    # Distances below 0 are future keys and masked; distances beyond a shorter row are
    # unused: both only need an existing column.
    widest = table.size(2).reshape() - one
    distances = g.op("Min", g.op("Max", distances, zero), widest)
    return g.op("Expand", distances, g.ints(1, heads, 1, 1))


def _attention(
    layers: Layers,
    x: Tensor,
    name: str,
    sizes: SpeechLmSizes,
    block: int,
    *,
    table: Tensor,
    indices: Tensor,
    last: Tensor,
    total: Tensor,
) -> Tensor:
    """Attend to the cache and to the new positions, causally."""
    g, source = layers.graph, layers.source
    width, heads = sizes.width, sizes.heads
    head_width = width // heads
    attention = f"{name}.self_attn"
    u = source.take(f"{attention}.pos_bias_u", (heads, head_width)).reshape(-1)
    v = source.take(f"{attention}.pos_bias_v", (heads, head_width)).reshape(-1)
    # One product for q, k and v; u is added by q's bias.
    parts = [layers.take_linear(f"{attention}.linear_{p}", width, width) for p in "qkv"]
    weight = np.concatenate([part[0] for part in parts])
    bias = np.concatenate([part[1] for part in parts if part[1] is not None])
    bias[:width] += u
    qkv = layers.matmul(x, f"{attention}.qkv", weight, bias)  # (B, S, 3 D)

    q = qkv.slice(2, 0, width) + (v - u)  # (B, S, D): q + v
    q = q.reshape(0, 0, heads, head_width).transpose(0, 2, 1, 3)  # (B, H, S, d_k)
    by_key = look_up(g, q @ table, indices)  # (B, H, S, T)

    shape: Shape = ["B", heads, "C", head_width]
    keys = g.input(f"keys_{block}", TensorProto.FLOAT, shape)
    values = g.input(f"values_{block}", TensorProto.FLOAT, shape)
    y, new_keys, new_values = g.ops(
        "GroupQueryAttention",
        qkv,
        None,
        None,
        keys,
        values,
        last,
        total,
        None,
        None,
        None,
        by_key,
        outputs=3,
        domain=MICROSOFT,
        num_heads=heads,
        kv_num_heads=heads,
    )
    g.output(f"new_keys_{block}", new_keys, shape)
    g.output(f"new_values_{block}", new_values, shape)
    return layers.linear(y, f"{attention}.linear_out", width, width)
