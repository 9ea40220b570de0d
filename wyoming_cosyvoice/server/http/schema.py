"""Validate JSON with the schemas of the OpenAPI document.

So the schemas that clients read are also those that are enforced.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import fastjsonschema
from fastjsonschema import JsonSchemaValueException

from wyoming_cosyvoice.errors import BadParameter, RequestError
from wyoming_cosyvoice.files import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Schema = Mapping[str, Any]

_MAX_DEPTH = 8
_SHOWN_CHARS = 40


def parse(body: bytes) -> Any:
    """Parse JSON strictly: UTF-8, finite numbers, unique keys, limited depth.

    Raises: RequestError.
    """
    try:
        text = body.decode("utf-8")
        if _depth(text) > _MAX_DEPTH:
            raise RequestError(f"The body is nested over {_MAX_DEPTH} levels.")
        value = parse_json(text)
    except ValueError as error:
        reason = str(error)[:_SHOWN_CHARS]
        raise RequestError(f"The body is not valid JSON: {reason}.") from None
    # Only an escape can introduce half of a surrogate pair.
    return _without_halves(value) if _SURROGATE in text.casefold() else value


def check(value: Any, schema: Schema) -> None:
    """Validate a value.

    Raises: BadParameter, which names the field.
    """
    try:
        _compiled(json.dumps(schema))(value)
    except JsonSchemaValueException as error:
        name, reason = _explain(error)
        field = ".".join([*error.path[1:], *name]) or "body"
        field = re.sub(r"\.(\d+)\b", r"[\1]", field)  # of an array
        raise BadParameter(f"{field} {reason}.", field=field) from None


@cache
def _compiled(schema: str) -> Callable[[Any], Any]:
    # Later drafts would also decode base64, which is done later, once.
    draft = {"$schema": "http://json-schema.org/draft-06/schema#"}
    validate: Callable[[Any], Any] = fastjsonschema.compile(
        draft | parse_json(schema), use_default=False
    )
    return validate


def _explain(error: JsonSchemaValueException) -> tuple[list[str], str]:
    """Return the name of the field, if any, and the reason."""
    schema, rule, bound = error.definition, error.rule, error.rule_definition
    match rule:
        case "required":
            return [next(n for n in bound if n not in error.value)], "is missing"
        case "additionalProperties":
            name = next(n for n in error.value if n not in schema["properties"])
            return [name[:_SHOWN_CHARS]], "is not a field of this request"
        case "type":
            kinds = [bound] if isinstance(bound, str) else bound
            reason = f"must be {' or '.join(kinds)}"
        case "enum":
            known = ", ".join(str(one) for one in bound if one is not None)
            reason = f"must be one of {known}"
        case "minimum" | "maximum":
            low, high = (schema.get(end, "any") for end in ("minimum", "maximum"))
            reason = f"must be from {low} to {high}"
        case "minLength":
            reason = "is empty"
        case "maxLength":
            reason = f"has over {bound} characters"
        case "maxItems":
            reason = f"has over {bound} items"
        case _:
            reason = "is not a known value"
    return [], reason


# Beyond this the parser's limit applies: bodies with recordings are long.
_DEPTH_CHARS = 100_000


def _depth(text: str) -> int:
    """Return the maximum depth; brackets in strings also count, which is harmless."""
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


_SURROGATE = "\\ud"


def _without_halves(value: Any) -> Any:
    """Replace lone surrogates, which cannot be encoded, with U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_halves(item) for item in value]
    if isinstance(value, dict):
        return {
            _without_halves(name): _without_halves(item) for name, item in value.items()
        }
    return value
