"""Health check of a running server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming.event import Event
from wyoming.info import Describe, Info

from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.config.addresses import TcpAddress, UnixAddress, parse_uri
from wyoming_cosyvoice.errors import ConfigError, ProtocolError, ServerUnreachable
from wyoming_cosyvoice.server.sockets import ANY_IPV4, ANY_IPV6, EVERY
from wyoming_cosyvoice.server.wyoming.wire import FrameReader, encode_event

if TYPE_CHECKING:
    from wyoming_cosyvoice.config.addresses import Address

_READ_BYTES = 64 * 1024

_INFO_ITEMS = 1_000_000
"""JSON values in the info of a server with many voices."""


async def health_check(uri: str, timeout_s: float = 5.0) -> Info:
    """Return the info of the server at ``uri``.

    ``0.0.0.0``, ``::`` and ``*`` mean this machine. Raises: ServerUnreachable without a
    response within ``timeout_s``, or if the server has no voices; ConfigError for a URI
    that cannot be connected to.
    """
    try:
        async with asyncio.timeout(timeout_s):
            info = await _describe(uri)
    except TimeoutError:
        raise ServerUnreachable(
            f"{uri} did not answer within {timeout_s:g} s."
        ) from None
    except OSError as error:
        raise ServerUnreachable(
            f"No server answers at {uri}.",
            remedy="Is it running? `wyoming-cosyvoice serve` starts one.",
        ) from error
    except ProtocolError as error:
        raise ServerUnreachable(
            f"What answers at {uri} is not a Wyoming server: {error}"
        ) from error
    if not any(program.voices for program in info.tts):
        raise ServerUnreachable(f"{uri} answers, but has no voice.")
    return info


async def _describe(uri: str) -> Info:
    reader, writer = await _connect(uri, parse_uri(uri))
    frames = FrameReader(replace(Limits(), json_items=_INFO_ITEMS))
    try:
        writer.write(encode_event(Describe().event()))
        await writer.drain()
        while received := await reader.read(_READ_BYTES):
            frames.feed(received)
            for event in frames.events():
                if Info.is_type(event.type):
                    return _parse(event.data)
    finally:
        writer.close()
    raise ProtocolError("The connection was closed without an answer.")


def _parse(data: dict[str, object]) -> Info:
    try:
        return Info.from_event(Event("info", data))
    # The reference library may raise any exception for a wrong type.
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ProtocolError("Its info is malformed.") from None


async def _connect(
    uri: str, address: Address
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    match address:
        case TcpAddress(host, port):
            here = {ANY_IPV4: "127.0.0.1", ANY_IPV6: "::1", EVERY: "localhost"}
            return await asyncio.open_connection(here.get(host, host), port)
        case UnixAddress() as address:
            return await asyncio.open_unix_connection(address.path)
    raise ConfigError(f"Clients cannot connect to {uri}.")
