"""A small language to write ONNX graphs in, so that a network reads like its paper.

``Graph`` records nodes with ``onnx_ir``'s tape; ``Tensor`` gives a value its operators.
Weights never live in memory: each array goes to the ``.weights`` file beside the graph
as soon as it is made, and the graph keeps only name, place and shape. So a network of a
gigabyte is built with one of its tensors in memory at a time, and ONNX Runtime can map
the file instead of reading it.

Comments on lines that change a shape give the new one, in the letters of
docs/architecture.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, ClassVar, Self, TypeAlias

import numpy as np
import onnx_ir as ir

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
# A cache line: mapped weights are read from where they lie.
_ALIGNMENT_BYTES = 64
# Smaller arrays stay inside the graph: shapes, axes, single biases.
_INLINE_BYTES = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A value of a graph that is being written."""

    graph: Graph
    value: ir.Value

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
        """Return the values with axes of size 1 put in."""
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

    def astype(self, dtype: ir.DataType) -> Tensor:
        """Return the values in another type."""
        return self.graph.op("Cast", self, to=int(dtype))


class Graph:
    """One network on its way to ``<name>.onnx`` and ``<name>.weights``.

    Use it as a context manager around the code that adds nodes; ``save`` ends it.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.path = directory / f"{name}.onnx"
        self._weights_path = directory / f"{name}.weights"
        self._weights_file: BinaryIO | None = None
        self._weights_end = 0
        self._tape = ir.tape.Tape()
        self._inputs: list[ir.Value] = []
        self._outputs: list[ir.Value] = []
        self._initializers: dict[str, ir.Value] = {}
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

    def input(self, name: str, dtype: ir.DataType, shape: Shape) -> Tensor:
        """Add an input; named sizes are free, numbers are fixed."""
        value = ir.val(name, dtype=dtype, shape=shape)
        self._inputs.append(value)
        return Tensor(self, value)

    def output(
        self, name: str, tensor: Tensor, shape: Shape, dtype: ir.DataType | None = None
    ) -> None:
        """Name a value and make it an output."""
        # The name goes to the value itself: a copy node would break writing in place.
        tensor.value.name = name
        tensor.value.dtype = dtype or ir.DataType.FLOAT
        tensor.value.shape = ir.Shape(shape)
        self._outputs.append(tensor.value)

    def op(
        self,
        kind: str,
        *operands: Operand | None,
        domain: str = "",
        **attributes: Attribute,
    ) -> Tensor:
        """Add a node with one output; None leaves an optional input out."""
        values = [None if x is None else self._tensor(x).value for x in operands]
        value = self._tape.op(kind, values, _without_none(attributes), domain=domain)
        return Tensor(self, value)

    def ops(
        self,
        kind: str,
        *operands: Operand | None,
        outputs: int,
        domain: str = "",
        **attributes: Attribute,
    ) -> tuple[Tensor, ...]:
        """Add a node with several outputs."""
        values = [None if x is None else self._tensor(x).value for x in operands]
        results = self._tape.op_multi_out(
            kind,
            values,
            _without_none(attributes),
            num_outputs=outputs,
            domain=domain,
        )
        return tuple(Tensor(self, value) for value in results)

    def concat(self, *tensors: Tensor, axis: int) -> Tensor:
        """Join tensors along one axis."""
        return self.op("Concat", *tensors, axis=axis)

    def split(
        self, tensor: Tensor, sizes: Sequence[int], *, axis: int
    ) -> tuple[Tensor, ...]:
        """Cut a tensor into parts of given sizes along one axis."""
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
            self._inlined[key] = self._initializer(name, ir.tensor(array, name=name))
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
        tensor = ir.ExternalTensor(
            self._weights_path.name,
            offset,
            array.nbytes,
            ir.DataType.from_numpy(array.dtype),
            shape=ir.Shape(array.shape),
            name=name,
            base_dir=self._weights_path.parent,
        )
        return self._initializer(name, tensor)

    def save(self) -> None:
        """Write the graph; its weights are on disk already."""
        graph = ir.Graph(
            self._inputs,
            self._outputs,
            nodes=self._tape.nodes,
            initializers=list(self._initializers.values()),
            opset_imports={"": OPSET, MICROSOFT: 1},
            name=self.name,
        )
        model = ir.Model(
            graph, ir_version=IR_VERSION, producer_name="wyoming-cosyvoice"
        )
        if self._weights_file is not None:
            self._weights_file.close()
        ir.save(model, self.path)

    def _initializer(self, name: str, tensor: ir.TensorProtocol) -> Tensor:
        value = ir.Value(
            name=name,
            const_value=tensor,
            type=ir.TensorType(tensor.dtype),
            shape=ir.Shape(tensor.shape.numpy()),
        )
        if name in self._initializers:
            raise ValueError(f"two weights are called {name}")
        self._initializers[name] = value
        return Tensor(self, value)

    def _tensor(self, operand: Operand) -> Tensor:
        if isinstance(operand, Tensor):
            return operand
        if isinstance(operand, float):
            return self.constant(np.asarray(operand, np.float32))
        return self.constant(np.asarray(operand))


def _without_none(attributes: dict[str, Attribute]) -> dict[str, Attribute]:
    return {name: value for name, value in attributes.items() if value is not None}
