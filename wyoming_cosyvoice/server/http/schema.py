"""Check JSON by the schemas that the API's own description shows.

A small part of JSON Schema, enough for requests: type, enum, minimum, maximum,
maxLength, pattern, required, properties and additionalProperties. One table thus says
what is accepted, and is what clients read.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, NoReturn

from wyoming_cosyvoice.errors import BadParameter, RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Schema = Mapping[str, Any]

_MAX_DEPTH = 8
_SHOWN_CHARS = 40

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def parse(body: bytes) -> Any:
    """Read JSON strictly: UTF-8, finite numbers, no key twice, little nesting.

    Raises: RequestError.
    """
    try:
        text = body.decode("utf-8")
        if _depth(text) > _MAX_DEPTH:
            raise RequestError(f"The body is nested over {_MAX_DEPTH} levels.")
        value = json.loads(
            text, parse_constant=_refuse, object_pairs_hook=_unique, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        reason = str(error)[:_SHOWN_CHARS]
        raise RequestError(f"The body is not valid JSON: {reason}.") from None
    # Only an escape can bring half of a surrogate pair in.
    return _without_halves(value) if _SURROGATE in text.casefold() else value


def check(value: Any, schema: Schema, field: str = "body") -> None:
    """Compare a value with a schema.

    Raises: BadParameter, which names the field.
    """
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if kinds and not any(_is_a(value, kind) for kind in kinds):
        _fail(field, f"must be {' or '.join(kinds)}")
    if "enum" in schema and value not in schema["enum"]:
        known = ", ".join(str(one) for one in schema["enum"] if one is not None)
        _fail(field, f"must be one of {known}")
    if isinstance(value, dict):
        _check_object(value, schema, field)
    elif isinstance(value, str):
        _check_text(value, schema, field)
    elif isinstance(value, list):
        if len(value) > schema.get("maxItems", math.inf):
            _fail(field, f"has over {schema['maxItems']} items")
        for number, item in enumerate(value):
            check(item, schema.get("items", {}), f"{field}[{number}]")
    elif _is_a(value, "number"):
        low, high = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
        if not low <= value <= high:
            _fail(field, f"must be from {low} to {high}")


def _check_object(value: dict[str, Any], schema: Schema, field: str) -> None:
    inside = "" if field == "body" else f"{field}."
    for name in schema.get("required", ()):
        if name not in value:
            _fail(f"{inside}{name}", "is missing")
    properties = schema.get("properties", {})
    for name, item in value.items():
        if name in properties:
            check(item, properties[name], f"{inside}{name}")
        elif not schema.get("additionalProperties", True):
            _fail(f"{inside}{name[:_SHOWN_CHARS]}", "is not a field of this request")


def _check_text(value: str, schema: Schema, field: str) -> None:
    if len(value) < schema.get("minLength", 0):
        _fail(field, "is empty")
    if len(value) > schema.get("maxLength", math.inf):
        _fail(field, f"has over {schema['maxLength']} characters")
    pattern = schema.get("pattern", "").removeprefix("^").removesuffix("$")
    # A whole match: in Python, $ would let a line's end by.
    if pattern and re.fullmatch(pattern, value) is None:
        _fail(field, "is not a known value")


def _is_a(value: Any, kind: str) -> bool:
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()  # JSON Schema takes 1.0 for an integer
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _fail(field: str, reason: str) -> NoReturn:
    raise BadParameter(f"{field} {reason}.", field=field)


def _depth(text: str) -> int:
    """Return the deepest nesting; brackets in strings count too, which is harmless."""
    depth = deepest = 0
    in_string = escaped = False
    for char in text if len(text) <= _DEPTH_CHARS else text[:_DEPTH_CHARS]:
        if in_string:
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == '"':
                in_string = False
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


# Past this, nesting is left to the parser's own limit: a recording makes long bodies.
_DEPTH_CHARS = 100_000


_SURROGATE = "\\ud"


def _without_halves(value: Any) -> Any:
    """Replace halves of surrogate pairs, which no encoding can write, by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_halves(item) for item in value]
    if isinstance(value, dict):
        return {
            _without_halves(name): _without_halves(item) for name, item in value.items()
        }
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value
