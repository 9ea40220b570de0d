"""Convert errors to responses and request bodies to values, for all handlers."""

from __future__ import annotations

import asyncio
import json
import logging
import math
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from wyoming_cosyvoice.errors import (
    BadParameter,
    Busy,
    CosyVoiceError,
    RequestError,
    TextTooLong,
    VoiceNotFound,
)
from wyoming_cosyvoice.server.http import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.server.http.context import Handler

_LOGGER = logging.getLogger(__name__)

# Field names for errors that do not carry one.
_FIELDS: dict[type[CosyVoiceError], str] = {TextTooLong: "text", VoiceNotFound: "voice"}

_HTTP_CODES = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}


class TooLarge(RequestError):
    """The body of a request exceeds its limit."""

    code = "body-too-large"
    http_status = 413


class WrongType(RequestError):
    """The content type of a request is not JSON."""

    code = "unsupported-media-type"
    http_status = 415


class TooSlow(RequestError):
    """The body of a request did not arrive in time."""

    code = "request-timeout"
    http_status = 408


def json_response(value: Any, status: int = 200) -> web.Response:
    """Return a value as a JSON response, without escaping non-ASCII text.

    Headers and paths may contain bytes that are not UTF-8, and messages quote them.
    """
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return web.json_response(body=body, status=status)


def error_response(
    status: int, code: str, message: str, remedy: str = "", field: str | None = None
) -> web.Response:
    """Return an error in the form that all errors share."""
    body = {"code": code, "message": message, "remedy": remedy, "field": field}
    return json_response(body, status)


def answer_error(request: web.Request, error: CosyVoiceError) -> web.Response:
    """Return an error in the format of the API that was called."""
    status = error.http_status
    field = _FIELDS.get(type(error))
    if isinstance(error, BadParameter):
        field = error.field
    if request.path.startswith("/v1/"):
        field = "input" if field == "text" else field  # the name that its clients know
        response = openai_error(status, error.code, str(error), field)
    else:
        response = error_response(
            status, error.code, error.message, error.remedy, field
        )
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    return response


def openai_error(
    status: int, code: str, message: str, field: str | None = None
) -> web.Response:
    """Return an error in OpenAI's format."""
    server_s_fault = 500
    kind = "server_error" if status >= server_s_fault else "invalid_request_error"
    error = {"message": message, "type": kind, "param": field, "code": code}
    return json_response({"error": error}, status)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Convert any exception of a handler to a response."""
    try:
        return await handler(request)
    except CosyVoiceError as error:
        return answer_error(request, error)
    except web.HTTPException as error:
        code = _HTTP_CODES.get(error.status, "bad-request")
        respond = openai_error if request.path.startswith("/v1/") else error_response
        response = respond(error.status, code, f"{error.reason}.")
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    # A failed request must not affect other requests.
    except Exception:
        _LOGGER.exception("%s %s failed", request.method, request.path[:80])
        return answer_error(request, CosyVoiceError("The server failed."))


async def read_json(
    request: web.Request, fields: Mapping[str, Any], *, max_bytes: int, within_s: float
) -> dict[str, Any]:
    """Read and check a JSON body; null counts as omitted.

    Raises: RequestError.
    """
    if request.content_type != "application/json":
        # Any web page may send forms and plain text; JSON needs a CORS preflight.
        raise WrongType("The body must be application/json.")
    if (request.charset or "utf-8").casefold() not in {"utf-8", "utf8"}:
        raise WrongType("The body must be in UTF-8.")
    try:
        async with asyncio.timeout(within_s):
            body = await _read(request, max_bytes)
    except TimeoutError:
        raise TooSlow(f"The body did not arrive within {within_s:g} s.") from None
    except (HttpProcessingError, web.RequestPayloadError) as error:
        raise RequestError("The body is not encoded as its headers say.") from error
    value = schema.parse(body)
    schema.check(value, fields)
    return {name: item for name, item in value.items() if item is not None}


async def _read(request: web.Request, max_bytes: int) -> bytes:
    declared = request.content_length or 0
    body = bytearray()
    if declared <= max_bytes:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > max_bytes:
                break
    if max(declared, len(body)) > max_bytes:
        raise TooLarge(f"The body is larger than {max_bytes} bytes.")
    return bytes(body)
