"""From start to exit: what runs, what a signal does, and in which order it ends.

    start    listen (the model loads meanwhile), announce
    stop     withdraw, stop listening, let answers finish (``drain_s``), end the rest
    again    a second signal leaves out the waiting

A run ends with 0 when it was told to stop, and with the error's exit code when the
model cannot be loaded or the engine is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from typing import TYPE_CHECKING

from wyoming_cosyvoice.addresses import TcpAddress, parse_uri
from wyoming_cosyvoice.errors import ConfigError, CosyVoiceError
from wyoming_cosyvoice.server.beside import Beside
from wyoming_cosyvoice.server.discovery import Announcement
from wyoming_cosyvoice.server.sockets import families_of, hosts_of
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.server.http.context import Models

_LOGGER = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class _StopRequest:
    """How often the program was told to stop."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()

    def add(self) -> None:
        (self.second if self.first.is_set() else self.first).set()


def run(
    new_engine: Callable[[], Engine],
    config: Config,
    models: Models | None = None,
) -> int:
    """Serve until a signal; return the exit code. ``models`` is for the page.

    If the model is still busy at the end, the process exits here and now: waiting for
    it could take longer than those who stop us wait.
    """
    exit_code, is_at_rest = asyncio.run(_serve(new_engine(), config, models))
    if not is_at_rest:
        logging.shutdown()
        os._exit(exit_code)
    return exit_code


async def _serve(
    engine: Engine, config: Config, models: Models | None
) -> tuple[int, bool]:
    """Return the exit code and whether the worker is at rest."""
    stop = _StopRequest()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.add)
    server = WyomingServer(engine, config.server, config.limits)
    announcement = _announcement(config)
    beside = Beside(engine, config, models)
    await engine.start()
    error = await _serve_until_end(engine, server, beside, announcement, stop)
    if error is not None:
        _LOGGER.error("%s", error)
    is_at_rest = await _stop(engine, server, beside, announcement, config, stop)
    return error.exit_code if error is not None else 0, is_at_rest


def _announcement(config: Config) -> Announcement | None:
    server = config.server
    if server.zeroconf is None or not isinstance(parse_uri(server.uri), TcpAddress):
        return None
    return Announcement(
        server.zeroconf, host=server.zeroconf_host, port=server.zeroconf_port
    )


async def _serve_until_end(
    engine: Engine,
    server: WyomingServer,
    beside: Beside,
    announcement: Announcement | None,
    stop: _StopRequest,
) -> CosyVoiceError | None:
    """Serve; return why it cannot go on, or None if it was told to stop."""
    try:
        await server.start()
        await beside.start()
        if announcement is not None and server.port is not None:
            await announcement.start(hosts_of(server.sockets), server.port)
    except ConfigError as error:
        return error
    families = families_of(server.sockets)
    _LOGGER.info("Listening on %s%s", server.uri, f", {families}" if families else "")
    if not server.is_local:
        _LOGGER.warning(
            "Everyone who can reach this address can use it: Wyoming has no password"
        )
    ready = asyncio.create_task(_say_ready(engine))
    lost = asyncio.create_task(engine.wait_lost())
    told = asyncio.create_task(stop.first.wait())
    over = asyncio.create_task(server.wait_over())
    await asyncio.wait((lost, told, over), return_when=asyncio.FIRST_COMPLETED)
    error_or_none = lost.result() if lost.done() else None
    for task in (ready, lost, told, over):
        task.cancel()
    return error_or_none


async def _say_ready(engine: Engine) -> None:
    await engine.wait_ready()
    _LOGGER.info("Ready to speak with %d voices", len(engine.voices))


async def _stop(
    engine: Engine,
    server: WyomingServer,
    beside: Beside,
    announcement: Announcement | None,
    config: Config,
    stop: _StopRequest,
) -> bool:
    """Stop everything in order; return whether the worker is at rest."""
    limits = config.limits
    server.close()
    beside.close()
    _LOGGER.info("Stopping")
    polite = asyncio.create_task(
        _stop_politely(server, beside, announcement, limits.drain_s)
    )
    hurried = asyncio.create_task(stop.second.wait())
    await asyncio.wait((polite, hurried), return_when=asyncio.FIRST_COMPLETED)
    is_hurried = hurried.done()
    for task in (polite, hurried):
        task.cancel()
    await asyncio.gather(polite, hurried, return_exceptions=True)
    wait_s = 0.0 if is_hurried else limits.stop_s
    # Answers that are cut off get to say so while the worker comes to rest.
    is_at_rest, _ = await asyncio.gather(engine.stop(wait_s), server.drain(wait_s))
    await server.abort()
    _LOGGER.info("Stopped")
    return is_at_rest


async def _stop_politely(
    server: WyomingServer,
    beside: Beside,
    announcement: Announcement | None,
    drain_s: float,
) -> None:
    async with asyncio.timeout(drain_s):
        if announcement is not None:
            with contextlib.suppress(OSError):
                await announcement.stop()
        await asyncio.gather(server.drain(drain_s), beside.stop())
