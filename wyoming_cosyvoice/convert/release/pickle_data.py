"""A data-only reader for the pickle inside a checkpoint.

``data.pkl`` is a program for a stack machine. Python's reader imports modules and calls
functions on request, which is how a model file can take over a computer. The reader
here knows the thirty instructions that occur in files of tensors and refuses all
others. A name such as ``torch.FloatStorage`` is looked up in a fixed table and stands
for a tag; "calling" a tag builds one of our records. Nothing is imported or called.

Invariants that keep hostile programs small:

- dicts and lists form a tree: the memo returns only strings, tags, tensors and copies
of flat dicts, so there are no cycles and no exponential sharing;
- dict keys are strings, so nothing deep is ever hashed or compared;
- counts and lengths are checked before memory is allocated.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.convert.release.records import (
    TAGS,
    ArrayRecord,
    ArrayType,
    OrderedData,
    Refused,
    Storage,
    Tag,
    TensorRecord,
    build_array,
    build_array_type,
    make_array,
    make_array_type,
    make_bytes,
    make_parameter,
    make_storage,
    make_tensor,
    malformed,
    unsafe,
)
from wyoming_cosyvoice.errors import MalformedCheckpoint, UnsafeCheckpoint

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_INSTRUCTIONS = 500_000
"""The largest official file has about 15,000."""
MAX_MEMO_INDEX = 1_000_000
MAX_TEXT_BYTES = 64 << 10
MAX_DEPTH = 64
MAX_COPIED = 100_000
"""Values in dicts that are used in several places: 1000 speakers have 10,000."""

_PROTOCOL = 2
_INT64_BYTES = 8
_CONTAINERS = (dict, list, tuple)
_OF_ARRAYS = (ArrayRecord, ArrayType)


def read_tree(program: bytes, source: str) -> dict[str, object]:
    """Return the dict that ``program`` describes.

    Values are str, int, float, bool, None, list, dict with string keys, TensorRecord,
    and tuples of these. ``source`` names the file in errors.

    Raises: UnsafeCheckpoint if the program requests anything except data;
    MalformedCheckpoint if it is damaged or does not describe a dict.
    """
    try:
        return _Machine(program).run()
    except Refused as refusal:
        kind = UnsafeCheckpoint if refusal.is_unsafe else MalformedCheckpoint
        raise kind(f"{source} {refusal}.") from None


class _Machine:
    def __init__(self, program: bytes) -> None:
        self._program = program
        self._at = 0
        self._stack: list[object] = []
        self._marks: list[list[object]] = []
        self._memo: dict[int, object] = {}
        self._copied = 0
        self._copies: dict[int, tuple[object, object]] = {}
        """Copies of dicts with their originals, by the id of the copy."""

    def run(self) -> dict[str, object]:  # noqa: RET503 - unsafe never returns
        if self._take(2) != bytes([0x80, _PROTOCOL]):
            malformed("does not start as a tree of tensors does")
        for _ in range(MAX_INSTRUCTIONS):
            code = self._take(1)[0]
            if code == _STOP:
                return self._finish()
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                unsafe(f"uses instruction {code:#04x}, which no tensor needs")
            instruction(self)
        unsafe(f"has more than {MAX_INSTRUCTIONS} instructions")

    def _finish(self) -> dict[str, object]:
        if self._at != len(self._program):
            unsafe("has bytes after its tree, which may hide another program")
        root = self.pop()
        if self._stack or self._marks:
            malformed("leaves values behind")
        if not isinstance(root, dict):
            malformed("does not hold a dict of tensors")
        _check_depth(root)
        return root

    def _take(self, size: int) -> bytes:
        piece = self._program[self._at : self._at + size]
        if len(piece) != size:
            malformed("has a tree that is cut short")
        self._at += size
        return piece

    def _unpack(self, layout: str) -> Any:
        return struct.unpack(layout, self._take(struct.calcsize(layout)))[0]

    def _line(self) -> str:
        end = self._program.find(b"\n", self._at, self._at + 256)
        if end < 0:
            malformed("has a name without an end")
        line = self._program[self._at : end]
        self._at = end + 1
        if not line.isascii():
            unsafe("asks for a name that is not ASCII")
        return line.decode("ascii")

    def pop(self) -> object:
        if not self._stack:
            malformed("takes a value from an empty stack")
        return self._stack.pop()

    def _pop_many(self, count: int) -> tuple[object, ...]:
        if len(self._stack) < count:
            malformed("takes a value from an empty stack")
        values = tuple(self._stack[-count:])
        del self._stack[-count:]
        return values

    def _pop_mark(self) -> list[object]:
        """Return the values since the last mark."""
        if not self._marks:
            malformed("ends a group that it never began")
        values = self._stack
        self._stack = self._marks.pop()
        return values

    def mark(self) -> None:
        if len(self._marks) >= MAX_DEPTH:
            unsafe(f"nests deeper than {MAX_DEPTH} levels")
        self._marks.append(self._stack)
        self._stack = []

    def push(self, value: object) -> None:
        self._stack.append(value)

    def text(self) -> None:
        size = self._unpack("<L")
        if size > MAX_TEXT_BYTES:
            unsafe(f"holds a text of {size} bytes; {MAX_TEXT_BYTES} is the limit")
        try:
            self.push(self._take(size).decode("utf-8"))
        except UnicodeDecodeError:
            malformed("holds a text that is not UTF-8")

    def number(self, layout: str) -> None:
        self.push(self._unpack(layout))

    def long_number(self) -> None:
        size = self._take(1)[0]
        if size > _INT64_BYTES:
            unsafe("holds a number of more than 64 bits")
        self.push(int.from_bytes(self._take(size), "little", signed=True))

    def put(self, layout: str) -> None:
        index = self._unpack(layout)
        if index > MAX_MEMO_INDEX:
            unsafe(f"uses memo index {index}; {MAX_MEMO_INDEX} is the limit")
        if not self._stack:
            malformed("remembers a value of an empty stack")
        self._memo[index] = self._stack[-1]

    def get(self, layout: str) -> None:
        index = self._unpack(layout)
        if index not in self._memo:
            malformed(f"recalls memo {index}, which was never set")
        value = self._memo[index]
        if type(value) is dict:
            value = self._copy(value)
        elif not isinstance(value, (str, bytes, Tag, TensorRecord, *_OF_ARRAYS)):
            unsafe("uses one container in two places")
        self.push(value)

    def _copy(self, value: dict[str, object]) -> dict[str, object]:
        """Return a copy of a flat dict, such as a speaker with two names."""
        if any(isinstance(item, _CONTAINERS) for item in value.values()):
            unsafe("uses one container in two places")
        self._copied += 1 + len(value)
        if self._copied > MAX_COPIED:
            unsafe("uses too many containers in two places")
        copy = dict(value)
        self._copies[id(copy)] = (copy, value)
        return copy

    def name(self) -> None:
        name = f"{self._line()} {self._line()}"
        tag = TAGS.get(name)
        if tag is None:
            unsafe(f"asks for {name[:80]!r}, which no network needs")
        self.push(tag)

    def group(self, count: int | None = None) -> None:
        self.push(tuple(self._pop_mark()) if count is None else self._pop_many(count))

    def call(self) -> None:
        tag, arguments = self._pop_many(2)
        if not isinstance(arguments, tuple):
            unsafe("calls without arguments")
        if tag is Tag.ORDERED_DICT and not arguments:
            self.push(OrderedData())
        elif tag is Tag.TENSOR:
            self.push(make_tensor(arguments))
        elif tag is Tag.PARAMETER:
            self.push(make_parameter(arguments))
        elif tag is Tag.ENCODE:
            self.push(make_bytes(arguments))
        elif tag is Tag.RECONSTRUCT:
            self.push(make_array(arguments))
        elif tag is Tag.DTYPE:
            self.push(make_array_type(arguments))
        else:
            unsafe("calls something that makes no tensor")

    def build(self) -> None:
        """Build an array, or drop the ``_metadata`` of a module's state dict."""
        target, state = self._pop_many(2)
        if isinstance(target, ArrayType):
            build_array_type(target, state)
            self.push(target)
            return
        if isinstance(target, ArrayRecord):
            build_array(target, state)
            self.push(target)
            return
        if type(target) is not OrderedData or type(state) is not dict:
            unsafe("sets attributes on something other than a module state")
        if set(state) != {"_metadata"} or not isinstance(state["_metadata"], dict):
            unsafe("sets attributes that no state of a module has")
        self.push(target)

    def set_item(self) -> None:
        self._set_items(self._pop_many(2))

    def set_items(self) -> None:
        self._set_items(self._pop_mark())

    def append(self) -> None:
        self._extend([self.pop()])

    def append_many(self) -> None:
        self._extend(self._pop_mark())

    def _set_items(self, items: list[object] | tuple[object, ...]) -> None:
        target = self._stack[-1] if self._stack else None
        if not isinstance(target, dict):
            unsafe("sets an item on something that is not a dict")
        if len(items) % 2:
            malformed("sets a key without a value")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, str):
                malformed("has a dict with a key that is not text")
            if self._copies.get(id(value), (None, None))[1] is target:
                unsafe("has a container inside of itself")
            if key in target:
                malformed(f"has the key {key[:80]!r} twice")
            target[key] = value

    def _extend(self, values: list[object]) -> None:
        target = self._stack[-1] if self._stack else None
        if not isinstance(target, list):
            unsafe("appends to something that is not a list")
        target.extend(values)


def _check_depth(root: object) -> None:
    """Refuse deep trees, so that callers can use recursion."""
    level: list[object] = [root]
    for _ in range(MAX_DEPTH):
        deeper: list[object] = []
        for value in level:
            if isinstance(value, dict):
                deeper.extend(value.values())
            elif isinstance(value, (list, tuple)):
                deeper.extend(value)
            elif isinstance(value, (Tag, Storage, ArrayType, bytes)) or (
                isinstance(value, ArrayRecord) and not value.dtype
            ):
                malformed("holds a value that is neither a tensor nor a plain value")
        if not deeper:
            return
        level = deeper
    unsafe(f"nests deeper than {MAX_DEPTH} levels")


_STOP = ord(".")
_INSTRUCTIONS: dict[int, Callable[[_Machine], None]] = {
    ord("("): _Machine.mark,
    ord("}"): lambda machine: machine.push({}),
    ord("]"): lambda machine: machine.push([]),
    ord(")"): lambda machine: machine.push(()),
    ord("N"): lambda machine: machine.push(None),
    0x88: lambda machine: machine.push(True),
    0x89: lambda machine: machine.push(False),
    ord("X"): _Machine.text,
    ord("K"): lambda machine: machine.number("<B"),
    ord("M"): lambda machine: machine.number("<H"),
    ord("J"): lambda machine: machine.number("<l"),
    ord("G"): lambda machine: machine.number(">d"),
    0x8A: _Machine.long_number,
    ord("q"): lambda machine: machine.put("<B"),
    ord("r"): lambda machine: machine.put("<L"),
    ord("h"): lambda machine: machine.get("<B"),
    ord("j"): lambda machine: machine.get("<L"),
    ord("c"): _Machine.name,
    ord("t"): _Machine.group,
    0x85: lambda machine: machine.group(1),
    0x86: lambda machine: machine.group(2),
    0x87: lambda machine: machine.group(3),
    ord("Q"): lambda machine: machine.push(make_storage(machine.pop())),
    ord("R"): _Machine.call,
    ord("b"): _Machine.build,
    ord("s"): _Machine.set_item,
    ord("u"): _Machine.set_items,
    ord("a"): _Machine.append,
    ord("e"): _Machine.append_many,
}
