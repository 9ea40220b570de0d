r"""Wyoming frames as bytes, without sockets.

A frame is a JSON object on one line, then ``data_length`` bytes of JSON whose keys are
merged over the line's ``data``, then ``payload_length`` bytes:

    {"type": "synthesize", "data_length": 17}\n{"text": "Hello"}

``FrameReader`` is fed bytes in pieces of any size and returns events or a
ProtocolError, nothing else, however the bytes are split. It has three states, LINE ->
DATA -> PAYLOAD -> LINE; the error is a final state.

It holds at most one line or data block, besides the last input: lengths are checked
when declared, before the body arrives. Payloads are skipped, because clients do not
send audio. The work is linear in the bytes.
"""

from __future__ import annotations

import json
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NoReturn

import wyoming.version
from wyoming.event import Event

from wyoming_cosyvoice.errors import FrameTooLarge, ProtocolError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wyoming_cosyvoice.config import Limits


_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class _State(Enum):
    LINE = auto()
    DATA = auto()
    PAYLOAD = auto()


class FrameReader:
    """Turn bytes into events. One reader serves one connection and one direction."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0  # bytes of the buffer known to hold no newline
        self._state = _State.LINE
        self._header: dict[str, Any] = {}
        self._data_bytes = 0
        self._payload_bytes = 0
        self._error: ProtocolError | None = None

    @property
    def is_inside_frame(self) -> bool:
        """Whether a frame is incomplete."""
        return self._state is not _State.LINE or bool(self._buffer)

    def feed(self, received: bytes) -> None:
        """Add bytes from the peer; ``events`` parses them."""
        if self._error is None:
            self._buffer += received

    def events(self) -> Iterator[Event]:
        """Yield the complete events.

        Raises: ProtocolError, now and at each later call, after an invalid frame.
        Events before it are yielded first.
        """
        while (event := self._next_event()) is not None:
            yield event

    def check_end(self) -> None:
        """Check the end of the stream.

        Raises: ProtocolError inside a frame.
        """
        if self._error is None and self.is_inside_frame:
            self._fail(ProtocolError("The connection ended inside a frame."))

    def _next_event(self) -> Event | None:
        if self._error is not None:
            # Each raise would extend the traceback of a stored exception.
            raise self._error.with_traceback(None)
        if self._state is _State.LINE and not self._take_line():
            return None
        if self._state is _State.DATA and not self._take_data():
            return None
        if not self._skip_payload():
            return None
        self._state = _State.LINE
        header = self._header
        return Event(type=header["type"], data=header["data"])

    def _take_line(self) -> bool:
        limit = self._limits.line_bytes
        end = self._buffer.find(b"\n", self._searched)
        self._searched = len(self._buffer)
        if end > limit or (end < 0 and len(self._buffer) > limit):
            self._fail(FrameTooLarge(f"A header line is longer than {limit} bytes."))
        if end < 0:
            return False
        header = self._parse_object(self._cut(end + 1), "header")
        kind = header.get("type")
        if not isinstance(kind, str):
            self._fail(ProtocolError("The header's type must be a string."))
        data = header.get("data")
        if data is None:
            data = {}
        if not isinstance(data, dict):
            self._fail(ProtocolError("The header's data must be an object."))
        self._header = {"type": kind, "data": data}
        self._data_bytes = self._declared(
            header, "data_length", self._limits.data_bytes
        )
        self._payload_bytes = self._declared(
            header, "payload_length", self._limits.payload_bytes
        )
        self._state = _State.DATA
        return True

    def _take_data(self) -> bool:
        if len(self._buffer) < self._data_bytes:
            return False
        if self._data_bytes:
            block = self._cut(self._data_bytes)
            self._header["data"].update(self._parse_object(block, "data block"))
        self._state = _State.PAYLOAD
        return True

    def _skip_payload(self) -> bool:
        skipped = min(self._payload_bytes, len(self._buffer))
        self._cut(skipped)
        self._payload_bytes -= skipped
        return self._payload_bytes == 0

    def _cut(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched = 0
        return piece

    def _declared(self, header: dict[str, Any], key: str, limit: int) -> int:
        size = header.get(key)
        if size is None:
            return 0
        if type(size) is not int or size < 0:  # bool is an int, too
            self._fail(ProtocolError(f"The header's {key} is not a length."))
        if size > limit:
            self._fail(
                FrameTooLarge(f"The header's {key} is over the limit of {limit} bytes.")
            )
        return size

    def _parse_object(self, encoded: bytes, place: str) -> dict[str, Any]:
        items = self._limits.json_items
        # Brackets in strings do not count; strings are removed only if necessary.
        if _marks(encoded) > items and _marks(_STRING.sub(b"", encoded)) > items:
            self._fail(FrameTooLarge(f"The {place} has more than {items} values."))
        try:
            parsed = json.loads(encoded.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            # ValueError covers bad UTF-8, bad JSON, NaN and integers of 5,000 digits.
            # A key may be repeated, as for the reference library.
            self._fail(ProtocolError(f"The {place} is not valid UTF-8 JSON."))
        if not isinstance(parsed, dict):
            self._fail(ProtocolError(f"The {place} is not a JSON object."))
        depth = self._limits.json_depth
        # Without enough brackets it cannot be deep, so normal events are not traversed.
        if encoded.count(b"[") + encoded.count(b"{") > depth and _is_deeper(
            parsed, depth
        ):
            self._fail(FrameTooLarge(f"The {place} nests deeper than {depth} levels."))
        return parsed

    def _fail(self, error: ProtocolError) -> NoReturn:
        self._error = error
        self._buffer.clear()
        self._header = {}
        raise error


def encode_event(event: Event) -> bytes:
    """Return the frame of ``event``, in the layout of the reference library."""
    header: dict[str, Any] = {
        "type": event.type,
        "version": wyoming.version.__version__,
    }
    # ASCII escapes preserve a lone surrogate that a client sent and we echo
    data = json.dumps(event.data).encode() if event.data else b""
    payload = event.payload or b""
    if data:
        header["data_length"] = len(data)
    if payload:
        header["payload_length"] = len(payload)
    return b"".join((json.dumps(header).encode(), b"\n", data, payload))


def _marks(encoded: bytes) -> int:
    """Return the number of characters that start a JSON value."""
    return encoded.count(b",") + encoded.count(b"[") + encoded.count(b"{")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deeper(value: object, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [child for parent in level for child in _children(parent)]
    return any(isinstance(value, dict | list) for value in level)


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
