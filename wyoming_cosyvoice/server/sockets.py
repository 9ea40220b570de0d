"""Listening sockets, and the normalised form of addresses.

``[::]`` and ``*`` mean all addresses of this machine, IPv6 and IPv4, with one socket if
the system supports it. asyncio would restrict ``[::]`` to IPv6.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import shutil
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Sequence

    from wyoming_cosyvoice.config.addresses import UnixAddress

ANY_IPV4 = "0.0.0.0"  # noqa: S104 - what users write for all addresses
ANY_IPV6 = "::"
EVERY = "*"
_BACKLOG = 100
_SEND_BUFFER_BYTES = 64 * 1024
_OWNER_ONLY, _GROUP_TOO = 0o600, 0o660


def open_everywhere(host: str, port: int) -> socket.socket | None:
    """Return a socket for all addresses if ``host`` means all; else None.

    Only ``*`` falls back to IPv4, on a machine without IPv6.
    Raises: OSError if the port is not available.
    """
    if host != EVERY and not _is_any_ipv6(host):
        return None
    is_dual = socket.has_dualstack_ipv6()
    if host == EVERY and not is_dual:
        return socket.create_server((ANY_IPV4, port), backlog=_BACKLOG)
    return socket.create_server(
        (ANY_IPV6, port),
        family=socket.AF_INET6,
        backlog=_BACKLOG,
        dualstack_ipv6=is_dual,
    )


def open_unix_socket(address: UnixAddress) -> socket.socket:
    """Return a socket at a free path, with the permissions of the address.

    Until its group is set, only the user of the process can connect.
    Raises: OSError, also for an unknown group or one without membership.
    """
    bound = socket.socket(socket.AF_UNIX)
    path = str(address.path)
    is_open = False
    try:
        if address.group is not None or address.mode is not None:
            os.fchmod(bound.fileno(), _OWNER_ONLY)  # bind makes the file with this mode
        bound.bind(path)
        is_open = True
        if address.group is not None:
            _give_to_group(path, address.group)
        if address.group is not None or address.mode is not None:
            address.path.chmod(_GROUP_TOO if address.mode is None else address.mode)
    except OSError:
        bound.close()
        if is_open:
            address.path.unlink()
        raise
    return bound


def _give_to_group(path: str, group: str) -> None:
    try:
        shutil.chown(path, group=int(group) if group.isdecimal() else group)
    except LookupError:
        raise OSError(errno.EINVAL, f"there is no group {group!r}") from None


def bound_send_buffer(transport: asyncio.BaseTransport) -> None:
    """Let the system hold no more than a second or two of sound for a slow client.

    Otherwise it would take megabytes: minutes of sound that may never be played.
    """
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES
            )


def hosts_of(sockets: Iterable[socket.socket]) -> list[str]:
    """Return the hosts of sockets; two for a socket of both families."""
    hosts: list[str] = []
    for bound in sockets:
        host = bound.getsockname()[0]
        if host == ANY_IPV6 and not bound.getsockopt(
            socket.IPPROTO_IPV6, socket.IPV6_V6ONLY
        ):
            hosts.append(ANY_IPV4)
        hosts.append(host)
    return hosts


def families_of(sockets: Iterable[socket.socket]) -> str:
    """Return the address families of ``[::]``; empty if no socket is bound to it."""
    hosts = hosts_of(sockets)
    if ANY_IPV6 not in hosts:
        return ""
    return "IPv6 and IPv4" if ANY_IPV4 in hosts else "IPv6 only"


def is_loopback_only(sockets: Iterable[socket.socket]) -> bool:
    """Whether only this machine can connect."""
    return all(ipaddress.ip_address(host).is_loopback for host in hosts_of(sockets))


def shown_address(host: str, port: int, sockets: Sequence[socket.socket] = ()) -> str:
    """Return ``HOST:PORT`` as in URIs, with ``*`` resolved."""
    if host == EVERY and sockets:
        host = sockets[0].getsockname()[0]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def plain_address(host: str) -> str:
    """Return a client's address, with IPv4-mapped addresses as IPv4."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _is_any_ipv6(host: str) -> bool:
    try:
        return ipaddress.IPv6Address(host) == ipaddress.IPv6Address(ANY_IPV6)
    except ValueError:
        return False
