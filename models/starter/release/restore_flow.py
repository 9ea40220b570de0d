"""The flow, read back from a pack.

Its weights have the rounding that they were stored with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from models.starter.networks.flow import Flow
from models.starter.networks.flow_estimator import (
    Convolved,
    Estimator,
    TransformerBlock,
)
from models.starter.release.new_rows import begin_new_voices, borrow_phones
from models.starter.release.restore_encoder import restore_encoder
from models.starter.release.stored_graph import StoredGraph, put

if TYPE_CHECKING:
    from models.starter.networks.sizes import FlowSizes
    from wyoming_cosyvoice.pack.pack import Pack


@torch.no_grad()
def restore_flow(pack: Pack, sizes: FlowSizes, factors: torch.Tensor | None) -> Flow:
    """Return the flow of a pack; the factors of its table start at zero."""
    flow = Flow(sizes, factors)
    stored = StoredGraph.read(pack.file("flow_encoder.onnx"))
    positions = StoredGraph.read(pack.file("flow_encoder_positions.onnx"))
    table = borrow_phones(pack, stored.tables["input_embedding"])
    flow.input_embedding.set_table(table)
    stored.linear(flow.spk_embed_affine_layer, "spk_embed_affine_layer")
    begin_new_voices(pack, flow.spk_embed_affine_layer)
    stored.linear(flow.encoder_proj, "encoder_proj")
    restore_encoder(flow.encoder, "encoder", stored, positions)
    _restore_regulator(flow, stored)
    stored = StoredGraph.read(pack.file("flow_estimator.onnx"))
    _restore_estimator(flow.decoder.estimator, stored)
    return flow


def _restore_regulator(flow: Flow, stored: StoredGraph) -> None:
    group_norms = iter(stored.group_norms)
    for place, layer in enumerate(flow.length_regulator.model):
        name = f"length_regulator.model.{place}"
        if isinstance(layer, nn.GroupNorm):
            put(layer, *next(group_norms))
        elif isinstance(layer, nn.Conv1d):
            stored.convolution(layer, name)


def _restore_estimator(net: Estimator, stored: StoredGraph) -> None:
    prefix = "decoder.estimator."
    for part in ("linear_1", "linear_2"):
        stored.linear(getattr(net.time_mlp, part), f"{prefix}time_mlp.{part}")
    norms, group_norms = iter(stored.norms), iter(stored.group_norms)
    # In the order of the way through the network, which is that of its modules.
    for name, module in net.named_modules():
        match module:
            case TransformerBlock():
                attention = module.attn1
                for part in ("to_q", "to_k", "to_v"):
                    stored.linear(
                        getattr(attention, part), f"{prefix}{name}.attn1.{part}"
                    )
                stored.linear(attention.to_out[0], f"{prefix}{name}.attn1.to_out.0")
                stored.linear(module.ff.net[0].proj, f"{prefix}{name}.ff.net.0.proj")
                stored.linear(module.ff.net[2], f"{prefix}{name}.ff.net.2")
                put(module.norm1, *next(norms))
                put(module.norm3, *next(norms))
            case Convolved():
                put(module.block[1], *next(group_norms))
            case nn.Linear() if name.endswith("mlp.1"):
                stored.linear(module, f"{prefix}{name}")
            case nn.ConvTranspose1d():
                stored.upsampling(module, name)
            case nn.Conv1d():
                stored.convolution(module, name)
