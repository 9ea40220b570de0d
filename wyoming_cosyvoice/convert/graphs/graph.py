"""A small DSL for ONNX graphs, so that a network reads like its paper.

``Graph`` records nodes; ``Tensor`` gives a value its operators.
Weights are not kept in memory: each array is written to the ``.weights`` file beside
the graph at once, and the graph keeps only its name, offset and shape. So a network of
a gigabyte is built with one tensor in memory at a time, and ONNX Runtime can memory-map
the file.

Comments on lines that change a shape give the new one, in the letters of
docs/architecture.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Self, TypeAlias

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    Shape = Sequence[int | str]
    Operand: TypeAlias = "Tensor | float | np.generic | NDArray[np.generic]"
    Attribute = str | int | float | Sequence[int] | None

OPSET = 20
IR_VERSION = 10
MICROSOFT = "com.microsoft"
# A cache line: memory-mapped weights are read in place.
_ALIGNMENT_BYTES = 64
# Smaller arrays stay inside the graph: shapes, axes, single biases.
_INLINE_BYTES = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A value in a graph under construction."""

    graph: Graph
    name: str

    # Leaves `array * tensor` to __rmul__ instead of numpy's element-wise loop.
    __array_ufunc__: ClassVar[None] = None

    def __add__(self, other: Operand) -> Tensor:
        return self.graph.op("Add", self, other)

    def __radd__(self, other: Operand) -> Tensor:
        return self.graph.op("Add", other, self)

    def __sub__(self, other: Operand) -> Tensor:
        return self.graph.op("Sub", self, other)

    def __rsub__(self, other: Operand) -> Tensor:
        return self.graph.op("Sub", other, self)

    def __mul__(self, other: Operand) -> Tensor:
        return self.graph.op("Mul", self, other)

    def __rmul__(self, other: Operand) -> Tensor:
        return self.graph.op("Mul", other, self)

    def __truediv__(self, other: Operand) -> Tensor:
        return self.graph.op("Div", self, other)

    def __rtruediv__(self, other: Operand) -> Tensor:
        return self.graph.op("Div", other, self)

    def __matmul__(self, other: Operand) -> Tensor:
        return self.graph.op("MatMul", self, other)

    def reshape(self, *shape: int) -> Tensor:
        """Return the same values in another shape; 0 keeps a size, -1 is inferred."""
        return self.graph.op("Reshape", self, self.graph.ints(*shape))

    def transpose(self, *axes: int) -> Tensor:
        """Return the axes in another order."""
        return self.graph.op("Transpose", self, perm=axes)

    def unsqueeze(self, *axes: int) -> Tensor:
        """Insert axes of size 1."""
        return self.graph.op("Unsqueeze", self, self.graph.ints(*axes))

    def slice(
        self,
        axis: int,
        start: int | Tensor = 0,
        stop: int | Tensor | None = None,
        step: int = 1,
    ) -> Tensor:
        """Return ``start:stop:step`` of one axis; a tensor operand has shape (1,)."""
        end = np.iinfo(np.int64).max if stop is None else stop
        first = start if isinstance(start, Tensor) else self.graph.ints(start)
        last = end if isinstance(end, Tensor) else self.graph.ints(int(end))
        axes, steps = self.graph.ints(axis), self.graph.ints(step)
        return self.graph.op("Slice", self, first, last, axes, steps)

    def size(self, axis: int) -> Tensor:
        """Return the size of one axis as an int64 tensor of shape (1,)."""
        return self.graph.op("Shape", self, start=axis, end=axis + 1)

    def astype(self, dtype: int) -> Tensor:
        """Return the values in another type of ``onnx.TensorProto``."""
        return self.graph.op("Cast", self, to=dtype)


class Graph:
    """A graph that will be written to ``<name>.onnx`` and ``<name>.weights``.

    Use it as a context manager around the code that adds nodes, then call ``save``.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.path = directory / f"{name}.onnx"
        self._weights_path = directory / f"{name}.weights"
        self._weights_file: BinaryIO | None = None
        self._weights_end = 0
        self._nodes: list[NodeProto] = []
        self._values = 0
        self._inputs: dict[str, tuple[int, Shape]] = {}
        self._outputs: dict[str, tuple[int, Shape]] = {}
        self._output_names: dict[str, str] = {}
        self._initializers: dict[str, TensorProto] = {}
        self._inlined: dict[tuple[str, tuple[int, ...], bytes], Tensor] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._weights_file is not None:
            self._weights_file.close()

    def input(self, name: str, dtype: int, shape: Shape) -> Tensor:
        """Add an input; names are dynamic sizes, numbers are fixed."""
        self._inputs[name] = dtype, shape
        return Tensor(self, name)

    def resize(self, tensor: Tensor, shape: Shape) -> None:
        """Give an input another shape, where it is only known at the end."""
        dtype, _ = self._inputs[tensor.name]
        self._inputs[tensor.name] = dtype, shape

    def output(
        self, name: str, tensor: Tensor, shape: Shape, dtype: int = TensorProto.FLOAT
    ) -> None:
        """Name a value and make it an output."""
        # The value itself is renamed: a copy node would break in-place writing.
        self._output_names[tensor.name] = name
        self._outputs[name] = dtype, shape

    def op(
        self,
        kind: str,
        *operands: Operand | None,
        domain: str = "",
        **attributes: Attribute,
    ) -> Tensor:
        """Add a node with one output; None omits an optional input."""
        return self.ops(kind, *operands, outputs=1, domain=domain, **attributes)[0]

    def ops(
        self,
        kind: str,
        *operands: Operand | None,
        outputs: int,
        domain: str = "",
        **attributes: Attribute,
    ) -> tuple[Tensor, ...]:
        """Add a node with several outputs."""
        inputs = ["" if x is None else self._tensor(x).name for x in operands]
        end = self._values + outputs
        names = [f"value_{number}" for number in range(self._values, end)]
        self._values = end
        node = helper.make_node(kind, inputs, names, domain=domain)
        node.attribute.extend(
            helper.make_attribute(key, value)
            for key, value in sorted(attributes.items())
            if value is not None
        )
        self._nodes.append(node)
        return tuple(Tensor(self, name) for name in names)

    def concat(self, *tensors: Tensor, axis: int) -> Tensor:
        """Join tensors along one axis."""
        return self.op("Concat", *tensors, axis=axis)

    def split(
        self, tensor: Tensor, sizes: Sequence[int], *, axis: int
    ) -> tuple[Tensor, ...]:
        """Split a tensor into parts of given sizes along one axis."""
        return self.ops(
            "Split", tensor, self.ints(*sizes), outputs=len(sizes), axis=axis
        )

    def ints(self, *values: int) -> Tensor:
        """Return an int64 constant of rank 1."""
        return self.constant(np.array(values, np.int64))

    def constant(self, array: NDArray[np.generic]) -> Tensor:
        """Return a small constant that is stored in the graph, once per value."""
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._inlined:
            name = f"constant_{len(self._inlined)}"
            self._inlined[key] = self._initializer(numpy_helper.from_array(array, name))
        return self._inlined[key]

    def weight(self, name: str, array: NDArray[np.generic]) -> Tensor:
        """Store an array beside the graph and return it as a constant."""
        array = np.ascontiguousarray(array)
        if array.nbytes <= _INLINE_BYTES:
            return self.constant(array)
        if self._weights_file is None:
            self._weights_file = self._weights_path.open("wb")
        padding = -self._weights_end % _ALIGNMENT_BYTES
        self._weights_file.write(bytes(padding))
        offset = self._weights_end + padding
        self._weights_file.write(array.data)
        self._weights_end = offset + array.nbytes
        tensor = TensorProto(
            name=name,
            data_type=helper.np_dtype_to_tensor_dtype(array.dtype),
            dims=array.shape,
            data_location=TensorProto.EXTERNAL,
        )
        place = {"location": self._weights_path.name, "offset": offset}
        for key, value in {**place, "length": array.nbytes}.items():
            tensor.external_data.add(key=key, value=str(value))
        return self._initializer(tensor)

    def save(self) -> None:
        """Write the graph; its weights are already on disk."""
        for node in self._nodes:
            for names in (node.input, node.output):
                names[:] = [self._output_names.get(name, name) for name in names]
        inputs, outputs = (
            [
                helper.make_tensor_value_info(name, dtype, shape)
                for name, (dtype, shape) in ports.items()
            ]
            for ports in (self._inputs, self._outputs)
        )
        weights = list(self._initializers.values())
        graph = helper.make_graph(self._nodes, self.name, inputs, outputs, weights)
        opsets = [
            helper.make_opsetid(domain, version)
            for domain, version in {"": OPSET, MICROSOFT: 1}.items()
        ]
        model = helper.make_model(
            graph,
            ir_version=IR_VERSION,
            opset_imports=opsets,
            producer_name="wyoming-cosyvoice",
        )
        if self._weights_file is not None:
            self._weights_file.close()
        self.path.write_bytes(model.SerializeToString(deterministic=True))

    def _initializer(self, tensor: TensorProto) -> Tensor:
        if tensor.name in self._initializers:
            raise ValueError(f"two weights are called {tensor.name}")
        self._initializers[tensor.name] = tensor
        return Tensor(self, tensor.name)

    def _tensor(self, operand: Operand) -> Tensor:
        if isinstance(operand, Tensor):
            return operand
        if isinstance(operand, float):
            return self.constant(np.asarray(operand, np.float32))
        return self.constant(np.asarray(operand))
