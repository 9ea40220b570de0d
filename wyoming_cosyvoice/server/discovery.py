"""Tell the local network where the server is, for Home Assistant to find it."""

from __future__ import annotations

import ipaddress
import logging
import socket
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOGGER = logging.getLogger(__name__)

_SERVICE = "_wyoming._tcp.local."

# Any address outside would do: connecting a UDP socket sends nothing, it only makes the
# system choose the interface. This one is the group that discovery itself uses.
_MDNS_GROUP = ("224.0.0.251", 5353)


def routable_ipv4(bind_host: str) -> str | None:
    """Return the IPv4 address at which others reach a server bound to ``bind_host``.

    None if there is none: bound to loopback, to IPv6 only, or no network. Home
    Assistant drops an announcement of 0.0.0.0, so the bind address is no answer.
    """
    try:
        bound = ipaddress.ip_address(bind_host)
    except ValueError:
        bound = None
    if bound is not None and not bound.is_unspecified:
        return str(bound) if _is_routable(bound) else None
    if bind_host == "localhost":
        return None
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_MDNS_GROUP)
            own = ipaddress.ip_address(probe.getsockname()[0])
    except OSError:
        return None
    return str(own) if _is_routable(own) else None


def _is_routable(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.version == 4 and not (  # noqa: PLR2004
        address.is_loopback or address.is_unspecified or address.is_link_local
    )


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
    """The server's entry in the local network, from ``start`` to ``stop``."""

    def __init__(
        self,
        name: str,
        bind_host: str,
        new_zeroconf: Callable[[], Any] = _new_zeroconf,
    ) -> None:
        self._name = name
        self._bind_host = bind_host
        self._new_zeroconf = new_zeroconf
        self._zeroconf: Any = None

    async def start(self, port: int) -> bool:
        """Announce the server; return whether there is an address to announce.

        Raises: ConfigError if the optional package is missing.
        """
        address = routable_ipv4(self._bind_host)
        if address is None:
            _LOGGER.warning(
                "Not announced: %s cannot be reached from other machines by IPv4",
                self._bind_host,
            )
            return False
        zeroconf = self._new_zeroconf()
        from zeroconf.asyncio import AsyncServiceInfo  # noqa: PLC0415 - optional

        service = AsyncServiceInfo(
            _SERVICE,
            f"{self._name}.{_SERVICE}",
            addresses=[socket.inet_aton(address)],
            port=port,
        )
        try:
            await zeroconf.async_register_service(service, allow_name_change=True)
        except OSError as error:
            _LOGGER.warning("Not announced: %s", error)
            await zeroconf.async_close()
            return False
        self._zeroconf = zeroconf
        _LOGGER.info("Announced %s at %s:%d", self._name, address, port)
        return True

    async def stop(self) -> None:
        """Take the entry back, so that nobody looks for a server that is gone."""
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            await zeroconf.async_unregister_all_services()
            await zeroconf.async_close()
