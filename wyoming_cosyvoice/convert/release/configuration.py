"""Read ``cosyvoice.yaml`` as plain data.

Upstream loads this file with hyperpyyaml, whose tags import and call arbitrary objects.
Here a tag is only a label: ``!new:cosyvoice.llm.llm.TransformerLM`` becomes a
``Section`` with that name. ``!ref <name>`` is resolved, with the arithmetic of
hyperpyyaml, but only when a value is requested: sections for training may contain
anything.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
    UnusableFile,
)
from wyoming_cosyvoice.files import open_file

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 << 10
"""Official files have 6 KB."""
MAX_DEPTH = 32
_MAX_REFERENCES = 16
_MAX_SIZE = 1 << 20

_REFERENCE = re.compile(r"<([A-Za-z0-9_]+)((?:\[[A-Za-z0-9_]+\])*)>")
_PRODUCT = re.compile(r"(<[^<>]+>)\s*(?:(//|[-+*/])\s*(<[^<>]+>|[0-9.]+))?")
# YAML 1.1 reads 1e-06, which has no dot, as text.
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


_SHOWN_CHARS = 40
# Exceptions of PyYAML for a value that does not match its tag.
_ODD_VALUE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError),
    *(TypeError, ValueError),
)


@dataclass(frozen=True, slots=True)
class _Tagged:
    tag: str
    value: Any


class _DataLoader(yaml.SafeLoader):
    """SafeLoader without aliases, deep nesting or repeated keys; tags are labels."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it uses aliases")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.YAMLError(f"it nests deeper than {MAX_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except _ODD_VALUE:
            # PyYAML assumes that a tag matches its value, as in !!int "" or !!timestamp
            # x.
            shown = repr(getattr(node, "value", ""))[:_SHOWN_CHARS]
            kind = str(node.tag).rpartition(":")[2][:_SHOWN_CHARS]
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"{shown} is not a value of the kind {kind}",
                node.start_mark,
            ) from None

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            raise yaml.YAMLError("it has a key twice")
        return mapping


def _label(loader: _DataLoader, suffix: str, node: Any) -> _Tagged:
    if isinstance(node, yaml.MappingNode):
        return _Tagged(suffix, loader.construct_mapping(node, deep=True))
    if isinstance(node, yaml.SequenceNode):
        return _Tagged(suffix, loader.construct_sequence(node, deep=True))
    return _Tagged(suffix, loader.construct_scalar(node))


_DataLoader.add_multi_constructor("!", _label)


class Section:
    """One mapping of the file, with typed access and errors that name the location."""

    def __init__(
        self, path: Path, where: str, values: dict[str, Any], kind: str, root: Any
    ) -> None:
        self._path = path
        self._where = where
        self._values = values
        self._root: dict[str, Any] = root
        self.kind = kind
        """Name of the upstream class, without its module; may be empty."""

    @classmethod
    def read(cls, path: Path) -> Section:
        """Read a file.

        Raises: CheckpointError if it cannot be opened, UnsafeCheckpoint if it is
        too large or too deep, MalformedCheckpoint if it is not a mapping.
        """
        try:
            with open_file(path) as file:
                content = file.read(MAX_BYTES + 1)
        except (FileNotFoundError, UnusableFile) as error:
            raise CheckpointError(f"{path} cannot be opened: {error}") from error
        if len(content) > MAX_BYTES:
            raise UnsafeCheckpoint(f"{path} is larger than {MAX_BYTES} bytes.")
        try:
            # A stricter SafeLoader; the lint rule only knows the original.
            root = yaml.load(content, _DataLoader)  # noqa: S506
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            line = f" in line {mark.line + 1}" if mark else ""
            raise MalformedCheckpoint(
                f"{path} is not valid YAML{line}: {error.problem}."
            ) from None
        except (yaml.YAMLError, *_ODD_VALUE) as error:
            raise MalformedCheckpoint(f"{path} is not valid YAML: {error}.") from None
        if not isinstance(root, dict):
            raise MalformedCheckpoint(f"{path} is not a mapping of names to values.")
        return cls(path, "", root, "", root)

    def fail(self, reason: str) -> NoReturn:
        """Raise MalformedCheckpoint about this section."""
        section = f", section {self._where}" if self._where else ""
        raise MalformedCheckpoint(f"{self._path}{section}: {reason}.")

    def unsupported(self, reason: str) -> NoReturn:
        """Raise CheckpointError about an unsupported network."""
        section = f", section {self._where}" if self._where else ""
        raise CheckpointError(
            f"{self._path}{section}: {reason}.",
            remedy="Only CosyVoice-300M and what is trained like it can be converted.",
        )

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str) -> Any:
        """Return a value, with references resolved."""
        if name not in self._values:
            self.fail(f"{name} is missing")
        return self._follow(self._values[name], name, _MAX_REFERENCES)

    def section(self, name: str, kind: str = "") -> Section:
        """Return a section, which must be of the upstream class ``kind`` if given."""
        value = self.value(name)
        found = ""
        if isinstance(value, _Tagged):
            found = value.tag.rpartition(":")[2].rpartition(".")[2]
            value = value.value
        if not isinstance(value, dict):
            self.fail(f"{name} is not a section")
        if kind and found != kind:
            self.unsupported(f"{name} is {found or 'untagged'!r}, not {kind}")
        where = f"{self._where}.{name}" if self._where else name
        return Section(self._path, where, value, found, self._root)

    def size(self, name: str) -> int:
        """Return a width or a count, 1 to about a million."""
        return self._checked_size(name, self.value(name))

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``."""
        value = self.value(name)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fail(f"{name} is not a number")
        if not low <= value <= high:
            self.fail(f"{name} is {_shown(value)}; {low} to {high} is allowed")
        return float(value)

    def text(self, name: str) -> str:
        """Return a text."""
        value = self.value(name)
        if not isinstance(value, str):
            self.fail(f"{name} is not text")
        return value

    def sizes(self, name: str) -> tuple[int, ...]:
        """Return a list of sizes."""
        return self._size_list(name, self.value(name))

    def nested_sizes(self, name: str) -> tuple[tuple[int, ...], ...]:
        """Return a list of lists of sizes."""
        rows = self.value(name)
        if not isinstance(rows, list) or not rows:
            self.fail(f"{name} is not a list of lists of sizes")
        return tuple(self._size_list(name, row) for row in rows)

    def expect(self, name: str, expected: object, default: object = None) -> None:
        """Raise unless an option has the only supported value."""
        value = self.value(name) if name in self else default
        if value != expected:
            self.unsupported(f"{name} is {_shown(value)}, not {expected!r}")

    def _checked_size(self, name: str, value: object) -> int:
        if type(value) is not int or not 0 < value <= _MAX_SIZE:
            self.fail(f"{name} is {_shown(value)}, not a size")
        return value

    def _size_list(self, name: str, value: object) -> tuple[int, ...]:
        if not isinstance(value, list) or not value:
            self.fail(f"{name} is not a list of sizes")
        return tuple(self._checked_size(name, item) for item in value)

    def _follow(self, value: Any, name: str, remaining: int) -> Any:
        if not isinstance(value, _Tagged) or value.tag != "ref":
            return value
        if remaining == 0:
            self.fail(f"{name} refers to itself")
        match = _PRODUCT.fullmatch(str(value.value).strip())
        if match is None:
            self.fail(f"{name} has a reference that is not understood")
        left = self._look_up(match[1], name, remaining)
        if match[2] is None:
            return left
        right = match[3]
        if right.startswith("<"):
            operand = self._look_up(right, name, remaining)
        elif _NUMBER.fullmatch(right):
            operand = float(right)
        else:
            self.fail(f"{name} calculates with {right[:_SHOWN_CHARS]!r}")
        return self._calculate(name, left, match[2], operand)

    def _look_up(self, reference: str, name: str, remaining: int) -> Any:
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            self.fail(f"{name} has a reference that is not understood")
        value: Any = _Tagged("", self._root)
        for key in (match[1], *re.findall(r"\w+", match[2])):
            value = value.value if isinstance(value, _Tagged) else value
            if not isinstance(value, dict) or key not in value:
                self.fail(f"{name} refers to {reference}, which is missing")
            value = self._follow(value[key], name, remaining - 1)
        return value

    def _calculate(self, name: str, left: Any, sign: str, right: Any) -> float:
        numbers = (left, right)
        if not all(isinstance(n, (int, float)) and abs(n) < 1e9 for n in numbers):  # noqa: PLR2004 - keeps results finite
            self.fail(f"{name} calculates with something that is not a number")
        if sign in ("/", "//") and right == 0:
            self.fail(f"{name} divides by zero")
        match sign:
            case "*":
                result = left * right
            case "+":
                result = left + right
            case "-":
                result = left - right
            case "//":
                result = left // right
            case _:
                result = left / right
        if not math.isfinite(result):
            self.fail(f"{name} divides by nearly zero")
        return int(result) if result == int(result) else result


def _shown(value: object) -> str:
    """Return the first characters of a value, which may be arbitrarily long."""
    try:
        return repr(str(value)[:_SHOWN_CHARS])
    except ValueError:
        return "a number of thousands of digits"
