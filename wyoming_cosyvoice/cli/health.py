"""``health``: ask a running server whether it can speak."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.running import running_uri
from wyoming_cosyvoice.server.wyoming.health import health_check

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Ask, and print which server answered.

    Without ``--uri`` it is the server that runs here, whatever its address.
    Raises: ServerUnreachable, ConfigError for an address that cannot be connected to.
    """
    uri = config.server.uri
    if arguments.uri is None:
        uri = running_uri() or uri
    info = asyncio.run(health_check(uri, arguments.timeout))
    for program in info.tts:
        voices = len(program.voices)
        print(f"{program.name} {program.version} answers with {voices} voices")
    return 0
