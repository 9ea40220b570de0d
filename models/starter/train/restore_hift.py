"""Begin stage 2 again where its training state is gone: read the vocoder of a pack.

    python models/starter/train/restore_hift.py models/starter/pack

The weights have the rounding that they were stored with, one part in 127 of the largest
of an output's. Convolutions that ``HiftSizes`` has no place for any more are left out,
so this is also how a vocoder is made smaller: cut, then trained further.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np
import onnx
import torch
from data import CORPORA, Run, open_corpora
from hift import Hift, HiftSizes, ResidualBlock
from onnx import numpy_helper
from torch import nn
from torch.nn.utils import parametrize
from train_hift import mel_scale

from wyoming_cosyvoice.model.pack import Pack


@dataclass(frozen=True, slots=True)
class Stored:
    """What a graph of the vocoder stores, by the names of the layout."""

    weights: dict[str, np.ndarray]
    """As the graph has them: matrices (taps inputs, outputs), or images of height 1."""

    biases: dict[str, np.ndarray]
    alphas: list[np.ndarray]
    """Of the snakes, in the order in which they are computed."""

    linear: tuple[np.ndarray, ...]
    """Matrix (in, out) and offset (out,) of the one linear layer, if there is one."""

    @classmethod
    def read(cls, path: Path) -> Stored:
        """Read a graph of an int8 pack."""
        graph = onnx.load(path).graph
        values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        made = {output: node for node in graph.node for output in node.output}
        weights, biases, alphas, linear = {}, {}, [], ()
        for node in graph.node:
            inputs = [*node.input, *[""] * 7]
            if node.op_type == "MatMulIntegerToFloat":
                weight, bias = inputs[1], inputs[6]
                weights[weight] = values[weight] * values[inputs[3]]
            elif node.op_type == "Conv":
                cast = made.get(inputs[1])
                weight, bias = cast.input[0] if cast else inputs[1], inputs[2]
                weights[weight] = values[weight].astype(np.float32)
            elif node.op_type == "Mul" and _is_snake(made, inputs[0]):
                alphas.append(1 / values[inputs[1]])
                continue
            elif node.op_type == "Add" and made[inputs[0]].op_type == "MatMul":
                (matrix,) = made[made[inputs[0]].input[1]].input
                linear = values[matrix].astype(np.float32), values[inputs[1]]
                continue
            else:
                continue
            if bias:
                biases[weight.replace(".weight", ".bias")] = values[bias]
        return cls(weights, biases, alphas, linear)

    def convolution(
        self, layer: nn.Conv1d, name: str, scale: np.ndarray | float = 1.0
    ) -> None:
        """Put a convolution's weights into a layer, its outputs (O,) not scaled."""
        weight, shape = self.weights[f"{name}.weight"], layer.weight.shape
        if weight.ndim == 4:  # (O, C, 1, k)
            weight = weight[:, :, 0]
        else:  # (k C, O)
            weight = weight.reshape(shape[2], shape[1], shape[0]).transpose(2, 1, 0)
        weight = weight / np.reshape(scale, (-1, 1, 1))
        _put(layer, weight, self.biases[f"{name}.bias"] / scale)

    def upsampling(self, layer: nn.ConvTranspose1d, name: str) -> None:
        """Put the phases of a transposed convolution back into its taps."""
        inputs, outputs, taps = layer.weight.shape
        (stride,), (padding,) = layer.stride, layer.padding
        before = (taps - 1 - padding) // stride
        matrix = self.weights[f"{name}.weight"].reshape(-1, inputs, stride, outputs)
        weight = np.zeros(layer.weight.shape, np.float32)
        for tap in range(taps):
            phase = (tap - padding) % stride
            neighbour = (phase + padding - tap) // stride
            weight[:, :, tap] = matrix[neighbour + before, :, phase]
        _put(layer, weight, self.biases[f"{name}.bias"][:outputs])

    def residual(self, block: ResidualBlock | None, name: str) -> None:
        """Put a block's weights into one of as many pairs or fewer; None skips it."""
        pairs = sum(key.startswith(f"{name}.convs1.") for key in self.weights)
        alphas = [self.alphas.pop(0) for _ in range(2 * pairs)]
        if block is None:
            return
        for place in range(len(block.convs1)):
            first, second = alphas[2 * place : 2 * place + 2]
            # The first convolution's outputs are stored in the second snake's scale.
            self.convolution(block.convs1[place], f"{name}.convs1.{place}", second)
            self.convolution(block.convs2[place], f"{name}.convs2.{place}")
            block.activations1[place].alpha.copy_(torch.from_numpy(first))
            block.activations2[place].alpha.copy_(torch.from_numpy(second))

    def taps(self, block: int) -> int:
        """Return the taps of a residual block's convolutions."""
        rows, outputs = self.weights[f"resblocks.{block}.convs1.0.weight"].shape
        return rows // outputs


def _is_snake(made: dict[str, onnx.NodeProto], name: str) -> bool:
    """Whether a value is alpha times a snake: x + sin(x)^2."""
    total = made.get(name)
    if total is None or total.op_type != "Add":
        return False
    square = made.get(total.input[1])
    return (
        square is not None
        and square.op_type == "Mul"
        and (square.input[0] == square.input[1])
    )


def _put(layer: nn.Module, weight: np.ndarray, bias: np.ndarray) -> None:
    found = torch.from_numpy(np.ascontiguousarray(weight, np.float32))
    if parametrize.is_parametrized(layer):
        layer.weight = found
    else:
        layer.weight.copy_(found)
    layer.bias.copy_(torch.from_numpy(bias.astype(np.float32)))


@torch.no_grad()
def restore(directory: Path, sizes: HiftSizes) -> Hift:
    """Return the vocoder of a pack, cut to ``sizes``, its mels as they are."""
    network = Hift(sizes)
    pack = Pack.open(directory)
    source = network.m_source.l_linear
    source.weight[0] = torch.tensor(pack.manifest.vocoder.harmonics)
    source.bias[0] = pack.manifest.vocoder.offset

    stored = Stored.read(pack.file("f0_predictor.onnx"))
    predictor = network.f0_predictor
    for place in range(0, len(predictor.condnet), 2):
        name = f"f0_predictor.condnet.{place}"
        stored.convolution(predictor.condnet[place], name)
    matrix, offset = stored.linear
    predictor.classifier.weight.copy_(torch.from_numpy(matrix.T.copy()))
    predictor.classifier.bias.copy_(torch.from_numpy(offset.copy()))

    stored = Stored.read(pack.file("vocoder.onnx"))
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
        stored.residual(block, name)
        branches = iter(network.resblocks[stage * count : (stage + 1) * count])
        for place in range(stage * stored_count, (stage + 1) * stored_count):
            is_kept = stored.taps(place) in sizes.block_taps
            stored.residual(next(branches) if is_kept else None, f"resblocks.{place}")
    return network


def main() -> None:
    """Read the options and write the state."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("--state", type=Path, default=Path.home() / "starter")
    options = parser.parse_args()
    run = Run(options.state / "state", "hift")
    if run.path.exists():
        sys.exit(f"{run.path} is there already; move it away to begin from a pack.")
    network = restore(options.pack, HiftSizes())
    corpora = open_corpora(options.state, CORPORA)
    network.unfold_scale(*mel_scale(corpora, np.random.default_rng(1000)))
    scale = network.mean, network.spread
    run.save_now_and_then(
        lambda: {"network": network.state_dict(), "scale": scale, "step": 1},
        force=True,
    )
    print(f"Wrote {run.path}.")


if __name__ == "__main__":
    main()
