"""The OpenAPI document, generated from the operations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import Operation
from wyoming_cosyvoice.server.http.security import ingress_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

PATH = "/openapi.json"

_ALWAYS = (400, 401, 403)
_WITH_BODY = (408, 413, 415)
_BINARY = {"type": "string", "format": "binary"}

_ERROR = {
    "type": "object",
    "required": ["code", "message", "remedy", "field"],
    "properties": {
        "code": {"type": "string", "description": "Stable, in kebab-case."},
        "message": {"type": "string"},
        "remedy": {"type": "string", "description": "What to do about it."},
        "field": {
            "type": ["string", "null"],
            "description": "Which field of the request is wrong.",
        },
    },
}
_OPENAI_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string"},
            },
        }
    },
}


def add_route(app: web.Application, operations: Sequence[Operation]) -> None:
    """Serve the OpenAPI document, which also describes this route."""

    async def get_description(request: web.Request) -> web.Response:
        return json_response(document | {"servers": [{"url": ingress_path(request)}]})

    itself = Operation(
        "GET",
        PATH,
        get_description,
        "This description.",
        answers={200: "application/json"},
    )
    document = describe((*operations, itself))
    app.router.add_get(PATH, get_description)


def describe(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        place = paths.setdefault(operation.path, {})
        place[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wyoming-cosyvoice",
            "version": __version__,
            "description": "CosyVoice text-to-speech on an ordinary CPU.",
        },
        "paths": paths,
        "components": {
            "schemas": {"Error": _ERROR, "OpenAiError": _OPENAI_ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        # Both: a token is required only if the server was started with one.
        "security": [{}, {"token": []}],
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": operation.handler.__name__,
        "responses": _responses(operation),
    }
    names = re.findall(r"{(\w+)}", operation.path)
    if names:
        described["parameters"] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
            }
            for name in names
        ]
    if operation.query is not None:
        required = operation.query.get("required", ())
        described.setdefault("parameters", []).extend(
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "schema": schema,
            }
            for name, schema in operation.query["properties"].items()
        )
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": operation.body}},
        }
    return described


def _responses(operation: Operation) -> dict[str, Any]:
    name = "OpenAiError" if operation.path.startswith("/v1/") else "Error"
    error = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    plain_error = {"schema": {"$ref": "#/components/schemas/Error"}}
    responses: dict[str, Any] = {}
    for status in sorted(
        {*_ALWAYS, *operation.errors, *(_WITH_BODY if operation.body else ())}
    ):
        # Access is denied before the API is chosen.
        shown = plain_error if status in _ALWAYS[1:] else error
        responses[str(status)] = {
            "description": "An error.",
            "content": {"application/json": shown},
        }
    for status, content_types in operation.answers.items():
        responses[str(status)] = {
            "description": "Done.",
            "content": {
                content_type: {
                    "schema": {} if content_type == "application/json" else _BINARY
                }
                for content_type in content_types.split(", ")
                if content_type
            },
        }
    return responses
