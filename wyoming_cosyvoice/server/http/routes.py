"""All operations as one application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from wyoming_cosyvoice.server.http import (
    convert_api,
    lexicon_api,
    models_api,
    openai_api,
    openapi,
    page,
    status,
    tts,
    voices_api,
)
from wyoming_cosyvoice.server.http.answers import answer_errors
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.server.http.security import Guard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.typedefs import Middleware

    from wyoming_cosyvoice.server.http.context import Context, Handler, Operation

OPERATIONS: Sequence[Operation] = (
    *tts.OPERATIONS,
    *convert_api.OPERATIONS,
    *voices_api.OPERATIONS,
    *models_api.OPERATIONS,
    *lexicon_api.OPERATIONS,
    *openai_api.OPERATIONS,
    *status.OPERATIONS,
)


def new_app(context: Context, *middlewares: Middleware) -> web.Application:
    """Return the application; ``middlewares`` come before its own."""
    guard = Guard(context.http)
    app = web.Application(
        middlewares=[*middlewares, _count, answer_errors, guard.middleware],
        # Handlers read their bodies themselves, each up to its own limit.
        client_max_size=context.config.limits.http_body_bytes,
    )
    app[CONTEXT] = context
    app.on_response_prepare.append(guard.add_headers)
    for operation in OPERATIONS:
        app.router.add_route(operation.method, operation.path, operation.handler)
        if operation.method == "GET":  # the same without its body
            app.router.add_route("HEAD", operation.path, operation.handler)
    openapi.add_route(app, OPERATIONS)
    page.add_routes(app)
    return app


@web.middleware
async def _count(request: web.Request, handler: Handler) -> web.StreamResponse:
    response = await handler(request)
    resource = request.match_info.route.resource
    path = resource.canonical if resource is not None else "unknown"
    request.app[CONTEXT].metrics.note_answer(path, response.status)
    return response
