"""Write stand-ins for the two networks that listen, as large as the official ones.

    python -m models.random.make_extractors FOLDER

``campplus.onnx`` has 28 MB and ``speech_tokenizer_v1.onnx`` 523 MB, with layers, widths
and positions like those of the originals and seeded numbers: what they cost in memory
and time can be measured without them. Their features are meaningless.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 7
_BINS = 128
_WIDTH, _HEADS, _BLOCKS, _CODES = 1280, 20, 6, 4096
_POSITIONS = 1500
_FBANK_BINS, _CHANNELS, _LAYERS, _EMBEDDING = 80, 512, 8, 192


class _Network:
    """Nodes and weights, drawn one after the other."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._rng = np.random.default_rng(seed)

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(self, numbers: NDArray[np.generic] | np.generic) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(numbers), name))
        return name

    def draw(self, *shape: int) -> str:
        scale = np.float32(1 / np.sqrt(shape[-2] if len(shape) > 1 else 50))
        drawn = self._rng.standard_normal(shape, dtype=np.float32) * scale
        return self.constant(drawn)

    def linear(self, x: str, inputs: int, outputs: int) -> str:
        product = self.node("MatMul", x, self.draw(inputs, outputs))
        return self.node("Add", product, self.draw(outputs))

    def norm(self, x: str) -> str:
        ones = self.constant(np.ones(_WIDTH, np.float32))
        return self.node("LayerNormalization", x, ones, self.draw(_WIDTH), axis=-1)

    def gelu(self, x: str) -> str:
        half = self.constant(np.float32(0.5))
        one = self.constant(np.float32(1))
        scaled = self.node("Mul", x, self.constant(np.float32(0.5**0.5)))
        wide = self.node("Add", self.node("Erf", scaled), one)
        return self.node("Mul", self.node("Mul", x, half), wide)

    def save(
        self,
        path: Path,
        inputs: list[onnx.ValueInfoProto],
        outputs: dict[str, onnx.ValueInfoProto],
    ) -> None:
        for source, value in outputs.items():
            self.nodes.append(helper.make_node("Identity", [source], [value.name]))
        graph = helper.make_graph(
            self.nodes, path.stem, inputs, list(outputs.values()), self.weights
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        onnx.save(model, path)


def write_speaker_encoder(path: Path) -> None:
    """Write a stand-in for CAM++: convolutions over time, then their mean."""
    network = _Network(SEED)
    x = network.node("Transpose", "input", perm=[0, 2, 1])
    inputs = _FBANK_BINS
    for layer in range(_LAYERS + 1):
        weight = network.draw(_CHANNELS, inputs, 3 if layer else 5)
        stride = 1 if layer else 2
        x = network.node("Conv", x, weight, pads=[1, 1], strides=[stride])
        x = network.node("Relu", x)
        inputs = _CHANNELS
    mean = network.node("ReduceMean", x, axes=[2], keepdims=0)
    embedding = network.linear(mean, _CHANNELS, _EMBEDDING)
    network.save(
        path,
        [_value("input", TensorProto.FLOAT, ["B", "T", _FBANK_BINS])],
        {embedding: _value("output", TensorProto.FLOAT, ["B", _EMBEDDING])},
    )


def write_speech_tokenizer(path: Path) -> None:
    """Write a stand-in for the encoder of a Whisper model and its codebook.

    Inputs: ``feats`` (1, 128, T) of T up to 3000 frames, ``feats_length`` (1,).
    """
    network = _Network(SEED + 1)
    x = network.node("Conv", "feats", network.draw(_WIDTH, _BINS, 3), pads=[1, 1])
    x = network.gelu(x)
    weight = network.draw(_WIDTH, _WIDTH, 3)
    x = network.gelu(network.node("Conv", x, weight, pads=[1, 1], strides=[2]))
    x = network.node("Transpose", x, perm=[0, 2, 1])  # (1, T / 2, W)
    # As upstream, which adds the first T / 2 of 1500 positions.
    frames = network.node(
        "Slice",
        network.node("Shape", x),
        *(network.constant(np.array([n], np.int64)) for n in (1, 2)),
    )
    zero = network.constant(np.array([0], np.int64))
    table = network.draw(_POSITIONS, _WIDTH)
    x = network.node("Add", x, network.node("Slice", table, zero, frames, zero))
    for _ in range(_BLOCKS):
        x = network.node("Add", x, _attention(network, network.norm(x)))
        wide = network.gelu(network.linear(network.norm(x), _WIDTH, 4 * _WIDTH))
        x = network.node("Add", x, network.linear(wide, 4 * _WIDTH, _WIDTH))
    scores = network.node("MatMul", network.norm(x), network.draw(_WIDTH, _CODES))
    best = network.node("ArgMax", scores, axis=2, keepdims=0)
    tokens = network.node("Cast", best, to=TensorProto.INT32)
    network.node("Identity", "feats_length")
    network.save(
        path,
        [
            _value("feats", TensorProto.FLOAT, [1, _BINS, "T"]),
            _value("feats_length", TensorProto.INT32, [1]),
        ],
        {tokens: _value("indices", TensorProto.INT32, [1, "N"])},
    )


def _attention(network: _Network, x: str) -> str:
    size = _WIDTH // _HEADS
    split = network.constant(np.array([0, 0, _HEADS, size], np.int64))
    whole = network.constant(np.array([0, 0, _WIDTH], np.int64))

    def heads(perm: list[int]) -> str:
        y = network.node("Reshape", network.linear(x, _WIDTH, _WIDTH), split)
        return network.node("Transpose", y, perm=perm)

    query, key, value = heads([0, 2, 1, 3]), heads([0, 2, 3, 1]), heads([0, 2, 1, 3])
    scores = network.node("MatMul", query, key)
    scaled = network.node("Mul", scores, network.constant(np.float32(size**-0.5)))
    attended = network.node("MatMul", network.node("Softmax", scaled, axis=-1), value)
    joined = network.node("Transpose", attended, perm=[0, 2, 1, 3])
    return network.linear(network.node("Reshape", joined, whole), _WIDTH, _WIDTH)


def _value(name: str, kind: int, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def main() -> None:
    """Write both into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    write_speaker_encoder(folder / "campplus.onnx")
    write_speech_tokenizer(folder / "speech_tokenizer_v1.onnx")


if __name__ == "__main__":
    main()
