"""The encoders of text and flow, read back from a pack."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn

from models.starter.release.stored_graph import StoredGraph, put

if TYPE_CHECKING:
    from models.starter.networks.encoders import Encoder


@torch.no_grad()
def restore_encoder(
    encoder: Encoder, name: str, stored: StoredGraph, positions: StoredGraph
) -> None:
    """Read an encoder that sees both ways, of this name in the layout.

    Blocks that the network has and the pack has not begin as identities. The layer
    norms and offsets that are read are taken off ``stored``.
    """
    stored.linear(encoder.embed.out[0], f"{name}.embed.out.0")
    put(encoder.embed.out[1], *stored.norms.pop(0))
    for place, block in enumerate(encoder.encoders):
        part = f"{name}.encoders.{place}"
        attention = block.self_attn
        if f"{part}.feed_forward.w_1" not in stored.weights:
            for layer in (attention.linear_out, block.feed_forward.w_2):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
            continue
        for layer in ("linear_q", "linear_k", "linear_v", "linear_out"):
            stored.linear(getattr(attention, layer), f"{part}.self_attn.{layer}")
        attention.pos_bias_u.copy_(torch.tensor(stored.offsets.pop(0)))
        attention.pos_bias_v.copy_(torch.tensor(stored.offsets.pop(0)))
        # The tables of distances are stored divided already.
        whole = math.sqrt(attention.head_width)
        positions.linear(attention.linear_pos, f"{part}.self_attn.linear_pos", whole)
        for layer in ("w_1", "w_2"):
            stored.linear(
                getattr(block.feed_forward, layer), f"{part}.feed_forward.{layer}"
            )
        put(block.norm_mha, *stored.norms.pop(0))
        put(block.norm_ff, *stored.norms.pop(0))
    put(encoder.after_norm, *stored.norms.pop(0))
