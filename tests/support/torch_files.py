"""Checkpoint files byte by byte, right and wrong ones.

The instructions of ``data.pkl`` are written out here by hand, as their own test of what
the reader makes of them; ``models.random.torch_file`` writes only files that are right.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

START = b"\x80\x02"
STOP = b"."
EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE = b"}", b"]", b")"
REDUCE, BUILD = b"R", b"b"


def text(value: str) -> bytes:
    encoded = value.encode()
    return b"X" + struct.pack("<L", len(encoded)) + encoded


def integer(value: int) -> bytes:
    if 0 <= value < 256:
        return b"K" + bytes([value])
    return b"\x8a\x08" + value.to_bytes(8, "little", signed=True)


def name(module: str, attribute: str) -> bytes:
    return f"c{module}\n{attribute}\n".encode()


def tuple_of(*codes: bytes) -> bytes:
    return b"(" + b"".join(codes) + b"t"


ORDERED_DICT = name("collections", "OrderedDict") + EMPTY_TUPLE + REDUCE


def storage(key: str, count: int, kind: str = "FloatStorage") -> bytes:
    parts = (text("storage"), name("torch", kind), text(key), text("cpu"))
    return tuple_of(*parts, integer(count)) + b"Q"


def tensor(
    source: bytes,
    shape=(4,),
    strides=(1,),
    offset: int = 0,
    hooks: bytes = ORDERED_DICT,
) -> bytes:
    sizes = tuple_of(*map(integer, shape)), tuple_of(*map(integer, strides))
    arguments = tuple_of(source, integer(offset), *sizes, b"\x89", hooks)
    return name("torch._utils", "_rebuild_tensor_v2") + arguments + REDUCE


def dict_of(items: dict[str, bytes], start: bytes = EMPTY_DICT) -> bytes:
    return start + b"(" + b"".join(text(k) + v for k, v in items.items()) + b"u"


def program(root: bytes) -> bytes:
    return START + root + STOP


@dataclass
class Entry:
    """A stored file of the archive, with all that can be said wrongly about it."""

    name: str
    content: bytes = b""
    flags: int = 0x0800
    method: int = 0
    crc: int | None = None
    size: int | None = None
    central_size: int | None = None
    local_name: str | None = None
    local_flags: int | None = None
    central_extra: bytes = b""
    gap: bytes = b""
    """Bytes before the local header."""
    offset_shift: int = 0
    disk: int = 0


def archive(entries: list[Entry], *, comment: bytes = b"", tail: bytes = b"") -> bytes:
    body, central = bytearray(), bytearray()
    for entry in entries:
        body += entry.gap
        offset = len(body) + entry.offset_shift
        crc = zlib.crc32(entry.content) if entry.crc is None else entry.crc
        size = len(entry.content) if entry.size is None else entry.size
        local_name = (entry.local_name or entry.name).encode()
        flags = entry.flags if entry.local_flags is None else entry.local_flags
        body += struct.pack("<4s5H", b"PK\x03\x04", 0, flags, entry.method, 0, 0)
        body += struct.pack("<3L2H", crc, size, size, len(local_name), 0)
        body += local_name + entry.content
        raw_name = entry.name.encode()
        wanted = size if entry.central_size is None else entry.central_size
        central += struct.pack(
            "<4s6H", b"PK\x01\x02", 0, 0, entry.flags, entry.method, 0, 0
        )
        central += struct.pack("<3L", crc, size, wanted)
        central += struct.pack(
            "<5H2L",
            len(raw_name),
            len(entry.central_extra),
            0,
            entry.disk,
            0,
            0,
            offset,
        )
        central += raw_name + entry.central_extra
    end = struct.pack("<4s4H", b"PK\x05\x06", 0, 0, len(entries), len(entries))
    end += struct.pack("<2LH", len(central), len(body), len(comment)) + comment
    return bytes(body + central + end + tail)


def numbers(count: int) -> bytes:
    return np.arange(count, dtype="<f4").tobytes()


def checkpoint(
    root: bytes, storages: dict[str, bytes] | None = None, prefix: str = "x"
) -> bytes:
    """Return a file around the code of its root value."""
    contents = {"0": numbers(4)} if storages is None else storages
    entries = [Entry(f"{prefix}/data.pkl", program(root))]
    entries += [Entry(f"{prefix}/data/{key}", raw) for key, raw in contents.items()]
    return archive([*entries, Entry(f"{prefix}/version", b"3\n")])


GOOD_ROOT = dict_of({"weight": tensor(storage("0", 4))})
GOOD = checkpoint(GOOD_ROOT)
