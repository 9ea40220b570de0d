"""``/models``: what is installed, what can be downloaded, and which one speaks.

Downloading and switching are not this module's business: whoever can do it gives the
server an object with the methods of ``Models``. Without one, nothing is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web


class Models(Protocol):
    """Models that are here or can be had. All methods return at once."""

    def models(self) -> Sequence[dict[str, Any]]:
        """Return all models that are known.

        Each has ``name``, ``description``, ``kind``, ``licence``, ``precision``,
        ``voices`` (how many), ``size_bytes`` (on disk, or to download), with
        ``size_is_about`` if nobody has measured it, and ``state``: ``in-use``,
        ``loading`` (to be used next), ``installed``, ``damaged``, ``available``,
        ``downloading`` with ``done_bytes``, or ``failed``. ``error`` says what failed.
        """

    def start(self, name: str) -> None:
        """Begin to download a model. Raises: RequestError."""

    def cancel(self, name: str) -> None:
        """Stop a download; what was fetched is kept. Raises: RequestError."""

    def use(self, name: str) -> None:
        """Begin to load an installed model, which then speaks. Raises: RequestError."""


async def get_models(request: web.Request) -> web.Response:
    """Answer ``GET /models``."""
    models = request.app[CONTEXT].models
    listed = [] if models is None else list(models.models())
    return json_response({"models": listed, "can_download": models is not None})


async def post_download(request: web.Request) -> web.Response:
    """Answer ``POST /models/{name}/download``."""
    _models(request).start(request.match_info["name"])
    return json_response({}, 202)


async def delete_download(request: web.Request) -> web.Response:
    """Answer ``DELETE /models/{name}/download``."""
    _models(request).cancel(request.match_info["name"])
    return json_response({})


async def post_use(request: web.Request) -> web.Response:
    """Answer ``POST /models/{name}/use``; ``GET /models`` tells when it is done."""
    _models(request).use(request.match_info["name"])
    return json_response({}, 202)


def _models(request: web.Request) -> Models:
    models = request.app[CONTEXT].models
    if models is None:
        raise ModelUnsupported(
            "This server has one model and downloads none.",
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
        "Begin to download a model; once it is there, it speaks.",
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
        "Let an installed model speak, without a restart.",
        answers={202: _JSON},
        errors=(404, 409),
    ),
)
