"""The Wyoming listener: TCP, a Unix socket, or standard input and output."""

from __future__ import annotations

import asyncio
import logging
import socket
import stat
import sys
from collections import Counter
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config.addresses import TcpAddress, UnixAddress, parse_uri
from wyoming_cosyvoice.errors import Busy, ConfigError
from wyoming_cosyvoice.server.sockets import (
    is_loopback_only,
    open_everywhere,
    open_unix_socket,
    plain_address,
    shown_address,
)
from wyoming_cosyvoice.server.wyoming.answer import error_event
from wyoming_cosyvoice.server.wyoming.connection import WyomingConnection
from wyoming_cosyvoice.server.wyoming.peer import Peer
from wyoming_cosyvoice.server.wyoming.throttle import ThrottledLog
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.config import Limits, ServerConfig
    from wyoming_cosyvoice.engine.engine import Engine

_LOGGER = logging.getLogger(__name__)


class WyomingServer:
    """Accept clients within the limits and serve each in its own task."""

    def __init__(self, engine: Engine, config: ServerConfig, limits: Limits) -> None:
        self._engine = engine
        self._config = config
        self._limits = limits
        self._address = parse_uri(config.uri)
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], WyomingConnection] = {}
        self._per_host: Counter[str] = Counter()
        self._faults = ThrottledLog(_LOGGER)
        self._is_over = asyncio.Event()

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """Listening TCP sockets; empty for other transports."""
        if self._server is None or not isinstance(self._address, TcpAddress):
            return ()
        return tuple(self._server.sockets)

    @property
    def port(self) -> int | None:
        """TCP port; None for other transports."""
        return self.sockets[0].getsockname()[1] if self.sockets else None

    @property
    def uri(self) -> str:
        """URI of the server, with the actual port."""
        if isinstance(self._address, TcpAddress):
            port = self.port or self._address.port
            return f"tcp://{shown_address(self._address.host, port, self.sockets)}"
        return self._config.uri

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback_only(self.sockets)

    @property
    def open_connections(self) -> int:
        """Number of connected clients."""
        return len(self._connections)

    async def start(self) -> None:
        """Start to accept clients.

        Raises: ConfigError if the address is not available.
        """
        try:
            match self._address:
                case TcpAddress(host, port):
                    everywhere = open_everywhere(host, port)
                    self._server = (
                        await asyncio.start_server(self._accept, host, port)
                        if everywhere is None
                        else await asyncio.start_server(self._accept, sock=everywhere)
                    )
                case UnixAddress() as address:
                    _remove_stale_socket(address.path)
                    self._server = await asyncio.start_unix_server(
                        self._accept, sock=open_unix_socket(address)
                    )
                case _:
                    self._serve("stdio", *await _open_stdio())
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"Cannot listen on {self._config.uri}: {reason}.",
                remedy="Another program may use it; choose another --uri.",
            ) from error

    async def wait_over(self) -> None:
        """Wait until no more clients can connect: the end of standard input."""
        await self._is_over.wait()

    def close(self) -> None:
        """Stop accepting clients; end each connection after its answers."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections.values():
            connection.finish()

    async def drain(self, timeout_s: float) -> None:
        """Wait for the connections to end."""
        if self._connections:
            await asyncio.wait(tuple(self._connections), timeout=timeout_s)

    async def abort(self) -> None:
        """Abort the remaining connections, and remove the Unix socket."""
        tasks = tuple(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(self._address, UnixAddress) and self._server is not None:
            self._address.path.unlink(missing_ok=True)

    def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        address = writer.get_extra_info("peername")
        is_tcp = isinstance(self._address, TcpAddress) and bool(address)
        host = plain_address(address[0]) if is_tcp else ""
        name = f"{host}:{address[1]}" if is_tcp else "unix client"
        if len(self._connections) >= self._limits.connections or (
            is_tcp and self._per_host[host] >= self._limits.connections_per_address
        ):
            self._refuse(writer, name)
            return
        task = self._serve(name, reader, writer)
        if is_tcp:
            self._per_host[host] += 1
            task.add_done_callback(lambda _: self._leave(host))

    def _leave(self, host: str) -> None:
        self._per_host[host] -= 1
        if not self._per_host[host]:
            del self._per_host[host]

    def _refuse(self, writer: asyncio.StreamWriter, name: str) -> None:
        self._faults.log(logging.WARNING, "Refused %s: too many connections", name)
        _retrieve_error(writer)
        busy = Busy("Too many connections are open.", remedy="Try again soon.")
        writer.write(encode_event(error_event(busy)))
        writer.close()

    def _serve(
        self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> asyncio.Task[None]:
        _retrieve_error(writer)
        connection = WyomingConnection(
            Peer(reader, writer, name, self._limits),
            self._engine,
            self._limits,
            self._config.samples_per_chunk,
            self._faults,
        )
        task = asyncio.create_task(self._run(connection, name), name=name)
        self._connections[task] = connection
        task.add_done_callback(self._connections.pop)
        return task

    async def _run(self, connection: WyomingConnection, name: str) -> None:
        try:
            await connection.run()
        # An error in one connection must not affect others.
        except Exception:
            _LOGGER.exception("The connection of %s failed", name)
        if self._server is None:
            self._is_over.set()


def _retrieve_error(writer: asyncio.StreamWriter) -> None:
    """Retrieve the error that will end the connection, if one does.

    Reading and writing raise it too, but asyncio also keeps it in a future for
    ``wait_closed``, and may log it with a traceback if it is not retrieved there.
    """
    closed = asyncio.ensure_future(writer.wait_closed())
    closed.add_done_callback(lambda task: task.cancelled() or task.exception())


def _remove_stale_socket(path: Path) -> None:
    """Remove the socket of a program that has exited.

    Raises: OSError if the path is something else, or a program is listening there.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(None, "there is a file that is not a socket")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
    raise FileExistsError(None, "another program listens there")


async def _open_stdio() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return standard input and output.

    Raises: ValueError if one of them is a regular file.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin.buffer
    )
    # The writer needs a protocol with flow control; its reader stays unused.
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()),
        sys.stdout.buffer,
    )
    return reader, asyncio.StreamWriter(transport, protocol, None, loop)
