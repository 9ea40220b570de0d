"""The vocoder, read back from a pack.

Its weights have the rounding that they were stored with. Convolutions that the sizes
have no place for are left out, so this is also how a vocoder is made smaller: cut, then
trained further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from models.starter.networks.vocoder import ResidualBlock, Vocoder
from models.starter.release.stored_graph import StoredGraph

if TYPE_CHECKING:
    from models.starter.networks.sizes import VocoderSizes
    from wyoming_cosyvoice.pack.pack import Pack


def _residual(stored: StoredGraph, block: ResidualBlock | None, name: str) -> None:
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


def _block_taps(stored: StoredGraph, block: int) -> int:
    """Return the taps of a residual block's convolutions."""
    rows, outputs = stored.weights[f"resblocks.{block}.convs1.0"].shape
    return rows // outputs


@torch.no_grad()
def restore_vocoder(pack: Pack, sizes: VocoderSizes) -> Vocoder:
    """Return the vocoder of a pack, cut to ``sizes``, its mels as they are."""
    network = Vocoder(sizes)
    source = network.m_source.l_linear
    source.weight[0] = torch.tensor(pack.manifest.vocoder.harmonics)
    source.bias[0] = pack.manifest.vocoder.offset

    stored = StoredGraph.read(pack.file("f0_predictor.onnx"))
    predictor = network.f0_predictor
    for place in range(0, len(predictor.condnet), 2):
        name = f"f0_predictor.condnet.{place}"
        stored.convolution(predictor.condnet[place], name)
    # The graph names no arrays as small as this one.
    (name,) = (name for name in stored.weights if "condnet" not in name)
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
        _residual(stored, block, name)
        branches = iter(network.resblocks[stage * count : (stage + 1) * count])
        for place in range(stage * stored_count, (stage + 1) * stored_count):
            is_kept = _block_taps(stored, place) in sizes.block_taps
            branch = next(branches) if is_kept else None
            _residual(stored, branch, f"resblocks.{place}")
    return network
