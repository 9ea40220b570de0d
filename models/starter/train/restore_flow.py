"""Begin stage 4 again where its training state is gone: read the flow of a pack.

    python models/starter/train/restore_flow.py models/starter/pack

Blocks of the encoder that ``FlowSizes`` has and the pack has not begin as identities.
The weights have the rounding that they were stored with.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import tokens
import torch
from flow import Flow, FlowSizes
from flow_estimator import Convolved, Estimator, TransformerBlock
from stored_graph import StoredGraph, begin_from_pack, put
from torch import nn

from wyoming_cosyvoice.pack.pack import Pack

# The log pitch that a speaker's classes of pitch lie between, which no pack tells.
# Measured on the shipped flow: with these, what it makes of a class has the pitch of
# the recordings that the class was given to, to a fifth of a semitone.
RANGES = {"heart": (5.046, 5.727), "cedar": (4.512, 5.220)}


@torch.no_grad()
def restore(directory: Path, sizes: FlowSizes) -> Flow:
    """Return the flow of a pack."""
    pack = Pack.open(directory)
    flow = Flow(sizes, tokens.factors())
    stored = StoredGraph.read(pack.file("flow_encoder.onnx"))
    positions = StoredGraph.read(pack.file("flow_encoder_positions.onnx"))
    _restore_encoder(flow, stored, positions)
    _restore_regulator(flow, stored)
    stored = StoredGraph.read(pack.file("flow_estimator.onnx"))
    _restore_estimator(flow.decoder.estimator, stored)
    return flow


def _restore_encoder(flow: Flow, stored: StoredGraph, positions: StoredGraph) -> None:
    table = flow.input_embedding
    for factor in table.factors:
        factor.zero_()
    table.own.copy_(torch.from_numpy(stored.tables["input_embedding"]))
    stored.linear(flow.spk_embed_affine_layer, "spk_embed_affine_layer")
    stored.linear(flow.encoder_proj, "encoder_proj")
    encoder, norms = flow.encoder, iter(stored.norms)
    stored.linear(encoder.embed.out[0], "encoder.embed.out.0")
    put(encoder.embed.out[1], *next(norms))
    offsets = iter(stored.offsets)
    for place, block in enumerate(encoder.encoders):
        name, attention = f"encoder.encoders.{place}", block.self_attn
        if f"{name}.feed_forward.w_1" not in stored.weights:
            for layer in (attention.linear_out, block.feed_forward.w_2):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
            continue
        for part in ("linear_q", "linear_k", "linear_v", "linear_out"):
            stored.linear(getattr(attention, part), f"{name}.self_attn.{part}")
        attention.pos_bias_u.copy_(torch.tensor(next(offsets)))
        attention.pos_bias_v.copy_(torch.tensor(next(offsets)))
        # The tables of distances are stored divided already.
        whole = math.sqrt(attention.head_width)
        positions.linear(attention.linear_pos, f"{name}.self_attn.linear_pos", whole)
        for part in ("w_1", "w_2"):
            layer = getattr(block.feed_forward, part)
            stored.linear(layer, f"{name}.feed_forward.{part}")
        put(block.norm_mha, *next(norms))
        put(block.norm_ff, *next(norms))
    put(encoder.after_norm, *next(norms))


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


def read(pack: Path, _: Path) -> dict[str, Any]:
    """Return the state of stage 4 that a pack holds."""
    return {"network": restore(pack, FlowSizes()).state_dict(), "ranges": RANGES}


if __name__ == "__main__":
    begin_from_pack("flow", __doc__, read)
