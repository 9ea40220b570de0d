"""Write a pack again as the converter writes it now, with the weights that it has.

    python -m models.starter.release.rewrite models/starter/pack new-pack

So a better format of weights or graph reaches a pack whose checkpoint is no longer at
hand. Networks that would differ are replayed node by node, with other nodes in place of
some:

- ``MatMulNBits`` in the text encoder and the language model: now a scale per column,
  for drafted tokens. A matrix of up to 256 inputs keeps its integers. One of more had
  several scales per column and is rounded again, for an error of -42 to -43 dB.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES
from wyoming_cosyvoice.pack.writer import PackWriter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DRAFTED = ("text_encoder", "speech_lm")
_SUFFIXES = (".onnx", ".weights")
_ZERO = 128
"""What ``MatMulNBits`` stores for a weight of zero."""


def rewrite(pack: Pack, target: Path) -> Pack:
    """Write ``pack`` to ``target``, which may be the same folder.

    Raises: what ``PackWriter`` raises.
    """
    files = {file.name for file in pack.manifest.files}
    names = _DRAFTED if SPEECH_PHONES in files else ()
    replayed = {f"{name}{suffix}" for name in names for suffix in _SUFFIXES}
    with PackWriter(target) as writer:
        for name in files - replayed:
            copy = writer.directory / name
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(pack.directory / name, copy)
        for name in names:
            _Replay(pack.directory / f"{name}.onnx", writer.directory).write()
        return writer.finish(pack.manifest)


class _Replay:
    """A network that is written again."""

    def __init__(self, path: Path, directory: Path) -> None:
        self._old = onnx.load(path).graph
        self._graph = Graph(directory, path.stem)
        self._stored = {
            tensor.name: numpy_helper.to_array(tensor)
            for tensor in self._old.initializer
        }
        self._tensors: dict[str, Tensor | None] = {"": None}

    def write(self) -> None:
        """Write the graph and its weights."""
        with self._graph as g:
            for port in self._old.input:
                kind, shape = _port(port)
                self._tensors[port.name] = g.input(port.name, kind, shape)
            for node in self._old.node:
                results = self._replace(node) or self._repeat(node)
                self._tensors.update(zip(node.output, results, strict=True))
            for port in self._old.output:
                kind, shape = _port(port)
                tensor = self._tensors[port.name]
                assert tensor is not None
                g.output(port.name, tensor, shape, kind)
            g.save()

    def _repeat(self, node: onnx.NodeProto) -> tuple[Tensor, ...]:
        """Write a node as it was."""
        operands = [self._operand(name) for name in node.input]
        return self._graph.ops(
            node.op_type,
            *operands,
            outputs=len(node.output),
            domain=node.domain,
            **_attributes(node),
        )

    def _replace(self, node: onnx.NodeProto) -> tuple[Tensor, ...] | None:
        """Write what the converter writes now; None if that is the same."""
        if node.op_type != "MatMulNBits":
            return None
        # x, weight, scale, zero, order, bias
        name, scale = node.input[1:3]
        bias = self._stored.get(node.input[5]) if len(node.input) > 5 else None
        integers = self._stored[name].astype(np.float32) - _ZERO  # (out, n, block)
        blocks = integers * self._stored[scale].reshape(*integers.shape[:2], 1)
        inputs = _attributes(node)["K"]
        weight = blocks.reshape(len(blocks), -1)[:, :inputs]  # (out, in)
        layers = Layers(self._graph, _NoSource(), WeightFormat.COLUMNS)
        x = self._tensors[node.input[0]]
        assert x is not None
        return (layers.matmul(x, name.removesuffix(".weight"), weight, bias),)

    def _operand(self, name: str) -> Tensor | None:
        if name not in self._tensors:
            array = self._stored[name]
            self._tensors[name] = (
                self._graph.weight(name, array)
                if array.ndim
                else self._graph.constant(array)
            )
        return self._tensors[name]


class _NoSource:
    """The weights are at hand."""

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        raise LookupError(name, shape)

    def take_double(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        raise LookupError(name, shape)


def _port(port: onnx.ValueInfoProto) -> tuple[int, list[int | str]]:
    """Return the type and shape of an input or output."""
    kind = port.type.tensor_type
    return kind.elem_type, [d.dim_param or d.dim_value for d in kind.shape.dim]


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    found = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    return {k: v.decode() if isinstance(v, bytes) else v for k, v in found.items()}


def main() -> None:
    """Read the command line and write the pack."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    print(rewrite(Pack.open(options.pack), options.target).directory)


if __name__ == "__main__":
    main()
