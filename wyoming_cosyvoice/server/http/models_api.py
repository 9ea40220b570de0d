"""``/models``: what is installed, and what can be downloaded.

Downloading itself is not this module's business: whoever can do it gives the server an
object with the methods of ``Downloads``. Without one, only what is there is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web


class Downloads(Protocol):
    """Models that are here or can be had. All methods return at once."""

    def models(self) -> Sequence[dict[str, Any]]:
        """Return all models that are known.

        Each has ``name``, ``description``, ``licence``, ``size_bytes``, ``state``
        (``in-use``, ``installed``, ``available``, ``downloading`` or ``failed``),
        ``done_bytes`` while it is downloaded, and ``error`` after a failure.
        """

    def start(self, name: str) -> None:
        """Begin to download a model. Raises: RequestError."""

    def cancel(self, name: str) -> None:
        """Stop a download; what was fetched is kept. Raises: RequestError."""


async def get_models(request: web.Request) -> web.Response:
    """Answer ``GET /models``."""
    downloads = request.app[CONTEXT].downloads
    models = [] if downloads is None else list(downloads.models())
    return json_response({"models": models, "can_download": downloads is not None})


async def post_download(request: web.Request) -> web.Response:
    """Answer ``POST /models/{name}/download``."""
    _downloads(request).start(request.match_info["name"])
    return json_response({}, 202)


async def delete_download(request: web.Request) -> web.Response:
    """Answer ``DELETE /models/{name}/download``."""
    _downloads(request).cancel(request.match_info["name"])
    return json_response({})


def _downloads(request: web.Request) -> Downloads:
    downloads = request.app[CONTEXT].downloads
    if downloads is None:
        raise ModelUnsupported(
            "This server downloads no models.",
            remedy="Use the command line: wyoming-cosyvoice fetch.",
        )
    return downloads


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
        "Begin to download a model.",
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
)
