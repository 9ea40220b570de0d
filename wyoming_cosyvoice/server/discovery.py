"""Announce the server on the local network, so that Home Assistant discovers it."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LOGGER = logging.getLogger(__name__)

_SERVICE = "_wyoming._tcp.local."

# Any remote address works: connecting a UDP socket sends nothing and only selects the
# interface. These are the multicast group of mDNS and a documentation address.
_OUTSIDE = {
    socket.AF_INET: ("224.0.0.251", 5353),
    socket.AF_INET6: ("2001:db8::1", 5353),
}


def routable_addresses(hosts: Iterable[str]) -> list[str]:
    """Return the addresses at which a server bound to ``hosts`` can be reached.

    Empty for loopback or without a network. Home Assistant ignores an announcement of
    0.0.0.0, so the bound address cannot be used.
    """
    found = dict.fromkeys(map(_routable, hosts))
    return [address for address in found if address is not None]


def _routable(host: str) -> str | None:
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect(_OUTSIDE[family])
                address = ipaddress.ip_address(probe.getsockname()[0])
        except OSError:
            return None
    is_near = address.is_loopback or address.is_unspecified or address.is_link_local
    return None if is_near else str(address)


def _new_zeroconf() -> Any:
    try:
        from zeroconf.asyncio import AsyncZeroconf  # noqa: PLC0415 - optional
    except ImportError:
        raise ConfigError(
            "--zeroconf needs the package zeroconf.",
            remedy="Install it with: pip install wyoming-cosyvoice[zeroconf]",
        ) from None
    return AsyncZeroconf()


class Announcement:
    """The zeroconf announcement, from ``start`` to ``stop``."""

    def __init__(
        self,
        name: str,
        *,
        host: str | None = None,
        port: int | None = None,
        new_zeroconf: Callable[[], Any] = _new_zeroconf,
    ) -> None:
        """Prepare; ``host`` and ``port`` override the announced address."""
        self._name = name
        self._host = host
        self._port = port
        self._new_zeroconf = new_zeroconf
        self._zeroconf: Any = None

    async def start(self, hosts: Iterable[str], port: int) -> bool:
        """Announce a server bound to ``hosts``; return whether it was possible.

        Raises: ConfigError if the optional package is missing.
        """
        name, port = self._name, self._port or port
        try:
            addresses = await self._addresses(hosts)
            if not addresses:
                raise OSError("no other machine can reach this server")  # noqa: TRY301
            await self._register(name, addresses, port)
        except OSError as error:
            _LOGGER.warning("Not announced: %s", error)
            return False
        _LOGGER.info("Announced %s at %s, port %d", name, ", ".join(addresses), port)
        return True

    async def _addresses(self, hosts: Iterable[str]) -> list[str]:
        """Return the addresses to announce. Raises: OSError for an unknown name."""
        if self._host is None:
            return routable_addresses(hosts)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    async def _register(self, name: str, addresses: list[str], port: int) -> None:
        zeroconf = self._new_zeroconf()
        from zeroconf import Error  # noqa: PLC0415 - optional
        from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415 - optional

        packed = [ipaddress.ip_address(address).packed for address in addresses]
        try:
            service = AsyncServiceInfo(
                _SERVICE, f"{name}.{_SERVICE}", addresses=packed, port=port
            )
            await zeroconf.async_register_service(service, allow_name_change=True)
        except (OSError, Error) as error:
            await zeroconf.async_close()
            raise OSError(str(error) or type(error).__name__) from error
        self._zeroconf = zeroconf

    async def stop(self) -> None:
        """Withdraw the announcement, so that clients do not look for this server."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()
