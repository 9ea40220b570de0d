"""Addresses as users write them: URIs of a server, host names, origins of web pages."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from wyoming_cosyvoice.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """``tcp://HOST:PORT``; port 0 is any free port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """``unix://PATH``, with optional access: ``unix://PATH?mode=660&group=audio``."""

    path: Path
    mode: int | None = None
    """Permissions of the socket; None for the umask."""

    group: str | None = None
    """Name or id of its group; None for the group of the process."""


@dataclass(frozen=True, slots=True)
class StdioAddress:
    """``stdio://``: one client, on standard input and output."""


Address = TcpAddress | UnixAddress | StdioAddress

MAX_PORT = 65_535


def parse_uri(uri: str) -> Address:
    """Parse a server URI. ``*`` as a host means all addresses.

    Raises: ConfigError if it is none of ``tcp://HOST:PORT``, ``unix://PATH``,
    ``stdio://``.
    """
    refusal = ConfigError(
        f"Cannot use {uri!r} as an address.",
        remedy="Write tcp://HOST:PORT, unix://PATH or stdio://.",
    )
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise refusal from None
    if parts.fragment or parts.username is not None:
        raise refusal
    if parts.query and parts.scheme != "unix":
        raise refusal
    match parts:
        case SplitResult(scheme="tcp", hostname=str(host), path="" | "/"):
            if port is not None and 0 <= port <= MAX_PORT:
                return TcpAddress(host, port)
        case SplitResult(scheme="unix"):
            # unix://relative/path puts the first part where a host would be
            path = parts.netloc + parts.path
            if path:
                return UnixAddress(Path(path), **_unix_options(parts.query))
        case SplitResult(scheme="stdio", netloc="", path="" | "/"):
            return StdioAddress()
    raise refusal


def _unix_options(query: str) -> dict[str, Any]:
    """Read the mode and the group of a Unix socket.

    Raises: ConfigError.
    """
    options: dict[str, Any] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        value = unquote(value)
        if name == "mode" and re.fullmatch("0?[0-7]{3}", value):
            options["mode"] = int(value, 8)
        elif name == "group" and value:
            options["group"] = value
        else:
            raise ConfigError(
                f"{part!r} does not say who may use a Unix socket.",
                remedy="Write unix://PATH?mode=660&group=NAME; both may be left out.",
            )
    return options


def host_name(name: str) -> str:
    """Normalise a host name: without spaces, port and final dot."""
    return name.strip().casefold().partition(":")[0].removesuffix(".")


def web_origin(url: str) -> str:
    """Return the origin of a URL in the form of browsers.

    Raises: ConfigError if it is not an http or https URL.
    """
    try:
        parts = urlsplit(url.strip().casefold())
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in {"http", "https"} or not host:
        raise ConfigError(
            f"{url!r} is not the address of a web page.",
            remedy="Write it like this: https://chat.example.org",
        )
    usual = 80 if scheme == "http" else 443
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port not in {None, usual} else "")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine, without a DNS lookup."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
