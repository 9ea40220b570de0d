"""Begin stage 2 again where its training state is gone: read the vocoder of a pack.

    python models/starter/train/restore_hift.py models/starter/pack

The weights have the rounding that they were stored with, one part in 127 of the largest
of an output's. Convolutions that ``HiftSizes`` has no place for any more are left out,
so this is also how a vocoder is made smaller: cut, then trained further.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import torch
from data import CORPORA, open_corpora
from hift import Hift, HiftSizes, ResidualBlock
from stored_graph import StoredGraph, begin_from_pack
from train_hift import mel_scale

from wyoming_cosyvoice.pack.pack import Pack


def residual(stored: StoredGraph, block: ResidualBlock | None, name: str) -> None:
    """Put a block's weights into one of as many pairs or fewer; None skips it."""
    pairs = sum(key.startswith(f"{name}.convs1.") for key in stored.weights)
    alphas = [stored.alphas.pop(0) for _ in range(2 * pairs)]
    if block is None:
        return
    for place in range(len(block.convs1)):
        first, second = alphas[2 * place : 2 * place + 2]
        # The first convolution's outputs are stored in the second snake's scale.
        stored.convolution(block.convs1[place], f"{name}.convs1.{place}", second)
        stored.convolution(block.convs2[place], f"{name}.convs2.{place}")
        block.activations1[place].alpha.copy_(torch.from_numpy(first))
        block.activations2[place].alpha.copy_(torch.from_numpy(second))


def block_taps(stored: StoredGraph, block: int) -> int:
    """Return the taps of a residual block's convolutions."""
    rows, outputs = stored.weights[f"resblocks.{block}.convs1.0"].shape
    return rows // outputs


@torch.no_grad()
def restore(directory: Path, sizes: HiftSizes) -> Hift:
    """Return the vocoder of a pack, cut to ``sizes``, its mels as they are."""
    network = Hift(sizes)
    pack = Pack.open(directory)
    source = network.m_source.l_linear
    source.weight[0] = torch.tensor(pack.manifest.vocoder.harmonics)
    source.bias[0] = pack.manifest.vocoder.offset

    stored = StoredGraph.read(pack.file("f0_predictor.onnx"))
    predictor = network.f0_predictor
    for place in range(0, len(predictor.condnet), 2):
        name = f"f0_predictor.condnet.{place}"
        stored.convolution(predictor.condnet[place], name)
    # The graph names no arrays as small as this one.
    (name,) = (name for name in stored.weights if name.startswith("constant"))
    stored.linear(predictor.classifier, name)

    stored = StoredGraph.read(pack.file("vocoder.onnx"))
    stored.convolution(network.conv_pre, "conv_pre")
    stored.convolution(network.conv_post, "conv_post")
    count = len(sizes.block_taps)
    blocks = {
        key.split(".")[1] for key in stored.weights if key.startswith("resblocks")
    }
    stored_count = len(blocks) // len(network.ups)
    for stage, up in enumerate(network.ups):
        stored.upsampling(up, f"ups.{stage}")
        stored.convolution(network.source_downs[stage], f"source_downs.{stage}")
        block, name = network.source_resblocks[stage], f"source_resblocks.{stage}"
        residual(stored, block, name)
        branches = iter(network.resblocks[stage * count : (stage + 1) * count])
        for place in range(stage * stored_count, (stage + 1) * stored_count):
            is_kept = block_taps(stored, place) in sizes.block_taps
            branch = next(branches) if is_kept else None
            residual(stored, branch, f"resblocks.{place}")
    return network


def read(pack: Path, state: Path) -> dict[str, Any]:
    """Return the state of stage 2 that a pack holds, for the corpora of a state."""
    network, corpora = restore(pack, HiftSizes()), open_corpora(state, CORPORA)
    network.unfold_scale(*mel_scale(corpora, np.random.default_rng(1000)))
    scale = network.mean, network.spread
    return {"network": network.state_dict(), "scale": scale}


if __name__ == "__main__":
    begin_from_pack("hift", __doc__, read)
