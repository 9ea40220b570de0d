"""JSON into dataclasses, strictly by their annotations; every error names the file."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from wyoming_cosyvoice.errors import ModelCorrupt, ModelUnsupported
from wyoming_cosyvoice.files import parse_json
from wyoming_cosyvoice.pack.settings import ADDED_LATER, Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_MANIFEST_BYTES = 4 << 20

_LARGEST_WHOLE_FLOAT = 1 << 40
_REMEDY = "Convert or download the model again."


def parse_object(content: bytes, where: str) -> dict[str, Any]:
    """Read a JSON object. Raises: ModelCorrupt, which begins with ``where``."""
    if len(content) > MAX_MANIFEST_BYTES:
        fail(where, f"is larger than {MAX_MANIFEST_BYTES} bytes")
    try:
        plain = parse_json(content)
    except ValueError as error:
        fail(where, f"is not valid JSON: {str(error)[:100]}")
    if not isinstance(plain, dict):
        fail(where, "is not a JSON object")
    return plain


def fail(where: str, reason: str) -> NoReturn:
    """Raise ModelCorrupt: ``where`` is what ``reason`` says."""
    raise ModelCorrupt(f"{where} {reason}.", remedy=_REMEDY)


@dataclass(frozen=True, slots=True)
class Decoder:
    """Decodes JSON values into the types of annotations."""

    where: str

    def decode(self, kind: Any, value: Any, at: str) -> Any:
        """Return ``value`` as a ``kind``; ``at`` is its place in the file.

        Raises: ModelCorrupt, ModelUnsupported for an unknown precision.
        """
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind, value, at)
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is types.UnionType:
            return None if value is None else self.decode(arguments[0], value, at)
        if origin is tuple:
            if not isinstance(value, list):
                fail(self.where, f"must have a list at {at}")
            items = enumerate(value)
            return tuple(self.decode(arguments[0], v, f"{at}[{i}]") for i, v in items)
        if origin is dict:
            if not isinstance(value, dict):
                fail(self.where, f"must have an object at {at}")
            return {k: self.decode(arguments[1], v, at) for k, v in value.items()}
        if kind is Precision:
            return self._precision(self.decode(str, value, at))
        return self._plain(kind, value, at)

    def _plain(self, kind: Any, value: Any, at: str) -> Any:
        if kind is float and type(value) is int:
            # Some writers drop the decimal point of a whole float.
            value = float(value) if abs(value) < _LARGEST_WHOLE_FLOAT else math.inf
        if type(value) is not kind:
            fail(self.where, f"must have a value of type {kind.__name__} at {at}")
        if kind is float and not math.isfinite(value):
            fail(self.where, f"has a number that is not finite at {at}")
        return value

    def _precision(self, word: str) -> Precision:
        check_known(word, list(Precision), self.where)
        return Precision(word)

    def _dataclass(self, kind: Any, value: Any, at: str) -> Any:
        if not isinstance(value, dict):
            fail(self.where, f"must have an object at {at}")
        hints = typing.get_type_hints(kind)
        fields = dataclasses.fields(kind)
        names = {field.name for field in fields}
        absent = {field.name for field in fields if field.metadata == ADDED_LATER}
        absent -= value.keys()
        for name in sorted(names ^ value.keys() ^ absent):
            is_missing = name in names
            reason = "lacks" if is_missing else "has the unknown key"
            fail(self.where, f"{reason} {name[:40]!r} at {at}")
        return kind(
            **{
                name: self.decode(hints[name], value[name], f"{at}.{name}")
                for name in names - absent
            }
        )


def check_known(word: str, known: Sequence[str], where: str) -> None:
    """Refuse a word that a later version may know. Raises: ModelUnsupported."""
    if word not in known:
        raise ModelUnsupported(
            f"{where} needs {word[:40]!r}; known are {', '.join(known)}.",
            remedy="Update this program, or convert the model again.",
        )
