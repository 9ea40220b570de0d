"""The encoder of CosyVoice2's flow: speech tokens and a speaker -> the mean of the mel.

    speech_tokens      int64   (1, N)   prompt tokens, if any, and tokens
    context            int64   (1,)     number of look-ahead tokens at the end
    chunk              int64   (1,)     chunk size; tokens attend to their chunk and
    earlier ones speaker_embedding  float32 (1, E) positions_<i>, up_positions_<i>
    float32 (H, d_k, W)
    -> mu       float32 (1, T, M), T = 2 (N - context)
    -> speaker  float32 (1, M)

Blocks at the token rate, then upsampling by two, and blocks at the frame rate
(CosyVoice 2, arXiv 2412.10117, section 2.4; upstream transformer/upsample_encoder.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.conformer import Encoder
from wyoming_cosyvoice.convert.graphs.convolution import convolve
from wyoming_cosyvoice.convert.graphs.layers import normalize_speaker
from wyoming_cosyvoice.convert.graphs.look_ahead import look_ahead
from wyoming_cosyvoice.convert.graphs.positions import position_inputs
from wyoming_cosyvoice.convert.graphs.text_encoder import embed

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.cosyvoice2 import UpsamplingFlowSizes

UP_BLOCKS = 4
"""Blocks at the frame rate, a constant in the original's code."""

_FRAMES_PER_TOKEN = 2
_UP_TAPS = 2 * _FRAMES_PER_TOKEN + 1


def build_upsampling_flow_encoder(layers: Layers, sizes: UpsamplingFlowSizes) -> None:
    """Write ``flow_encoder.onnx``."""
    g, encoder, bins = layers.graph, sizes.encoder, sizes.mel_bins
    width, heads = encoder.width, encoder.heads
    tokens = g.input("speech_tokens", TensorProto.INT64, [1, "N"])
    context = g.input("context", TensorProto.INT64, [1])
    chunk = g.input("chunk", TensorProto.INT64, [1])
    speaker = g.input("speaker_embedding", TensorProto.FLOAT, [1, sizes.speaker_width])
    tables = position_inputs(g, encoder.blocks, width, heads)
    up_tables = position_inputs(g, UP_BLOCKS, width, heads, "up_positions")
    slow = Encoder(encoder, "encoder", is_causal=False)
    up_sizes = replace(encoder, input_width=width, blocks=UP_BLOCKS)
    fast = Encoder(up_sizes, "encoder", False, "up_embed", "up_encoders")

    table = layers.source.take(
        "input_embedding.weight", (sizes.vocabulary, encoder.input_width)
    )
    x = embed(g, tokens, "input_embedding", table, layers.format)  # (1, N, D_in)
    x = look_ahead(
        layers,
        slow.embed(layers, x),
        "encoder.pre_lookahead_layer",
        width,
        width,
        tokens=sizes.look_ahead_tokens,
    )  # (1, N, D)
    x = x.slice(1, 0, x.size(1) - context)  # (1, T / 2, D)
    x = slow.attend(layers, x, tables, chunk)
    x = _upsample(layers, x, width)  # (1, T, D)
    frames = chunk * np.array([_FRAMES_PER_TOKEN], np.int64)
    x = fast.end(layers, fast.attend(layers, fast.embed(layers, x), up_tables, frames))
    g.output("mu", layers.linear(x, "encoder_proj", width, bins), [1, "T", bins])

    speaker = layers.linear(
        normalize_speaker(g, speaker),
        "spk_embed_affine_layer",
        sizes.speaker_width,
        bins,
    )
    g.output("speaker", speaker, [1, bins])
    g.save()


def _upsample(layers: Layers, x: Tensor, width: int) -> Tensor:
    """Repeat each row (1, N, D), then apply a causal convolution."""
    g, source, name = layers.graph, layers.source, "encoder.up_layer.conv"
    twice = g.concat(x.unsqueeze(2), x.unsqueeze(2), axis=2).reshape(1, -1, width)
    weight = source.take(f"{name}.weight", (width, width, _UP_TAPS))
    bias = source.take(f"{name}.bias", (width,))
    return convolve(layers, twice, name, weight, bias, padding=(_UP_TAPS - 1, 0))
