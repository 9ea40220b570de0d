"""From start to exit: what runs, what a signal does, and in which order it ends.

    start    listen (the model loads meanwhile), announce
    stop     withdraw, stop listening, let answers finish (``drain_s``), end the rest
    again    a second signal leaves out the waiting

SIGTERM, SIGINT and SIGHUP stop the program; who started it with SIGHUP ignored, as
``nohup`` does, keeps it running. A run ends with 0 when it was told to stop, and with
the error's exit code when the model cannot be loaded or the engine is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn

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

_CLOSE_S = 0.2
"""For what else is being closed, when everything else has stopped."""

_OUT_OF_FILES = "socket.accept() out of system resource"
"""What the event loop says when the system has no file descriptor left."""

_SCARCITY_S = 60.0

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run(
    new_engine: Callable[[], Engine],
    config: Config,
    models: Models | None = None,
    close: Callable[[], None] = lambda: None,
) -> NoReturn:
    """Serve until a signal, and end the process. ``models`` is for the page.

    ``close`` is called, in a thread, when the server is told to stop.

    Does not return, unless by an exception: to free the networks and to wait for their
    threads takes seconds on a busy machine, and those who stop us do not wait so long.
    Nothing is lost, as files are complete whenever they have their names.
    """
    # What ends the process at once, as reading a network whose file was cut off, is
    # said before it does.
    with contextlib.suppress(OSError, RuntimeError, AttributeError):
        faulthandler.enable()
    asyncio.run(_serve(new_engine, config, models, close))
    raise AssertionError("The process has ended.")


async def _serve(
    new_engine: Callable[[], Engine],
    config: Config,
    models: Models | None,
    close: Callable[[], None],
) -> None:
    program = _Program(new_engine(), config, models)
    error = await program.serve()
    if error is not None:
        _LOGGER.error("%s", error)
    closing = asyncio.create_task(asyncio.to_thread(close))
    await program.stop()
    await asyncio.wait((closing,), timeout=_CLOSE_S)
    logging.shutdown()
    # By stdio://, standard output is closed already.
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(error.exit_code if error is not None else 0)


class _StopRequest:
    """How often the program was told to stop."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()

    def listen(self) -> None:
        """Listen to the signals, but to SIGHUP only where it is not ignored."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            # A shell's "&" has SIGINT ignored as well, which nobody means.
            is_meant = signal.getsignal(number) is not signal.SIG_IGN
            if is_meant or number is not signal.SIGHUP:
                loop.add_signal_handler(number, self._add, number)

    def _add(self, number: signal.Signals) -> None:
        _LOGGER.info("Got %s", number.name)
        (self.second if self.first.is_set() else self.first).set()


class _ScarcityLog:
    """Says once in a while that no connection can be accepted, not at every try.

    The event loop waits for a second and tries again by itself.
    """

    def __init__(self) -> None:
        self._silent_until = 0.0

    def __call__(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        if not context.get("message", "").startswith(_OUT_OF_FILES):
            loop.default_exception_handler(context)
        elif loop.time() >= self._silent_until:
            self._silent_until = loop.time() + _SCARCITY_S
            _LOGGER.warning(
                "No more connections can be accepted for now: %s. "
                "Raise the limit of open files (ulimit -n).",
                getattr(context.get("exception"), "strerror", None),
            )


class _Program:
    """Everything that runs, from ``serve`` to ``stop``."""

    def __init__(self, engine: Engine, config: Config, models: Models | None) -> None:
        self._engine = engine
        self._limits = config.limits
        self._server = WyomingServer(engine, config.server, config.limits)
        self._beside = Beside(engine, config, models)
        self._announcement = _announcement(config)
        self._stop_request = _StopRequest()

    async def serve(self) -> CosyVoiceError | None:
        """Serve; return why it cannot go on, or None if it was told to stop."""
        asyncio.get_running_loop().set_exception_handler(_ScarcityLog())
        self._stop_request.listen()
        await self._engine.start()
        try:
            await self._server.start()
            await self._beside.start()
            if self._announcement is not None and self._server.port is not None:
                hosts = hosts_of(self._server.sockets)
                await self._announcement.start(hosts, self._server.port)
        except ConfigError as error:
            return error
        self._log_address()
        return await self._wait_end()

    def _log_address(self) -> None:
        families = families_of(self._server.sockets)
        uri = self._server.uri
        _LOGGER.info("Listening on %s%s", uri, f", {families}" if families else "")
        if not self._server.is_local:
            _LOGGER.warning(
                "Everyone who can reach this address can use it: "
                "Wyoming has no password"
            )

    async def _wait_end(self) -> CosyVoiceError | None:
        """Return why the engine was lost, or None if it was told to stop."""
        ready = asyncio.create_task(self._log_ready())
        lost = asyncio.create_task(self._engine.wait_lost())
        told = asyncio.create_task(self._stop_request.first.wait())
        over = asyncio.create_task(self._server.wait_over())
        await asyncio.wait((lost, told, over), return_when=asyncio.FIRST_COMPLETED)
        error_or_none = lost.result() if lost.done() else None
        for task in (ready, lost, told, over):
            task.cancel()
        return error_or_none

    async def _log_ready(self) -> None:
        await self._engine.wait_ready()
        _LOGGER.info("Ready to speak with %d voices", len(self._engine.voices))

    async def stop(self) -> None:
        """Stop everything in order."""
        self._server.close()
        self._beside.close()
        _LOGGER.info("Stopping")
        finishing = asyncio.create_task(self._finish())
        hurried = asyncio.create_task(self._stop_request.second.wait())
        tasks = (finishing, hurried)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        wait_s = 0.0 if hurried.done() else self._limits.stop_s
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Answers that are cut off get to say so while the worker comes to rest.
        await asyncio.gather(self._engine.stop(wait_s), self._server.drain(wait_s))
        await self._server.abort()
        _LOGGER.info("Stopped")

    async def _finish(self) -> None:
        """Withdraw the announcement and let answers finish, for ``drain_s``."""
        drain_s = self._limits.drain_s
        async with asyncio.timeout(drain_s):
            await asyncio.gather(
                self._withdraw(), self._server.drain(drain_s), self._beside.stop()
            )

    async def _withdraw(self) -> None:
        if self._announcement is not None:
            with contextlib.suppress(OSError):
                await self._announcement.stop()


def _announcement(config: Config) -> Announcement | None:
    server = config.server
    if server.zeroconf is None or not isinstance(parse_uri(server.uri), TcpAddress):
        return None
    return Announcement(
        server.zeroconf, host=server.zeroconf_host, port=server.zeroconf_port
    )
