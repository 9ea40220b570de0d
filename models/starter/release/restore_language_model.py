"""The language model, read back from a pack.

Its weights have the rounding that they were stored with, and three sums that a pack
keeps are split again. Of queries and their biases only sums are stored. The speech
embedding is stored after the input layer; this module finds rows that the layer maps to
the same values.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.starter.networks.language_model import LanguageModel
from models.starter.release.new_rows import (
    begin_new_voices,
    borrow_phones,
    borrow_units,
)
from models.starter.release.restore_encoder import restore_encoder
from models.starter.release.stored_graph import StoredGraph, put

if TYPE_CHECKING:
    from torch import Tensor

    from models.starter.networks.encoders import Block, InputLayer
    from models.starter.networks.sizes import LmSizes
    from wyoming_cosyvoice.pack.pack import Pack

TURNS = 200
_SPREAD = 5.0  # of what the linear layer makes, before the LayerNorm
_SMALLEST = 0.02  # singular values of the linear layer below it are hardly used
_TINY = 1e-9


def restore_language_model(
    pack: Pack, sizes: LmSizes, factors: Tensor | None
) -> LanguageModel:
    """Return the language model of a pack; the factors of its tables start at zero."""
    network = LanguageModel(sizes, factors)
    with torch.no_grad():
        _restore_text(network, pack)
        stored = StoredGraph.read(pack.file("speech_lm.onnx"))
        positions = StoredGraph.read(pack.file("speech_lm_positions.onnx"))
        for place, block in enumerate(network.llm.encoders):
            _restore_block(block, f"llm.encoders.{place}", stored, positions)
        put(network.llm.after_norm, *stored.norms.pop(0))
        network.llm_decoder.output.set_table(
            borrow_phones(pack, stored.weights["llm_decoder"].T)
        )
        bias = borrow_phones(pack, stored.biases["llm_decoder"])
        network.llm_decoder.bias.copy_(torch.tensor(bias))
    rows = rows_before(network.llm.embed, stored.tables["speech_embedding"])
    network.speech_embedding.set_table(borrow_phones(pack, rows))
    return network


def _restore_text(network: LanguageModel, pack: Pack) -> None:
    """Read what makes the prefix: text encoder, speaker, marks, input layer."""
    stored = StoredGraph.read(pack.file("text_encoder.onnx"))
    positions = StoredGraph.read(pack.file("text_encoder_positions.onnx"))
    table = borrow_units(pack, stored.tables["text_embedding"])
    network.text_embedding.weight.copy_(torch.from_numpy(table))
    restore_encoder(network.text_encoder, "text_encoder", stored, positions)
    for layer in ("text_encoder_affine_layer", "spk_embed_affine_layer"):
        stored.linear(getattr(network, layer), layer)
    begin_new_voices(pack, network.spk_embed_affine_layer)
    marks = np.concatenate(stored.rows)[:, 0]
    network.llm_embedding.weight.copy_(torch.from_numpy(marks))
    stored.linear(network.llm.embed.out[0], "llm.embed.out.0")
    put(network.llm.embed.out[1], *stored.norms.pop(0))


def _restore_block(
    block: Block, name: str, stored: StoredGraph, positions: StoredGraph
) -> None:
    attention = block.self_attn
    weights = np.split(stored.weights[f"{name}.self_attn.qkv"], 3, axis=1)
    biases = np.split(stored.biases[f"{name}.self_attn.qkv"], 3)
    layers = attention.linear_q, attention.linear_k, attention.linear_v
    for layer, weight, bias in zip(layers, weights, biases, strict=True):
        put(layer, weight.T, bias)
    # The bias of the queries has u in it, and v - u is added to them for distances.
    attention.pos_bias_u.zero_()
    offset = torch.tensor(stored.offsets.pop(0))
    attention.pos_bias_v.copy_(offset.view(attention.pos_bias_v.shape))
    stored.linear(attention.linear_out, f"{name}.self_attn.linear_out")
    whole = math.sqrt(attention.head_width)
    positions.linear(attention.linear_pos, f"{name}.self_attn.linear_pos", whole)
    for part in ("w_1", "w_2"):
        stored.linear(getattr(block.feed_forward, part), f"{name}.feed_forward.{part}")
    put(block.norm1, *stored.norms.pop(0))
    put(block.norm2, *stored.norms.pop(0))


def rows_before(layer: InputLayer, embedded: np.ndarray) -> np.ndarray:
    """Find rows (V, D) of which an input layer makes ``embedded`` (V, D).

    It is linear, LayerNorm and ReLU, times sqrt(D). What the ReLU has cut off may be
    anything below zero that gives the LayerNorm its mean 0 and deviation 1, and that
    the linear layer makes of rows of ordinary size: its matrix hardly has some
    directions, in which rows would be so large that training could not move them. All
    of that is brought about by turns.
    """
    linear, norm = layer.out
    weight, bias, gain, shift = (
        part.detach().double().numpy()
        for part in (linear.weight, linear.bias, norm.weight, norm.bias)
    )
    left, sizes, right = np.linalg.svd(weight)
    inverse = (right.T * (sizes / (sizes**2 + _SMALLEST**2))) @ left.T
    wanted = embedded.astype(np.float64) / math.sqrt(embedded.shape[1])
    is_cut = wanted <= 0
    edge = -shift / gain  # where the ReLU begins; gains may be negative
    normed = np.where(is_cut, edge - np.sign(gain), (wanted - shift) / gain)
    for _ in range(TURNS):
        rows = (_centred(normed, is_cut) * _SPREAD - bias) @ inverse.T
        made = rows @ weight.T + bias
        made -= made.mean(1, keepdims=True)
        made /= made.std(1, keepdims=True)
        below = np.where(gain > 0, np.minimum(made, edge), np.maximum(made, edge))
        normed = np.where(is_cut, below, normed)
    return rows.astype(np.float32)


def _centred(normed: np.ndarray, is_free: np.ndarray) -> np.ndarray:
    """Give rows (V, D) mean 0 and deviation 1 by changing what is free in them."""
    D = normed.shape[1]
    count = np.maximum(1, is_free.sum(1, keepdims=True))
    fixed = np.where(is_free, 0, normed)
    mean = -fixed.sum(1, keepdims=True) / count
    power = (D - (fixed**2).sum(1, keepdims=True)) / count
    spread = np.sqrt(np.maximum(power - mean**2, 0))
    away = (normed - (normed * is_free).sum(1, keepdims=True) / count) * is_free
    deviation = np.sqrt((away**2).sum(1, keepdims=True) / count) + _TINY
    return np.where(is_free, mean + away * spread / deviation, normed)
