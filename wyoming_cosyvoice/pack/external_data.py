"""Which other files an ONNX file reads its weights from.

A graph may name any path as the place of a weight; those of a pack may name only the
pack's own files. The paths are found here, before any session is made, with the little
of protobuf that this takes: a message is a run of fields, each a number, a wire type
and a value; the table below says which fields hold messages that lead to a tensor.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHILDREN: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        5: "tensor",
        6: "graph",
        10: "tensor",
        11: "graph",
        22: "sparse",
        23: "sparse",
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
    "entry": {1: "key", 2: "value"},
}
"""Message -> field number -> message in that field (onnx/onnx.proto)."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


def external_files(path: Path) -> set[str]:
    """Return the paths, relative to the file's folder, that an ONNX file names.

    Raises: ValueError if the file is no protobuf message; OSError.
    """
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        memoryview(content) as message,
    ):
        return set(_locations(message))


def _locations(model: memoryview) -> Iterator[str]:
    waiting = [("model", 0, len(model))]
    while waiting:
        kind, start, end = waiting.pop()
        keys, values = [], []
        for number, begin, stop in _fields(model, start, end):
            child = _CHILDREN[kind].get(number)
            if child == "key":
                keys.append(bytes(model[begin:stop]))
            elif child == "value":
                values.append(bytes(model[begin:stop]))
            elif child is not None:
                waiting.append((child, begin, stop))
        # Protobuf lets a field stand twice, and readers differ in which one counts.
        if b"location" in keys:
            yield from (value.decode("utf-8") for value in values)


def _fields(message: memoryview, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, start and end of each field that holds bytes."""
    while at < end:
        key, at = _varint(message, at, end)
        number, wire_type = key >> 3, key & 7
        if wire_type == _BYTES:
            size, at = _varint(message, at, end)
        elif wire_type == _VARINT:
            _, at = _varint(message, at, end)
            size = 0
        elif wire_type in (_FIXED64, _FIXED32):
            size = 8 if wire_type == _FIXED64 else 4
        else:
            raise ValueError("it has a field of an unknown type")
        if size > end - at:
            raise ValueError("it is cut short")
        if wire_type == _BYTES:
            yield number, at, at + size
        at += size


def _varint(message: memoryview, at: int, end: int) -> tuple[int, int]:
    value = 0
    for index in range(min(_MAX_VARINT_BYTES, end - at)):
        byte = message[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more bytes follow
            return value, at + index + 1
    raise ValueError("it has a number without an end")
