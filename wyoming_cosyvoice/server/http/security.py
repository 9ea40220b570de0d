"""Access rules (Host, Origin, network address, token) and security headers.

Any web page can make a browser send requests to this machine. It cannot choose their
Host and Origin headers, so these distinguish our page from others, even with DNS
rebinding: public names, which anyone can register and point here, are refused. Names
that cannot be registered, such as ``cosyvoice`` or ``pi.lan``, are accepted.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import socket
from typing import TYPE_CHECKING

from aiohttp import web

from wyoming_cosyvoice.config.addresses import is_loopback
from wyoming_cosyvoice.server.http.answers import error_response, openai_error
from wyoming_cosyvoice.server.sockets import plain_address

if TYPE_CHECKING:
    from wyoming_cosyvoice.config import HttpConfig
    from wyoming_cosyvoice.server.http.context import Handler

_HOST = re.compile(
    r"(?P<name>[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>[0-9]{0,5}))?"
)
_INGRESS_PATH = re.compile(r"/[A-Za-z0-9/_-]{1,200}")
_PRIVATE_SUFFIXES = (
    *(".local", ".lan", ".internal", ".home.arpa", ".localhost"),
    *(".svc.cluster.local", ".fritz.box"),
)
"""Names with these suffixes exist only in local networks or clusters."""

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_OPEN_PATHS = ("/health", "/", "/static/")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {ancestors}"
)


class Guard:
    """Refuses requests from web pages and clients that are not allowed."""

    def __init__(self, config: HttpConfig) -> None:
        own = socket.gethostname().casefold()
        self._names = {own, f"{own}.local", *config.names}
        self._origins = frozenset(config.origins)
        self._token = config.token
        self._ingress = config.ingress

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Pass a request on, or respond with the reason for refusal."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        if request.method == "OPTIONS" and self._is_named_origin(request):
            return web.Response(status=204)
        return await handler(request)

    async def add_headers(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        """Add the security and CORS headers to a response."""
        ancestors = "'self'" if self._is_proxy(request) else "'none'"
        response.headers["Content-Security-Policy"] = _CSP.format(ancestors=ancestors)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if self._is_named_origin(request):
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
            response.headers["Access-Control-Allow-Headers"] = (
                "Authorization, Content-Type"
            )
            response.headers["Access-Control-Expose-Headers"] = "*"
            response.headers["Access-Control-Max-Age"] = "600"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        else:
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if self._origins:
            response.headers["Vary"] = "Origin"
        response.headers.setdefault("Cache-Control", "no-store")

    def _refusal(self, request: web.Request) -> web.Response | None:
        if self._is_proxy(request):
            return None  # Home Assistant checks the user and its host names
        is_health_check = is_loopback(_remote(request)) and request.path == "/health"
        is_closed = self._ingress is not None and self._token is None
        if is_closed and not is_health_check:
            return _refuse(
                request,
                "Without a token, only Home Assistant's ingress may connect.",
                "Set the option http_token, and send it.",
            )
        refusal = self._refusal_of_page(request)
        if refusal is None and self._token is not None:
            refusal = self._refusal_without_token(request)
        return refusal

    def _refusal_of_page(self, request: web.Request) -> web.Response | None:
        """Refuse requests that a browser sends for another page."""
        if not self._is_own_host(request):
            host = request.headers.get("Host", "")[:100]
            name = host.partition(":")[0] or "NAME"
            return _refuse(
                request,
                f"{host!r} is not a name of this server.",
                f"Use its address, or start it with --http-name {name}.",
            )
        if not (_is_own_origin(request) or self._is_named_origin(request)):
            origin = request.headers.get("Origin", "")[:100]
            return _refuse(
                request,
                f"The web page at {origin!r} may not use this server."
                if origin
                else "Another web page may not use this server.",
                "Allow it with --http-origin URL.",
            )
        return None

    def _refusal_without_token(self, request: web.Request) -> web.Response | None:
        if request.method == "OPTIONS" or self._has_token(request):
            return None  # a browser sends preflight requests without the token
        message, remedy = "A token is needed.", "Send it as Bearer token."
        response = _error(request, 401, "unauthorized", message, remedy)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def _is_proxy(self, request: web.Request) -> bool:
        return self._ingress is not None and _remote(request) == self._ingress

    def _is_own_host(self, request: web.Request) -> bool:
        hosts = request.headers.getall("Host", [])
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        name = match["name"].casefold().removesuffix(".")
        if name in self._names or _is_private(name):
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True

    def _is_named_origin(self, request: web.Request) -> bool:
        origins = request.headers.getall("Origin", [])
        return len(origins) == 1 and origins[0].casefold() in self._origins

    def _has_token(self, request: web.Request) -> bool:
        is_open = request.path in _OPEN_PATHS or request.path.startswith("/static/")
        if is_open:
            return True
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "replace")
        is_right = hmac.compare_digest(given, (self._token or "").encode())
        return scheme.casefold() == "bearer" and is_right


def ingress_path(request: web.Request) -> str:
    """Return the base path behind an ingress proxy; empty without one."""
    path = request.headers.get("X-Ingress-Path", "")
    return path if _INGRESS_PATH.fullmatch(path) else ""


def _is_own_origin(request: web.Request) -> bool:
    # Browsers send it unless the user opens the address directly.
    site = request.headers.get("Sec-Fetch-Site")
    if site == "cross-site" and (request.method != "GET" or request.path != "/"):
        return False
    origins = request.headers.getall("Origin", [])
    if not origins:
        return True
    return len(origins) == 1 and _is_same_host(
        origins[0].casefold(), request.headers["Host"].casefold()
    )


def _is_same_host(origin: str, host: str) -> bool:
    """Whether the origin is this host; a proxy may have changed or dropped the port.

    A port that only one of them has is attributed to the proxy.
    """
    scheme, separator, place = origin.partition("://")
    if scheme not in {"http", "https"} or not separator:
        return False
    page, own = _HOST.fullmatch(place), _HOST.fullmatch(host)
    if page is None or own is None:
        return False
    is_same_name = page["name"].removesuffix(".") == own["name"].removesuffix(".")
    ports = {page["port"] or None, own["port"] or None}
    return is_same_name and (len(ports) == 1 or None in ports)


def _is_private(name: str) -> bool:
    """Whether a name cannot be registered publicly and pointed here."""
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return False
    if _NUMBER.fullmatch(labels[-1]):
        return False  # an address in disguise
    return len(labels) == 1 or name.endswith(_PRIVATE_SUFFIXES)


def _remote(request: web.Request) -> str:
    return plain_address(request.remote or "")


def _refuse(request: web.Request, message: str, remedy: str = "") -> web.Response:
    return _error(request, 403, "forbidden", message, remedy)


def _error(
    request: web.Request, status: int, code: str, message: str, remedy: str
) -> web.Response:
    if request.path.startswith("/v1/"):
        return openai_error(status, code, f"{message} {remedy}".rstrip())
    return error_response(status, code, message, remedy)
