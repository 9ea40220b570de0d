"""A zero-copy reader for the fields of a protobuf message.

A message is a sequence of fields, each a number, a wire type and a value. Files of any
size can be read as a ``memoryview`` of a mapped file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


@dataclass(frozen=True, slots=True)
class Field:
    """One field; offsets are in bytes from the start of the ``memoryview``."""

    number: int
    wire_type: int
    """VARINT, FIXED64, BYTES or FIXED32."""
    at: int
    """Offset of the field."""
    begin: int
    """Offset of its value; for BYTES, after the length."""
    stop: int
    """Offset of the end of both."""
    value: int
    """Value of a VARINT; 0 for other types."""

    @property
    def size(self) -> int:
        """Size of the value in bytes."""
        return self.stop - self.begin


def fields(message: memoryview, at: int, end: int) -> Iterator[Field]:
    """Yield the fields of the message from ``at`` to ``end``.

    Raises: ValueError if it is not a valid message.
    """
    while at < end:
        start = at
        key, at = read_varint(message, at, end)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise ValueError("it has a field without a number")
        value = size = 0
        begin = at
        if wire_type == VARINT:
            value, at = read_varint(message, at, end)
        elif wire_type == BYTES:
            size, begin = read_varint(message, at, end)
            at = begin
        elif wire_type in (FIXED64, FIXED32):
            size = 8 if wire_type == FIXED64 else 4
        else:
            raise ValueError("it has a field of an unknown type")
        if size > end - at:
            raise ValueError("it is truncated")
        at += size
        yield Field(number, wire_type, start, begin, at, value)


def read_varint(message: memoryview, at: int, end: int) -> tuple[int, int]:
    """Return a number and the offset of its end.

    Raises: ValueError if it does not end.
    """
    value = 0
    for index in range(min(_MAX_VARINT_BYTES, end - at)):
        byte = message[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:  # noqa: PLR2004 - the top bit says that more bytes follow
            return value, at + index + 1
    raise ValueError("it has an unterminated number")


def varint(value: int) -> bytes:
    """Return the bytes of a number of at least 0."""
    encoded = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def bytes_field(number: int, content: bytes) -> bytes:
    """Return a field that holds bytes, a text or a message."""
    return varint(number << 3 | BYTES) + varint(len(content)) + content


def number_field(number: int, value: int) -> bytes:
    """Return a field that holds a number of at least 0."""
    return varint(number << 3 | VARINT) + varint(value)
