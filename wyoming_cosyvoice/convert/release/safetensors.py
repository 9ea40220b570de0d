"""A checkpoint in the safetensors form, as some programs that train save it.

    8 bytes      length of the header, little-endian
    header       JSON: name -> {"dtype", "shape", "data_offsets"}, "__metadata__" beside
    the rest     the numbers, without gaps

Nothing in it can be run, so there is only arithmetic to check: each tensor is as long
as its shape says, and all of them tile the rest of the file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self

import numpy as np

from wyoming_cosyvoice.convert.release.elements import STORED, widened
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnusableFile,
)
from wyoming_cosyvoice.files import open_file, parse_json

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.release.elements import Tensor

_MAX_HEADER_BYTES = 8 << 20
_MAX_TENSORS = 20_000
_DTYPES = {
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
}


@dataclass(frozen=True, slots=True)
class _Tensor:
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


class TensorFile(Protocol):
    """What is needed of a file of tensors, whatever its form."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tensors."""

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor that is there."""

    def dtype(self, name: str) -> str:
        """Return float32, float16, bfloat16, int64 or int32."""

    def read(self, name: str) -> NDArray[Any]:
        """Return one tensor, floats as float32. Raises: MalformedCheckpoint."""


class SafeTensors:
    """The tensors of one file, read one at a time; a context manager."""

    def __init__(self, path: Path) -> None:
        """Open a file and check everything but the numbers.

        Raises: CheckpointError if it cannot be opened, MalformedCheckpoint.
        """
        self._path = path
        try:
            self._file = open_file(path)
        except (FileNotFoundError, UnusableFile) as error:
            raise CheckpointError(f"{path} cannot be opened: {error}") from error
        try:
            self._size = self._file.seek(0, 2)
            self._begin, self._tensors = self._read_header()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tensors."""
        return tuple(self._tensors)

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of a tensor that is there."""
        return self._tensors[name].shape

    def dtype(self, name: str) -> str:
        """Return float32, float16, bfloat16, int64 or int32."""
        return self._tensors[name].dtype

    def read(self, name: str) -> Tensor:
        """Return one tensor, floats as float32.

        Raises: MalformedCheckpoint if the file was cut short.
        """
        tensor = self._tensors[name]
        self._file.seek(self._begin + tensor.begin)
        content = bytearray(tensor.end - tensor.begin)
        if self._file.readinto(content) != len(content):
            self._fail("was cut short while it was read")
        numbers = np.frombuffer(content, STORED[tensor.dtype]).reshape(tensor.shape)
        return widened(numbers, tensor.dtype)

    def _read_header(self) -> tuple[int, dict[str, _Tensor]]:
        self._file.seek(0)
        length = int.from_bytes(self._file.read(8), "little")
        if not 2 <= length <= min(_MAX_HEADER_BYTES, self._size - 8):  # noqa: PLR2004
            self._fail(f"has a header of {length} bytes")
        try:
            header = parse_json(self._file.read(length).decode())
        except ValueError as error:
            self._fail(f"has a header that is not JSON: {error}")
        if not isinstance(header, dict) or len(header) > _MAX_TENSORS:
            self._fail("has a header that is not a list of tensors")
        tensors = {
            name: self._tensor(name, entry)
            for name, entry in header.items()
            if name != "__metadata__"
        }
        end = 0
        for tensor in sorted(tensors.values(), key=lambda one: (one.begin, one.end)):
            if tensor.begin != end:
                self._fail(f"has a gap or an overlap at byte {end}")
            end = tensor.end
        if 8 + length + end != self._size:
            self._fail(f"has {self._size} bytes where {8 + length + end} belong")
        return 8 + length, tensors

    def _tensor(self, name: str, entry: object) -> _Tensor:
        try:
            dtype = _DTYPES[entry["dtype"]]  # type: ignore[index]
            shape = tuple(entry["shape"])  # type: ignore[index]
            begin, end = entry["data_offsets"]  # type: ignore[index]
        except (KeyError, TypeError, ValueError):
            self._fail(f"has a tensor {name[:60]!r} that is not understood")
        numbers = (*shape, begin, end)
        if not all(type(number) is int and 0 <= number < 1 << 48 for number in numbers):
            self._fail(f"has numbers out of range in {name[:60]!r}")
        if end - begin != math.prod(shape) * STORED[dtype].itemsize:
            self._fail(f"has {end - begin} bytes for {name[:60]!r} of shape {shape}")
        return _Tensor(dtype, shape, begin, end)

    def _fail(self, reason: str) -> NoReturn:
        raise MalformedCheckpoint(
            f"{self._path} {reason}.", remedy="Download the file again."
        )
