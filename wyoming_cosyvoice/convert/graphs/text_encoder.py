"""The text encoder: text tokens and a speaker -> the prefix of the language model.

    text_tokens        int64   (1, L)   prompt text, if any, and text
    speaker_embedding  float32 (n, E)   n = 1, or 0 in Instruct mode
    positions_<i>      float32 (H, d_k, W)
    -> text_encoded    float32 (1, L, D)          after the affine layer
    -> prefix          float32 (1, 2 + n + L, D)  sos, speaker, text, task id

The language model's input layer (linear, LayerNorm, ReLU, times sqrt(D)), which works
row by row, is already applied to the prefix. Upstream: cosyvoice/llm/llm.py,
TransformerLM.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.conformer import Encoder
from wyoming_cosyvoice.convert.graphs.layers import normalize_speaker
from wyoming_cosyvoice.convert.graphs.positions import position_inputs
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat, quantize_columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.sizes import SpeechLmSizes, TextEncoderSizes

_NORM_EPSILON = 1e-5


def build_text_encoder(
    layers: Layers, text: TextEncoderSizes, lm: SpeechLmSizes
) -> None:
    """Write ``text_encoder.onnx``."""
    g, source, encoder = layers.graph, layers.source, text.encoder
    text_tokens = g.input("text_tokens", TensorProto.INT64, [1, "L"])
    speaker = g.input("speaker_embedding", TensorProto.FLOAT, ["n", text.speaker_width])
    tables = position_inputs(g, encoder.blocks, encoder.width, encoder.heads)

    embedding = source.take(
        "text_embedding.weight", (text.vocabulary, encoder.input_width)
    )
    x = embed(
        g, text_tokens, "text_embedding", embedding, layers.format
    )  # (1, L, D_in)
    network = Encoder(encoder, "text_encoder", is_causal=True)
    x = network.encode(layers, x, tables)
    x = layers.linear(x, "text_encoder_affine_layer", encoder.width, lm.input_width)
    g.output("text_encoded", x, [1, "L", lm.input_width])

    speaker = layers.linear(
        normalize_speaker(g, speaker),
        "spk_embed_affine_layer",
        text.speaker_width,
        lm.input_width,
    ).unsqueeze(0)  # (1, n, D)
    marks = source.take("llm_embedding.weight", (2, lm.input_width))
    sos, task = g.constant(marks[None, :1]), g.constant(marks[None, 1:])  # (1, 1, D)
    rows = g.concat(sos, speaker, x, task, axis=1)  # (1, P, D)
    rows = layers.linear(rows, "llm.embed.out.0", lm.input_width, lm.width)
    rows = layers.layer_norm(rows, "llm.embed.out.1", lm.width, _NORM_EPSILON)
    rows = g.op("Relu", rows) * math.sqrt(lm.width)
    g.output("prefix", rows, [1, "P", lm.width])
    g.save()


def embed(
    g: Graph,
    tokens: Tensor,
    name: str,
    table: NDArray[np.float32],
    weight_format: WeightFormat,
) -> Tensor:
    """Look up rows: tokens (1, N), table (V, D) -> (1, N, D)."""
    if weight_format is WeightFormat.FLOAT:
        return g.op("Gather", g.weight(name, table), tokens, axis=0)
    integers, scale = quantize_columns(table.T)
    rows = g.op("Gather", g.weight(name, integers.T), tokens, axis=0)
    scales = g.op("Gather", g.weight(f"{name}.scale", scale[:, None]), tokens, axis=0)
    return rows.astype(TensorProto.FLOAT) * scales
