"""The web page: a fixed list of files in the package."""

from __future__ import annotations

import mimetypes
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = Path(__file__).with_name("static")
_INDEX = "index.html"
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html"}


def static_files() -> Iterator[Path]:
    """Yield the files of the page."""
    yield from sorted(path for path in _FOLDER.iterdir() if path.is_file())


def add_routes(app: web.Application) -> None:
    """Add a route for each file; other paths are not found."""
    for file in static_files():
        path = "/" if file.name == _INDEX else f"/static/{file.name}"
        content_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
        handler = partial(_answer, file.read_bytes(), content_type or "text/plain")
        app.router.add_get(path, handler)


async def _answer(content: bytes, content_type: str, _: web.Request) -> web.Response:
    response = web.Response(body=content, content_type=content_type, charset="utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
