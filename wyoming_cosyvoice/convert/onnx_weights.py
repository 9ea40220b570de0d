"""Check the weights inside an ONNX file, or move them to a separate file.

Neither loads them: the file is memory-mapped, so a small machine can handle 500 MB.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, BinaryIO

from wyoming_cosyvoice.pack.external_data import mapped, messages
from wyoming_cosyvoice.pack.protobuf import (
    BYTES,
    VARINT,
    Field,
    bytes_field,
    fields,
    number_field,
    read_varint,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Fields of onnx/onnx.proto.
_GRAPH = 7
_INITIALIZER = 5
_DIMS, _TYPE, _NAME, _RAW, _EXTERNAL, _LOCATION = 1, 2, 8, 9, 13, 14
_KEY, _VALUE = 1, 2
_IS_EXTERNAL = 1

_ITEM_BYTES = {1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8}
_ITEM_BYTES |= {12: 4, 13: 8, 14: 8, 15: 16, 16: 2, 17: 1, 18: 1, 19: 1, 20: 1}
"""By ``TensorProto.DataType``; strings and 4-bit types are missing."""

_ALIGNMENT_BYTES = 64
# Smaller ones are biases, and shapes, which ONNX Runtime needs in the graph.
_SMALLEST_BYTES = 4096
_SHOWN_CHARS = 80


def check_weights(path: Path) -> None:
    """Check that the weights in an ONNX file have the size of their declared shape.

    Raises: ValueError, whose message continues the file name; UnusableFile; OSError.
    """
    with mapped(path) as model:
        for tensor in messages(model, "tensor"):
            if any(field.number == _EXTERNAL for field in tensor):
                raise ValueError("keeps weights in another file")
            _check_size(model, tensor)


def move_weights(source: Path, directory: Path) -> None:
    """Write ``source`` into a folder, with its weights in ``<name>.weights``.

    The graph and the values are unchanged.
    Raises: ValueError if the file is not an ONNX network; UnusableFile; OSError.
    """
    weights = directory / f"{source.stem}.weights"
    with (
        mapped(source) as model,
        weights.open("wb") as store,
        (directory / source.name).open("wb") as target,
    ):
        for field in fields(model, 0, len(model)):
            if field.number == _GRAPH and field.wire_type == BYTES:
                graph = b"".join(_graph(model, field, store, weights.name))
                target.write(bytes_field(_GRAPH, graph))
            else:
                target.write(model[field.at : field.stop])


def _check_size(model: memoryview, tensor: list[Field]) -> None:
    dims = list(_dims(model, tensor))
    count = math.prod(dims)
    kind = next((f.value for f in tensor if f.number == _TYPE), 0)
    raw = next((f for f in tensor if f.number == _RAW), None)
    if raw is not None and kind in _ITEM_BYTES:
        is_right = raw.size == count * _ITEM_BYTES[kind]
    else:
        # A number takes at least half a byte.
        is_right = count <= 2 * (tensor[-1].stop - tensor[0].at) if tensor else True
    if not is_right or any(not 0 <= size < 1 << 31 for size in dims):
        names = (model[f.begin : f.stop] for f in tensor if f.number == _NAME)
        name = bytes(next(names, b"")).decode("utf-8", "replace")
        shape = "x".join(map(str, dims))
        raise ValueError(
            f"has weights {name[:_SHOWN_CHARS]!r} that are not of their shape, "
            f"{shape[:_SHOWN_CHARS]}"
        )


def _dims(model: memoryview, tensor: list[Field]) -> Iterator[int]:
    for field in tensor:
        if field.number != _DIMS:
            continue
        if field.wire_type == VARINT:
            yield field.value
            continue
        at = field.begin
        while at < field.stop:
            value, at = read_varint(model, at, field.stop)
            yield value


def _graph(
    model: memoryview, graph: Field, store: BinaryIO, name: str
) -> Iterator[bytes]:
    """Yield the fields of a graph, large initializers without their data."""
    for field in fields(model, graph.begin, graph.stop):
        tensor = []
        if field.number == _INITIALIZER and field.wire_type == BYTES:
            tensor = list(fields(model, field.begin, field.stop))
        raw = next((f for f in tensor if f.number == _RAW), None)
        if raw is None or raw.size < _SMALLEST_BYTES:
            yield bytes(model[field.at : field.stop])
            continue
        store.write(bytes(-store.tell() % _ALIGNMENT_BYTES))
        place = {"location": name, "offset": str(store.tell()), "length": str(raw.size)}
        store.write(model[raw.begin : raw.stop])
        kept = [f for f in tensor if f.number not in (_RAW, _EXTERNAL, _LOCATION)]
        entries = [
            bytes_field(_KEY, key.encode()) + bytes_field(_VALUE, value.encode())
            for key, value in place.items()
        ]
        moved = b"".join(
            [
                *(bytes(model[f.at : f.stop]) for f in kept),
                *(bytes_field(_EXTERNAL, entry) for entry in entries),
                number_field(_LOCATION, _IS_EXTERNAL),
            ]
        )
        yield bytes_field(_INITIALIZER, moved)
