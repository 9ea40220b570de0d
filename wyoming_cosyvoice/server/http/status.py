"""``GET /health``, ``/settings`` and ``/metrics``: monitoring."""

from __future__ import annotations

from aiohttp import web

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.metrics import CONTENT_TYPE


async def get_health(request: web.Request) -> web.Response:
    """Respond 200 if the server can speak, else 503 with the reason."""
    engine = request.app[CONTEXT].engine
    status, reason = "ready", ""
    if engine.lost is not None:
        status, reason = "lost", engine.lost.message
    elif not engine.is_ready:
        status, reason = "loading", "The model is being loaded."
    body = {
        "status": status,
        "reason": reason,
        "version": __version__,
        "voices": len(engine.voices),
        "open_requests": engine.open_speeches,
    }
    return json_response(body, 200 if status == "ready" else 503)


async def get_settings(request: web.Request) -> web.Response:
    """Respond with the settings that are not used."""
    return json_response({"problems": list(request.app[CONTEXT].config.problems)})


async def get_metrics(request: web.Request) -> web.Response:
    """Respond with all metrics."""
    context = request.app[CONTEXT]
    text = context.metrics.text(context.engine)
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})


OPERATIONS = (
    Operation(
        "GET",
        "/health",
        get_health,
        "Whether the server can speak, or why not.",
        answers={200: "application/json", 503: "application/json"},
    ),
    Operation(
        "GET",
        "/settings",
        get_settings,
        "Variables and lines of the configuration that are not used, and why.",
        answers={200: "application/json"},
    ),
    Operation(
        "GET",
        "/metrics",
        get_metrics,
        "Metrics for Prometheus.",
        answers={200: "text/plain"},
    ),
)
