"""The HTTP server: socket, connection limits and shutdown."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.server.http.context import Context, Handler
from wyoming_cosyvoice.server.http.metrics import Metrics
from wyoming_cosyvoice.server.http.routes import new_app
from wyoming_cosyvoice.server.sockets import (
    is_loopback_only,
    open_everywhere,
    shown_address,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from wyoming_cosyvoice.config import Config, HttpConfig
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.server.http.context import Models
    from wyoming_cosyvoice.user_voices.sync import UserVoices

_KEEP_ALIVE_S = 75.0
"""As in nginx; proxies keep connections for a minute and must close first."""
_LINE_BYTES = 8 * 1024


class HttpServer:
    """API and page, in the event loop of the engine."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        http: HttpConfig,
        *,
        metrics: Metrics | None = None,
        user_voices: UserVoices | None = None,
        models: Models | None = None,
    ) -> None:
        """Prepare the server; ``metrics`` also counts the speeches of the engine."""
        self._http = http
        self._limits = config.limits
        self._executor = ThreadPoolExecutor(1, "sound")
        self._context = Context(
            engine,
            config,
            http,
            metrics or Metrics(),
            self._executor,
            user_voices=user_voices,
            models=models,
        )
        self._silent: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}
        """Connections without a complete request header so far."""
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int | None:
        """TCP port of the server; None if it is not listening."""
        if self._server is None or not self._server.sockets:
            return None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def open_connections(self) -> int:
        """Number of open connections."""
        server = self._runner.server if self._runner is not None else None
        return 0 if server is None else len(server.connections)

    @property
    def url(self) -> str:
        """URL of the server, with the actual port."""
        port = self.port or self._http.port
        return f"http://{shown_address(self._http.host, port, self._sockets)}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback_only(self._sockets)

    @property
    def _sockets(self) -> tuple[socket.socket, ...]:
        return () if self._server is None else tuple(self._server.sockets)

    @property
    def is_guarded(self) -> bool:
        """Whether clients need a token."""
        return self._http.token is not None or self._http.ingress is not None

    async def start(self) -> None:
        """Start to accept clients.

        Raises: ConfigError if the address is not available.
        """
        limits = self._limits
        self._runner = web.AppRunner(
            new_app(self._context, self._note_heard),
            access_log=None,
            logger=_library_log(),
            handle_signals=False,
            # When a client disconnects, its handler and its synthesis are cancelled.
            handler_cancellation=True,
            keepalive_timeout=_KEEP_ALIVE_S,
            max_line_size=_LINE_BYTES,
            max_field_size=_LINE_BYTES,
            shutdown_timeout=limits.drain_s,
        )
        await self._runner.setup()
        try:
            loop = asyncio.get_running_loop()
            host, port = self._http.host, self._http.port
            everywhere = open_everywhere(host, port)
            self._server = (
                await loop.create_server(self._accept, host, port)
                if everywhere is None
                else await loop.create_server(self._accept, sock=everywhere)
            )
        # Of a name that no system can be asked for, it is a UnicodeError.
        except (OSError, UnicodeError) as error:
            await self.stop()
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"Cannot listen on {self.url}: {reason}.",
                remedy="Another program may use it; choose another --http HOST:PORT.",
            ) from error

    def close(self) -> None:
        """Stop accepting connections."""
        if self._server is not None:
            self._server.close()

    async def stop(self) -> None:
        """Let responses finish for ``drain_s``, then cancel the rest."""
        self.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        for timer in self._silent.values():
            timer.cancel()
        self._silent.clear()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _accept(self) -> asyncio.BaseProtocol:
        """Return the protocol of a new connection; its address is not known yet."""
        return _Gate(self._admit)

    def _admit(self, transport: asyncio.Transport) -> bool:
        """Serve a new connection unless there are too many in total or per address.

        Return whether it was accepted.
        """
        server = self._runner.server if self._runner is not None else None
        if server is None:
            return False
        host = _host_of(transport)
        others = [_host_of(each.transport) for each in server.connections]
        if (
            len(others) >= self._limits.connections
            or others.count(host) >= self._limits.connections_per_address
        ):
            return False
        protocol = server()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        self._silent[protocol] = asyncio.get_running_loop().call_later(
            self._limits.http_header_s, self._end_silent, protocol
        )
        return True

    def _end_silent(self, protocol: web.RequestHandler) -> None:
        del self._silent[protocol]
        if protocol.transport is not None:
            protocol.transport.close()

    @web.middleware
    async def _note_heard(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        timer = self._silent.pop(request.protocol, None)
        if timer is not None:
            timer.cancel()
        return await handler(request)


def _library_log() -> logging.Logger:
    """Return the logger of aiohttp, without tracebacks for input that is not HTTP."""
    log = logging.getLogger(f"{__name__}.aiohttp")
    log.addFilter(_is_server_fault)
    return log


def _is_server_fault(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


def _host_of(transport: asyncio.BaseTransport | None) -> str:
    address = None if transport is None else transport.get_extra_info("peername")
    return str(address[0]) if isinstance(address, tuple) else ""


class _Gate(asyncio.Protocol):
    """Accepts a connection, or responds that there are too many."""

    def __init__(self, admit: Callable[[asyncio.Transport], bool]) -> None:
        self._admit = admit

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport) and not self._admit(transport):
            transport.write(
                b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
                b"Connection: close\r\nContent-Length: 0\r\n\r\n"
            )
            transport.close()
