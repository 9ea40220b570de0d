"""Read weights back from the graphs of a pack, by the names of the layout.

Those of an int8 pack have the rounding that they were stored with, one part in 127 of
the largest of an output's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn.utils import parametrize

from models.starter.release.blocks import block_matrix

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class StoredGraph:
    """What one graph stores."""

    weights: dict[str, np.ndarray] = field(default_factory=dict)
    """By layer: matrices (taps inputs, outputs), or images (O, C, 1, k)."""

    biases: dict[str, np.ndarray] = field(default_factory=dict)
    tables: dict[str, np.ndarray] = field(default_factory=dict)
    """Rows that tokens are looked up in: (V, D)."""

    norms: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Weight and bias (C,) of the layer norms, as they follow each other."""

    group_norms: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """The same of the group norms."""

    offsets: list[np.ndarray] = field(default_factory=list)
    """What is added to queries (H, d_k), as it follows each other."""

    alphas: list[np.ndarray] = field(default_factory=list)
    """Of the snakes (C,), as they follow each other."""

    rows: list[np.ndarray] = field(default_factory=list)
    """What is put before and after others (1, 1, D), as it follows each other."""

    @classmethod
    def read(cls, path: Path) -> StoredGraph:
        """Read a graph and the file of weights beside it."""
        graph = onnx.load(path).graph
        values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
        made = {output: node for node in graph.node for output in node.output}
        stored = cls()
        for node in graph.node:
            stored._read_node(node, made, values)
        return stored

    def _read_node(  # noqa: C901 - a case for each kind of node
        self,
        node: onnx.NodeProto,
        made: dict[str, onnx.NodeProto],
        values: dict[str, np.ndarray],
    ) -> None:
        inputs = [*node.input, *[""] * 7]
        match node.op_type:
            case "MatMulIntegerToFloat" | "DynamicQuantizeMatMul" | "MatMulNBits":
                self._read_integers(node, inputs, values)
            case "Conv" if (name := _convolved(made, inputs[1])) in values:
                self._keep(name, values[name], values.get(inputs[2]))
            case "MatMul" if (name := _before_cast(made, inputs[1])) in values:
                self._keep(name, values[name], None)
            case "Add" if inputs[1] in values:
                self._read_sum(made.get(inputs[0]), values[inputs[1]], made)
            case "Gather" if inputs[0] in values:
                self._read_table(inputs[0], values)
            case "LayerNormalization":
                self.norms.append((values[inputs[1]], values[inputs[2]]))
            case "SkipLayerNormalization":
                self.norms.append((values[inputs[2]], values[inputs[3]]))
            case "Concat":
                stored = (values[name] for name in inputs if name in values)
                self.rows.extend(array for array in stored if array.ndim == 3)
            case "Div" | "Sub" if inputs[0] in values and values[inputs[0]].ndim == 3:
                self._read_group_norm(node.op_type, values[inputs[0]].reshape(-1))
            case "Mul" if inputs[1] in values and _is_snake(made, inputs[0]):
                self.alphas.append(1 / values[inputs[1]])

    def _read_integers(
        self,
        node: onnx.NodeProto,
        inputs: list[str],
        values: dict[str, np.ndarray],
    ) -> None:
        """Keep a matrix of integers times its scales."""
        integers = values[inputs[1]]
        match node.op_type:
            case "MatMulIntegerToFloat":
                scale, bias = values[inputs[3]], values.get(inputs[6])
                self._keep(inputs[1], integers * scale, bias)
            case "DynamicQuantizeMatMul":
                scale, bias = values[inputs[2]], values.get(inputs[4])
                self._keep(inputs[1], integers * scale, bias)
            case _:
                matrix = block_matrix(node, integers, values[inputs[2]]).T
                self._keep(inputs[1], matrix, values.get(inputs[5]))

    def _read_table(self, name: str, values: dict[str, np.ndarray]) -> None:
        """Keep a table of embeddings, of integers and scales or of floats."""
        if f"{name}.scale" in values:
            self.tables[name] = values[name] * values[f"{name}.scale"]
        elif values[name].ndim == 2 and values[name].dtype == np.float32:
            self.tables[name] = values[name]

    def _read_group_norm(self, part: str, value: np.ndarray) -> None:
        """Keep the weight, which is divided, or the bias, which is subtracted from."""
        if part == "Div":
            self.group_norms.append((value, np.zeros(0)))
        else:
            self.group_norms[-1] = self.group_norms[-1][0], value

    def _read_sum(
        self,
        before: onnx.NodeProto | None,
        value: np.ndarray,
        made: dict[str, onnx.NodeProto],
    ) -> None:
        """Keep what is added to a product in floats, its bias, or to queries."""
        if before is not None and before.op_type == "MatMul" and value.ndim == 1:
            name = _before_cast(made, before.input[1]).removesuffix(".weight")
            self.biases[name] = value
        elif value.ndim == 4:  # (1, H, 1, d_k)
            self.offsets.append(value[0, :, 0])
        elif before is not None and before.op_type == "Slice":  # (H d_k,)
            self.offsets.append(value)

    def _keep(self, name: str, matrix: np.ndarray, bias: np.ndarray | None) -> None:
        name = name.removesuffix(".weight")
        self.weights[name] = np.array(matrix, np.float32)
        if bias is not None:
            self.biases[name] = bias

    def linear(self, layer: nn.Linear, name: str, scale: float = 1.0) -> None:
        """Put a matrix times ``scale`` into a layer, and its bias as it is."""
        put(layer, self.weights[name].T * scale, self.biases.get(name))

    def convolution(
        self, layer: nn.Conv1d, name: str, scale: np.ndarray | float = 1.0
    ) -> None:
        """Put a convolution's weights into a layer, its outputs (O,) not scaled."""
        weight, shape = self.weights[name], layer.weight.shape
        if weight.ndim == 4:  # (O, C, 1, k)
            weight = weight[:, :, 0]
        else:  # (k C, O)
            weight = weight.reshape(shape[2], shape[1], shape[0]).transpose(2, 1, 0)
        weight = weight / np.reshape(scale, (-1, 1, 1))
        put(layer, weight, self.biases[name] / scale)

    def upsampling(self, layer: nn.ConvTranspose1d, name: str) -> None:
        """Put the phases of a transposed convolution back into its taps."""
        inputs, outputs, taps = layer.weight.shape
        (stride,) = layer.stride
        frames = -(-taps // stride)
        matrix = self.weights[name]  # (frames C, s O), as convolve_transposed has it
        if len(matrix) != frames * inputs:
            raise ValueError(
                f"{name} has products with zeros, as older packs have. "
                "Write the pack again with models.starter.release.rewrite."
            )
        matrix = matrix.reshape(frames, inputs, stride, outputs)
        weight = np.zeros(layer.weight.shape, np.float32)
        for tap in range(taps):
            weight[:, :, tap] = matrix[frames - 1 - tap // stride, :, tap % stride]
        put(layer, weight, self.biases[name][:outputs])


def put(layer: nn.Module, weight: np.ndarray, bias: np.ndarray | None) -> None:
    """Put weight and bias into a layer, whose weight may have a norm of its own."""
    found = torch.from_numpy(np.array(weight, np.float32, order="C"))
    if parametrize.is_parametrized(layer):
        layer.weight = found
    else:
        layer.weight.copy_(found)
    if bias is not None:
        layer.bias.copy_(torch.from_numpy(bias.astype(np.float32)))


def _convolved(made: dict[str, onnx.NodeProto], name: str) -> str:
    """Return the name of a kernel, or of the one that the source's transform is in."""
    node = made.get(name)
    if node is not None and node.op_type == "ConvTranspose":
        name = node.input[0]
    return _before_cast(made, name)


def _before_cast(made: dict[str, onnx.NodeProto], name: str) -> str:
    """Return the name of a stored array, or of what is cast to floats."""
    node = made.get(name)
    return node.input[0] if node is not None and node.op_type == "Cast" else name


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
