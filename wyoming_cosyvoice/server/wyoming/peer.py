"""The peer of a connection: receive bytes and send frames with deadlines."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from wyoming_cosyvoice.server.sockets import bound_send_buffer
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from wyoming.event import Event

    from wyoming_cosyvoice.config import Limits

_READ_BYTES = 16 * 1024

_LAST_READS = 32
"""Input read while closing a connection: half a megabyte."""


class PeerLost(Exception):
    """The client left, or did not read its answer."""


class Peer:
    """One client. ``receive`` and ``send`` may run at the same time, in two tasks."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        name: str,
        limits: Limits,
    ) -> None:
        self.name = name
        address = writer.get_extra_info("peername")
        self.host: str | None = address[0] if isinstance(address, tuple) else None
        """Address, the same for all connections of a client; None if it has none."""
        self._reader = reader
        self._writer = writer
        self._limits = limits
        # No buffering in the program: ``send`` passes all data to the system.
        writer.transport.set_write_buffer_limits(high=0)
        self._socket: socket.socket | None = writer.get_extra_info("socket")
        bound_send_buffer(writer.transport)

    async def receive(self, timeout_s: float) -> bytes:
        """Return received bytes; empty when the client has half-closed.

        Raises: TimeoutError after ``timeout_s``; PeerLost.
        """
        try:
            async with asyncio.timeout(timeout_s):
                return await self._reader.read(_READ_BYTES)
        except TimeoutError:
            raise
        except OSError as error:
            raise PeerLost("reset the connection") from error

    async def send(self, *events: Event) -> None:
        """Send events. Raises: PeerLost, also if the client does not read them."""
        if not events:
            return
        try:
            async with asyncio.timeout(self._limits.write_s):
                self._writer.write(b"".join(map(encode_event, events)))
                await self._writer.drain()
        except TimeoutError:
            self.abort()
            raise PeerLost(
                f"read nothing for {self._limits.write_s:g} seconds"
            ) from None
        except (OSError, RuntimeError) as error:
            # RuntimeError: the transport is closed already
            raise PeerLost("left") from error

    def is_reset(self) -> bool:
        """Whether the last write was answered with a reset.

        After a half-close asyncio no longer watches the socket, so this checks it.
        """
        if self._writer.is_closing():
            return True
        if self._socket is None:
            return False
        try:
            return self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0
        except OSError:
            return True

    async def close(self) -> None:
        """Close so that the client can read everything sent.

        Closing with unread input makes the system reset the connection, which discards
        data in flight. So half-close, then wait briefly for the client.
        """
        try:
            async with asyncio.timeout(self._limits.linger_s):
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                    for _ in range(_LAST_READS):
                        if not await self._reader.read(_READ_BYTES):
                            break
        except (OSError, RuntimeError):  # TimeoutError is an OSError
            pass
        finally:
            self._writer.close()

    def abort(self) -> None:
        """Close immediately; unsent data is lost."""
        self._writer.transport.abort()
