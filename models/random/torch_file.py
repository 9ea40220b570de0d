"""Write tensors into a file of PyTorch's format without PyTorch.

The file is a zip archive of stored entries, as
``wyoming_cosyvoice.convert.release.archive``
describes it, laid out byte for byte in the way of ``torch.save``: headers whose sums
follow the data, contents aligned to 64 bytes, 64-bit end records always. Tensors are
made one at a time while the file is written: a file of gigabytes needs little memory.
"""

from __future__ import annotations

import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

_ALIGNMENT = 64
_FLAGS = 0x0808  # names are UTF-8; sums follow the data
_OPEN_MARK, _TUPLE, _REDUCE, _BUILD = b"(", b"t", b"R", b"b"


@dataclass(frozen=True, slots=True)
class Tensor:
    """A float32 tensor to be made when its turn comes."""

    shape: tuple[int, ...]
    make: Callable[[], Numbers]


def write_torch_file(
    path: Path, tree: dict[str, object], *, modules: list[str] | None = None
) -> None:
    """Write a dict of tensors, dicts, texts and small integers.

    With ``modules`` the dict becomes the state of a PyTorch module: an OrderedDict that
    carries the version of each named module as ``_metadata``.
    """
    program = _Program()
    program.dict(tree, is_ordered=modules is not None)
    if modules is not None:
        versions: dict[str, object] = {name: {"version": 1} for name in modules}
        program.code += b"}"
        program.text("_metadata")
        program.dict(versions, is_ordered=True)
        program.code += b"s" + _BUILD
    with path.open("wb") as file:
        archive = _ZipWriter(file, path.stem)
        archive.add("data.pkl", bytes(b"\x80\x02" + program.code + b"."))
        archive.add(".format_version", b"1")
        archive.add(".storage_alignment", str(_ALIGNMENT).encode())
        archive.add("byteorder", b"little")
        for key, tensor in enumerate(program.tensors):
            numbers = np.asarray(tensor.make(), "<f4", order="C")
            if numbers.shape != tensor.shape:
                raise ValueError(f"made {numbers.shape} where {tensor.shape} belongs")
            archive.add(f"data/{key}", numbers.reshape(-1).view(np.uint8).data)
        archive.add("version", b"3\n")
        archive.finish()


class _Program:
    """The instructions that rebuild a tree, in the order ``torch.save`` gives them."""

    def __init__(self) -> None:
        self.code = bytearray()
        self.tensors: list[Tensor] = []
        self._memo: dict[str, int] = {}

    def value(self, value: object) -> None:
        if isinstance(value, Tensor):
            self._tensor(value)
        elif isinstance(value, dict):
            self.dict(value, is_ordered=False)
        elif isinstance(value, str):
            self.text(value)
        elif isinstance(value, int):
            self._integer(value)
        else:
            raise TypeError(f"cannot write a {type(value).__name__}")

    def dict(self, items: dict[str, object], *, is_ordered: bool) -> None:
        if is_ordered:
            self._ordered_dict()
        else:
            self.code += b"}"
        self.code += _OPEN_MARK
        for name, value in items.items():
            self.text(name)
            self.value(value)
        self.code += b"u"

    def text(self, text: str) -> None:
        encoded = text.encode()
        header = b"X" + struct.pack("<L", len(encoded))
        self._once(text, header + encoded)

    def _tensor(self, tensor: Tensor) -> None:
        strides = [
            math.prod(tensor.shape[axis + 1 :]) for axis in range(len(tensor.shape))
        ]
        self._name("torch._utils\n_rebuild_tensor_v2\n")
        self.code += _OPEN_MARK + _OPEN_MARK
        self.text("storage")
        self._name("torch\nFloatStorage\n")
        self.text(str(len(self.tensors)))
        self.text("cpu")
        self._integer(math.prod(tensor.shape))
        self.code += _TUPLE + b"Q"
        self._integer(0)
        for numbers in (tensor.shape, strides):
            self.code += _OPEN_MARK
            for number in numbers:
                self._integer(number)
            self.code += _TUPLE
        self.code += b"\x89"
        self._ordered_dict()
        self.code += _TUPLE + _REDUCE
        self.tensors.append(tensor)

    def _ordered_dict(self) -> None:
        self._name("collections\nOrderedDict\n")
        self.code += b")" + _REDUCE

    def _name(self, name: str) -> None:
        self._once("name " + name, b"c" + name.encode())

    def _once(self, key: str, code: bytes) -> None:
        """Write ``code`` the first time and a reference to it afterwards."""
        if key in self._memo:
            self.code += b"j" + struct.pack("<L", self._memo[key])
            return
        self.code += code + b"r" + struct.pack("<L", len(self._memo))
        self._memo[key] = len(self._memo)

    def _integer(self, number: int) -> None:
        if 0 <= number < 1 << 8:
            self.code += b"K" + struct.pack("<B", number)
        elif 0 <= number < 1 << 16:
            self.code += b"M" + struct.pack("<H", number)
        else:
            self.code += b"J" + struct.pack("<l", number)


class _ZipWriter:
    def __init__(self, file: BinaryIO, prefix: str) -> None:
        self._file = file
        self._prefix = prefix
        self._directory = bytearray()
        self._count = 0

    def add(self, name: str, content: bytes | memoryview) -> None:
        raw_name = f"{self._prefix}/{name}".encode()
        offset = self._file.tell()
        size = len(content)
        sums = struct.pack("<3L", zlib.crc32(content), size, size)
        start = offset + 30 + len(raw_name) + 4
        padding = b"FB" + struct.pack("<H", -start % _ALIGNMENT)
        padding += b"Z" * (-start % _ALIGNMENT)
        name_sizes = struct.pack("<2H", len(raw_name), len(padding))
        header = struct.pack("<4s5H", b"PK\x03\x04", 0, _FLAGS, 0, 0, 0)
        self._file.write(header + bytes(12) + name_sizes + raw_name + padding)
        self._file.write(content)
        self._file.write(b"PK\x07\x08" + sums)
        self._directory += struct.pack("<4s6H", b"PK\x01\x02", 0, 0, _FLAGS, 0, 0, 0)
        self._directory += sums
        self._directory += struct.pack("<5H2L", len(raw_name), 0, 0, 0, 0, 0, offset)
        self._directory += raw_name
        self._count += 1

    def finish(self) -> None:
        offset, size, count = self._file.tell(), len(self._directory), self._count
        end64 = offset + size
        self._file.write(self._directory)
        self._file.write(
            struct.pack("<4sQ2H2L", b"PK\x06\x06", 44, 0, 0, 0, 0)
            + struct.pack("<4Q", count, count, size, offset)
            + struct.pack("<4sLQL", b"PK\x06\x07", 0, end64, 1)
            + struct.pack("<4s4H", b"PK\x05\x06", 0, 0, count, count)
            + struct.pack("<2LH", size, offset, 0)
        )
