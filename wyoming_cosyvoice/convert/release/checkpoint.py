"""Read the tensors of a PyTorch checkpoint one at a time.

``Checkpoint.open("llm.pt")`` reads names, shapes and element types; ``read`` then loads
one tensor. Memory use is that of one tensor, whatever the size of the file. The file is
only data: ``archive`` has the rules for the zip file, ``pickle_data`` those for the
pickle inside. Everything is checked on opening except the checksums of the tensors,
which are verified when they are read.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from wyoming_cosyvoice.convert.release.archive import Archive
from wyoming_cosyvoice.convert.release.elements import STORED, widened
from wyoming_cosyvoice.convert.release.pickle_data import read_tree
from wyoming_cosyvoice.convert.release.records import (
    ArrayRecord,
    TensorRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.release.elements import Tensor

MAX_TABLE_BYTES = 64 << 20
"""Limit of ``read_table``: enough for 10,000 speakers with a saved prompt."""

_MAX_EMPTY_DIMENSION = 1 << 20
_NETWORK_NAMES = ("state_dict", "model_state_dict", "model", "module")
_MAX_NETWORK_DEPTH = 4


class Checkpoint:
    """The tensors and plain values of one ``.pt`` file; a context manager.

    Not for use by several threads at once: reads share one file position.
    """

    def __init__(self, archive: Archive, *, is_table: bool = False) -> None:
        self._archive = archive
        self._tree = read_tree(archive.read("data.pkl"), str(archive.path))
        self._tensors: dict[str, TensorRecord] = {}
        self._values: dict[str, float | str | None] = {}
        network = self._tree if is_table else _network_of(self._tree)
        for name, value in network.items():
            if isinstance(value, TensorRecord):
                self._tensors[name] = value
            elif value is None or isinstance(value, (bool, int, float, str)):
                self._values[name] = value
        self._check_storages()
        for record in self._tensors.values():
            self._check_order(record)

    @classmethod
    def open(cls, path: str | Path, *, is_table: bool = False) -> Self:
        """Open a file saved by PyTorch and check everything except the tensor data.

        With ``is_table``, for ``read_table``, it need not contain a network.
        Raises: CheckpointError if it cannot be opened; MalformedCheckpoint if it is
        damaged or of another format; UnsafeCheckpoint if it holds more than data.
        """
        archive = Archive(Path(path))
        try:
            return cls(archive, is_table=is_table)
        except BaseException:
            archive.close()
            raise

    def close(self) -> None:
        """Close the file; ``names``, ``shape`` and ``dtype`` still work."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._archive.path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tensors, in the order of the file."""
        return tuple(self._tensors)

    @property
    def values(self) -> dict[str, float | str | None]:
        """The values that are not tensors, such as ``epoch``."""
        return dict(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor.

        Raises: MalformedCheckpoint if it is missing.
        """
        return self._record(name).shape

    def dtype(self, name: str) -> str:
        """Return float32, float16, bfloat16, int64 or int32, as stored.

        Raises: MalformedCheckpoint if the tensor is missing.
        """
        return self._record(name).storage.dtype

    def read(self, name: str) -> Tensor:
        """Return one tensor, floats as float32 and integers as int64.

        Raises: MalformedCheckpoint if it is missing, damaged or truncated.
        """
        return self._load(self._record(name))

    def read_table(self) -> dict[str, Any]:
        """Return the whole file as nested dicts with arrays in place of tensors.

        Meant for small tables such as ``spk2info.pt``. Raises: MalformedCheckpoint if
        it is damaged or its tensors take more than ``MAX_TABLE_BYTES``.
        """
        wanted = sum(
            record.storage.count * STORED[record.storage.dtype].itemsize
            for record in _tensors_of(self._tree)
        )
        if wanted > MAX_TABLE_BYTES:
            self._archive.fail(f"holds {wanted} bytes of tensors, too many for a table")
        table: dict[str, Any] = self._loaded(self._tree)
        return table

    def _record(self, name: str) -> TensorRecord:
        record = self._tensors.get(name)
        if record is None:
            self._archive.fail(f"holds no tensor {name!r}")
        return record

    def _check_storages(self) -> None:
        used: dict[str, tuple[str, int]] = {}
        for record in _tensors_of(self._tree):
            storage = record.storage
            entry = f"data/{storage.key}"
            form = (storage.dtype, storage.count)
            if used.setdefault(entry, form) != form:
                self._archive.refuse(f"reads {entry!r} as two different storages")
            if entry not in self._archive.names:
                self._archive.fail(f"lacks the storage {entry!r}")
            stored = self._archive.size(entry)
            expected = storage.count * STORED[storage.dtype].itemsize
            if stored != expected:
                self._archive.fail(
                    f"holds {stored} bytes at {entry!r} where {expected} belong"
                )
            self._check_bounds(record)
        for entry in self._archive.names:
            if entry.startswith("data/") and entry not in used:
                self._archive.fail(f"holds {entry!r}, which no tensor uses")

    def _check_bounds(self, record: TensorRecord) -> None:
        if 0 in record.shape:
            if max(record.shape) > _MAX_EMPTY_DIMENSION:
                self._archive.fail("has an empty tensor with a giant dimension")
            return
        end = _end(record)
        if end > record.storage.count:
            self._archive.fail(
                f"has a tensor that ends at element {end} of a storage of "
                f"{record.storage.count}"
            )

    def _check_order(self, record: TensorRecord) -> None:
        """Refuse views on a part of another tensor, which no network has."""
        if 0 not in record.shape and _storage_order(record) is None:
            self._archive.fail(
                f"has a tensor of shape {record.shape} with strides {record.strides}; "
                "its elements do not lie side by side"
            )

    def _load(self, record: TensorRecord) -> Tensor:
        storage = record.storage
        size = 0 if 0 in record.shape else _end(record) - record.offset
        numbers = np.empty(size, STORED[storage.dtype])
        self._archive.read_into(
            f"data/{storage.key}",
            numbers.view(np.uint8).data,
            start=record.offset * STORED[storage.dtype].itemsize,
        )
        order = _storage_order(record)
        if not numbers.size:
            numbers = numbers.reshape(record.shape)
        elif order is not None:
            stored_shape = [record.shape[axis] for axis in order]
            numbers = numbers.reshape(stored_shape).transpose(np.argsort(order))
        elif math.prod(record.shape) > storage.count:
            self._archive.fail("has a table with a tensor larger than its storage")
        else:
            # A slice of another tensor, as in mels saved by users.
            strides = [stride * numbers.itemsize for stride in record.strides]
            numbers = np.lib.stride_tricks.as_strided(numbers, record.shape, strides)
        return widened(numbers, storage.dtype)

    def _loaded(self, value: object) -> Any:
        if isinstance(value, TensorRecord):
            return self._load(value)
        if isinstance(value, ArrayRecord):
            return _array_of(value)
        if isinstance(value, dict):
            return {name: self._loaded(item) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._loaded(item) for item in value]
        return value


def _network_of(tree: dict[str, object]) -> dict[str, object]:
    """Return the part of a tree that contains the tensors of a network.

    Training programs save it in a separate dict beside the training state.
    """
    for _ in range(_MAX_NETWORK_DEPTH):
        if any(isinstance(value, TensorRecord) for value in tree.values()):
            return tree
        networks = {
            name: value
            for name, value in tree.items()
            if isinstance(value, dict) and any(True for _ in _tensors_of(value))
        }
        named = [networks[name] for name in _NETWORK_NAMES if name in networks]
        chosen = named or list(networks.values())
        if len(chosen) != 1:
            return tree
        tree = chosen[0]
    return tree


def _array_of(record: ArrayRecord) -> Tensor:
    numbers: NDArray[Any] = np.frombuffer(record.content, f"<{record.dtype}").reshape(
        record.shape, order="F" if record.is_fortran else "C"
    )
    if record.dtype.startswith("i"):
        return numbers.astype(np.int64, order="C")
    with np.errstate(over="ignore"):  # the caller refuses values that are not finite
        return numbers.astype(np.float32, order="C")


def _end(record: TensorRecord) -> int:
    """Return the index after the last element of a tensor in its storage."""
    steps = zip(record.shape, record.strides, strict=True)
    return record.offset + 1 + sum((size - 1) * stride for size, stride in steps)


def _tensors_of(value: object) -> Iterator[TensorRecord]:
    """Yield all tensors of a tree; ``read_tree`` limits its depth."""
    if isinstance(value, TensorRecord):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _tensors_of(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors_of(item)


def _storage_order(record: TensorRecord) -> list[int] | None:
    """Return the axes from slowest to fastest in memory, or None if there are gaps.

    A transposed weight has permuted strides; an expanded or sliced one, with repeated
    elements or gaps, gives None. An axis of length 1 may have any stride.
    """
    axes = range(len(record.shape))
    order = sorted(
        axes, key=lambda axis: (record.shape[axis] != 1, -record.strides[axis])
    )
    expected = 1
    for axis in reversed(order):
        if record.shape[axis] == 1:
            continue
        if record.strides[axis] != expected:
            return None
        expected *= record.shape[axis]
    return order
