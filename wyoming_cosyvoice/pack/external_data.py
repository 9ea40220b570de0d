"""Find the external data files that an ONNX file reads its weights from.

A graph may name any path as the location of a weight; a graph of a pack may name only
files of the pack. The locations are read here, before a session is created, with a
minimal protobuf reader: the table below lists the fields whose messages lead to a
tensor.
"""

from __future__ import annotations

import contextlib
import mmap
from typing import TYPE_CHECKING

from wyoming_cosyvoice.files import open_file
from wyoming_cosyvoice.pack.protobuf import BYTES, Field, fields

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


def external_files(path: Path) -> set[str]:
    """Return the paths, relative to the file's folder, that an ONNX file names.

    Raises: ValueError if the file is not a protobuf message; UnusableFile; OSError.
    """
    with mapped(path) as message:
        return set(_locations(message))


@contextlib.contextmanager
def mapped(path: Path) -> Iterator[memoryview]:
    """Map a file into memory.

    Raises: ValueError if it is empty; UnusableFile; OSError.
    """
    with (
        open_file(path) as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        memoryview(content) as message,
    ):
        yield message


def messages(model: memoryview, wanted: str) -> Iterator[list[Field]]:
    """Yield the fields of each message of kind ``wanted``, at any depth.

    Raises: ValueError if the file is not a protobuf message.
    """
    waiting = [("model", 0, len(model))]
    while waiting:
        kind, start, end = waiting.pop()
        found = list(fields(model, start, end))
        if kind == wanted:
            yield found
        for field in found:
            child = _CHILDREN[kind].get(field.number)
            if child in _CHILDREN and field.wire_type == BYTES:
                waiting.append((child, field.begin, field.stop))


def _locations(model: memoryview) -> Iterator[str]:
    for entry in messages(model, "entry"):
        texts = [
            # Copied: a view would keep the file from being closed.
            (
                _CHILDREN["entry"].get(field.number),
                bytes(model[field.begin : field.stop]),
            )
            for field in entry
            if field.wire_type == BYTES
        ]
        # Protobuf allows a field twice, and readers differ in which one they use.
        if any(kind == "key" and text == b"location" for kind, text in texts):
            for kind, text in texts:
                if kind == "value":
                    yield text.decode("utf-8")
