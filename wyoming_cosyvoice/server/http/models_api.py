"""``/models``: list, download and switch models.

Downloads and switching are implemented by an object with the methods of ``Models``,
passed to the server. Without one, the operations are not available.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.config import HUBS
from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.machine.memory import resident_bytes
from wyoming_cosyvoice.server.http import schema
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.expected_speed import this_machine

if TYPE_CHECKING:
    from aiohttp import web

    from wyoming_cosyvoice.server.http.context import Models


DOWNLOAD_QUERY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "hub": {
            "type": "string",
            "description": "Hub to download from; the other one is tried if it cannot "
            "be reached. Default: the configured hub.",
            "enum": list(HUBS),
        },
    },
}


async def get_models(request: web.Request) -> web.Response:
    """Handle ``GET /models``."""
    context = request.app[CONTEXT]
    models, speeds = context.models, context.metrics.speeds
    found = [] if models is None else await context.with_files(models.models)
    rows = [_row(known) for known in found]
    for row in rows:
        if row["state"] == "in-use":
            speeds.use(row["name"])
            row["memory_bytes"] = resident_bytes()
    for row in rows:
        factor = speeds.real_time_factor(row["name"])
        if factor is not None:
            row["real_time_factor"] = round(factor, 3)
    this_machine().add_expected(rows)
    return json_response({"models": rows, "can_download": models is not None})


def _row(known: Any) -> dict[str, Any]:
    """Return a model as a JSON object without its unknown fields."""
    return {name: value for name, value in asdict(known).items() if value is not None}


async def post_download(request: web.Request) -> web.Response:
    """Handle ``POST /models/{name}/download``."""
    fields = dict(request.query)
    schema.check(fields, DOWNLOAD_QUERY)
    name, models = request.match_info["name"], _models(request)
    start = partial(models.start, name, fields.get("hub"))
    await request.app[CONTEXT].with_files(start)
    return json_response({}, 202)


async def delete_download(request: web.Request) -> web.Response:
    """Handle ``DELETE /models/{name}/download``."""
    _models(request).cancel(request.match_info["name"])
    return json_response({})


async def post_use(request: web.Request) -> web.Response:
    """Handle ``POST /models/{name}/use``; ``GET /models`` shows when it is done."""
    use = partial(_models(request).use, request.match_info["name"])
    await request.app[CONTEXT].with_files(use)
    return json_response({}, 202)


def _models(request: web.Request) -> Models:
    models = request.app[CONTEXT].models
    if models is None:
        raise ModelUnsupported(
            "This server cannot download models.",
            remedy="Use the command line: wyoming-cosyvoice fetch.",
        )
    return models


_JSON = "application/json"
OPERATIONS = (
    Operation(
        "GET",
        "/models",
        get_models,
        "List models that are installed or can be downloaded.",
        answers={200: _JSON},
    ),
    Operation(
        "POST",
        "/models/{name}/download",
        post_download,
        "Start to download a model; the server then switches to it.",
        query=DOWNLOAD_QUERY,
        answers={202: _JSON},
        errors=(404, 409),
    ),
    Operation(
        "DELETE",
        "/models/{name}/download",
        delete_download,
        "Stop a download.",
        answers={200: _JSON},
        errors=(404, 409),
    ),
    Operation(
        "POST",
        "/models/{name}/use",
        post_use,
        "Switch to an installed model without a restart.",
        answers={202: _JSON},
        errors=(404, 409),
    ),
)
