"""Who may ask: Host, Origin, network address, token; and what every answer carries.

A web page elsewhere can make a browser send requests to this machine. It cannot choose
their Host and Origin headers, so these tell our own page from any other, also after DNS
rebinding: names that anybody could point here are no hosts of ours.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import socket
from typing import TYPE_CHECKING

from aiohttp import web

from wyoming_cosyvoice.server.http.answers import error_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wyoming_cosyvoice.config import HttpConfig

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HOST = re.compile(
    r"(?P<name>[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>[0-9]{1,5}))?"
)
_INGRESS_PATH = re.compile(r"/[A-Za-z0-9/_-]{1,200}")
_OPEN_PATHS = ("/health", "/", "/static/")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {ancestors}"
)


class Guard:
    """Refuses requests that no client of ours would send."""

    def __init__(self, config: HttpConfig) -> None:
        own = socket.gethostname().casefold()
        configured = [name.casefold() for name in config.names]
        self._names = {"localhost", own, f"{own}.local", *configured}
        self._token = config.token
        self._ingress = config.ingress

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let a request through, or answer why not."""
        refusal = self._refusal(request)
        return refusal if refusal is not None else await handler(request)

    async def add_headers(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        """Tell the browser what it may do with an answer."""
        ancestors = "'self'" if self._is_proxy(request) else "'none'"
        response.headers["Content-Security-Policy"] = _CSP.format(ancestors=ancestors)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("Cache-Control", "no-store")

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._is_proxy(request):
            return None  # Home Assistant has asked who it is, and knows its own names
        if self._ingress is not None and not (
            _is_loopback(request.remote) and request.path == "/health"
        ):
            return _refuse("Only Home Assistant's ingress may connect.")
        if not self._is_own_host(request):
            return _refuse(
                "This is no name of this server.",
                "Use its address, or start it with --http-name NAME.",
            )
        if not _is_own_origin(request):
            return _refuse("Another web page may not use this server.")
        if self._token is not None and not self._has_token(request):
            response = error_response(
                401, "unauthorized", "A token is needed.", "Send it as Bearer token."
            )
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        return None

    def _is_proxy(self, request: web.Request) -> bool:
        return self._ingress is not None and request.remote == self._ingress

    def _is_own_host(self, request: web.Request) -> bool:
        hosts = request.headers.getall("Host", [])
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        name = match["name"].casefold()
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True

    def _has_token(self, request: web.Request) -> bool:
        is_open = request.path in _OPEN_PATHS or request.path.startswith("/static/")
        if is_open:
            return True
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "replace")
        is_right = hmac.compare_digest(given, (self._token or "").encode())
        return scheme.casefold() == "bearer" and is_right


def ingress_path(request: web.Request) -> str:
    """Return the path below which a proxy shows this server; empty without one."""
    path = request.headers.get("X-Ingress-Path", "")
    return path if _INGRESS_PATH.fullmatch(path) else ""


def _is_own_origin(request: web.Request) -> bool:
    # A browser tells of every page but those that open an address themselves.
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and (
        request.method != "GET" or request.path != "/"
    ):
        return False
    origins = request.headers.getall("Origin", [])
    if not origins:
        return True
    host = request.headers["Host"].casefold()
    own = (f"http://{host}", f"https://{host}")
    return len(origins) == 1 and origins[0].casefold() in own


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _refuse(message: str, remedy: str = "") -> web.Response:
    return error_response(403, "forbidden", message, remedy)
