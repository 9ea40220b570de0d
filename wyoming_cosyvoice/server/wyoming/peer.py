"""The other end of a connection: bytes in, frames out, each with a deadline."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from wyoming.event import Event

    from wyoming_cosyvoice.config import Limits

_READ_BYTES = 16 * 1024

_SEND_BUFFER_BYTES = 64 * 1024
"""The system would buffer megabytes, minutes of sound, before a slow client shows."""

_LAST_READS = 32
"""How much is read of a client whose connection is being closed: half a megabyte."""


class PeerLost(Exception):
    """The client left, or did not read what it asked for."""


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
        """Where it is, the same for all its connections; None if it has no address."""
        self._reader = reader
        self._writer = writer
        self._limits = limits
        # Nothing waits in the program: what ``send`` has sent is in the system's hands.
        writer.transport.set_write_buffer_limits(high=0)
        self._socket: socket.socket | None = writer.get_extra_info("socket")
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES
                )

    async def receive(self, timeout_s: float) -> bytes:
        """Return bytes as they come, empty at the end of the client's sending.

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
        """Whether the client's system refused what was last sent.

        After the end of its sending nobody watches the socket any more; this does.
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
        """Close so that the client can read everything that was sent.

        Closing with input unread makes the system reset the connection, which destroys
        what is on its way. So: end our sending, then wait a little for the client's.
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
        """Close at once; what was not sent is lost."""
        self._writer.transport.abort()
