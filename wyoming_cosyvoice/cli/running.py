"""Find the server that runs on this machine, and the address it was started with.

A container's health check is a separate command. It knows neither the flags of the
server nor its file of settings, but the system knows its command line.
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.config.addresses import parse_uri
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_PROC = Path("/proc")


def running_uri(proc: Path = _PROC) -> str | None:
    """Return the address of the only server of this user in this network namespace.

    None if there is not exactly one, or if it is unknown.
    """
    uris = [uri for process in _processes(proc) if (uri := _uri_of(process))]
    return uris[0] if len(uris) == 1 else None


def _processes(proc: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        for process in proc.iterdir():
            if not process.name.isdecimal() or process.stat().st_uid != os.getuid():
                continue
            # A server in a container may be seen, but not reached.
            if _network(process) == _network(proc / "self"):
                yield process


def _network(process: Path) -> str | None:
    """Return the network namespace of a process; None if the system hides it."""
    with contextlib.suppress(OSError):
        return str((process / "ns/net").readlink())
    return None


def _uri_of(process: Path) -> str | None:
    """Return where a process listens; None if it is not our server."""
    try:
        arguments = _arguments(_parts(process / "cmdline"))
        if arguments is None or arguments.command != "serve":
            return None
        pairs = (part.partition("=") for part in _parts(process / "environ"))
        environ = {name: value for name, _, value in pairs}
        if arguments.config is not None:
            arguments.config = process / "cwd" / arguments.config
        uri = read_config(arguments, environ).server.uri
    # It may have ended meanwhile, or belong to another user.
    except (OSError, ConfigError):
        return None
    # The port that the system chose is unknown here.
    return None if getattr(parse_uri(uri), "port", None) == 0 else uri


def _parts(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "replace").split("\0")[:-1]


def _arguments(words: list[str]) -> argparse.Namespace | None:
    """Return the arguments of a command line of ours, with or without ``python -m``."""
    names = {PROGRAM, PROGRAM.replace("-", "_"), "__main__.py"}
    for place, word in enumerate(words[:4]):
        if Path(word).name in names:
            nothing = io.StringIO()  # the server itself has reported its errors
            with (
                contextlib.suppress(SystemExit),
                contextlib.redirect_stdout(nothing),
                contextlib.redirect_stderr(nothing),
            ):
                return parse(words[place + 1 :])
            return None
    return None
