"""Lifecycle of the server: start, signals and shutdown.

    start    listen (the model loads meanwhile), announce
    stop     withdraw, stop listening, let answers finish (``drain_s``), end the rest
    again    a second signal skips the wait

SIGTERM, SIGINT and SIGHUP stop the program; if SIGHUP is ignored at start, as with
``nohup``, it stays ignored. The exit code is 0 after a signal, and that of the error if
the model cannot be loaded or the engine is lost.
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

from wyoming_cosyvoice.config import VOICES
from wyoming_cosyvoice.config.addresses import TcpAddress, parse_uri
from wyoming_cosyvoice.errors import ConfigError, CosyVoiceError
from wyoming_cosyvoice.server.discovery import Announcement
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.server.http.metrics import Metrics
from wyoming_cosyvoice.server.sockets import families_of, hosts_of
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer
from wyoming_cosyvoice.user_voices.sync import UserVoices

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.engine.engine import Engine, Speech
    from wyoming_cosyvoice.server.http.context import Models

    NewEngine = Callable[[Callable[[Speech], None]], Engine]
    """Called with a function that it calls for each finished speech."""

_LOGGER = logging.getLogger(__name__)

_CLOSE_S = 0.2
"""Time limit of ``close`` after everything else has stopped."""

_OUT_OF_FILES = "socket.accept() out of system resource"
"""Message of the event loop when no file descriptor is left."""

_ACCEPT_LOG_S = 60.0
"""Interval of the warnings about it."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run(
    new_engine: NewEngine,
    config: Config,
    models: Models | None = None,
    close: Callable[[], None] = lambda: None,
) -> NoReturn:
    """Serve until a signal, then end the process. ``models`` is for the page.

    ``close`` is called in a thread when the server stops.

    Returns only if it raises: freeing the networks and joining their threads takes
    seconds on a busy machine, longer than a supervisor may wait. Nothing is lost,
    because files are renamed only when complete.
    """
    # Faults that kill the process, such as reading a truncated network file, are logged
    # first.
    with contextlib.suppress(OSError, RuntimeError, AttributeError):
        faulthandler.enable()
    asyncio.run(_serve(new_engine, config, models, close))
    raise AssertionError("The process has ended.")


async def _serve(
    new_engine: NewEngine,
    config: Config,
    models: Models | None,
    close: Callable[[], None],
) -> None:
    program = _Program(new_engine, config, models)
    error = await program.serve()
    if error is not None:
        _LOGGER.error("%s", error)
    closing = asyncio.create_task(asyncio.to_thread(close))
    await program.stop()
    await asyncio.wait((closing,), timeout=_CLOSE_S)
    logging.shutdown()
    # With stdio://, standard output is already closed.
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(error.exit_code if error is not None else 0)


class _StopRequest:
    """Counts the stop signals."""

    def __init__(self) -> None:
        self.first = asyncio.Event()
        self.second = asyncio.Event()

    def listen(self) -> None:
        """Install the signal handlers, for SIGHUP only if it is not ignored."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            # A shell's "&" also ignores SIGINT, which is not intended.
            is_meant = signal.getsignal(number) is not signal.SIG_IGN
            if is_meant or number is not signal.SIGHUP:
                loop.add_signal_handler(number, self._add, number)

    def _add(self, number: signal.Signals) -> None:
        _LOGGER.info("Got %s", number.name)
        (self.second if self.first.is_set() else self.first).set()


class _AcceptLog:
    """Limits the log of connections that could not be accepted.

    The event loop retries every second.
    """

    def __init__(self) -> None:
        self._silent_until = 0.0

    def __call__(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        if not context.get("message", "").startswith(_OUT_OF_FILES):
            loop.default_exception_handler(context)
        elif loop.time() >= self._silent_until:
            self._silent_until = loop.time() + _ACCEPT_LOG_S
            _LOGGER.warning(
                "No more connections can be accepted for now: %s. "
                "Raise the limit of open files (ulimit -n).",
                getattr(context.get("exception"), "strerror", None),
            )


class _Program:
    """All services, from ``serve`` to ``stop``.

    Wyoming always runs; user voices if there is a data folder, the HTTP server unless
    it is disabled, the announcement if it has a name.
    """

    def __init__(
        self, new_engine: NewEngine, config: Config, models: Models | None
    ) -> None:
        metrics = Metrics()
        self._engine = engine = new_engine(metrics.note_speech)
        self._limits = config.limits
        self._server = WyomingServer(engine, config.server, config.limits)
        self._user_voices: UserVoices | None = None
        if config.data_dir is not None:
            self._user_voices = UserVoices(engine, config.data_dir / VOICES)
        self._http: HttpServer | None = None
        self._is_http_required = config.http is not None and config.http.is_required
        if config.http is not None:
            self._http = HttpServer(
                engine,
                config,
                config.http,
                metrics=metrics,
                user_voices=self._user_voices,
                models=models,
            )
        self._announcement = _announcement(config)
        self._stop_request = _StopRequest()

    async def serve(self) -> CosyVoiceError | None:
        """Serve; return the error that ended it, or None after a signal."""
        asyncio.get_running_loop().set_exception_handler(_AcceptLog())
        self._stop_request.listen()
        await self._engine.start()
        try:
            await self._server.start()
            if self._user_voices is not None:
                self._user_voices.start()
            await self._start_http()
            if self._announcement is not None and self._server.port is not None:
                hosts = hosts_of(self._server.sockets)
                await self._announcement.start(hosts, self._server.port)
        except ConfigError as error:
            return error
        self._log_address()
        return await self._wait_end()

    async def _start_http(self) -> None:
        """Start the HTTP server, if it is enabled.

        Raises: ConfigError if HTTP was requested and its address is not available.
        """
        if self._http is None:
            return
        try:
            await self._http.start()
        except ConfigError as error:
            self._http = None
            if self._is_http_required:
                raise
            _LOGGER.warning("The web page and the HTTP API are off: %s", error)
            return
        _LOGGER.info("The web page is at %s", self._http.url)
        if not self._http.is_local and not self._http.is_guarded:
            _LOGGER.warning(
                "Anyone who can reach the web page can use it; see --http-token"
            )

    def _log_address(self) -> None:
        families = families_of(self._server.sockets)
        uri = self._server.uri
        _LOGGER.info("Listening on %s%s", uri, f", {families}" if families else "")
        if not self._server.is_local:
            _LOGGER.warning(
                "Anyone who can reach this address can use it: Wyoming has no password"
            )

    async def _wait_end(self) -> CosyVoiceError | None:
        """Return the error of a lost engine, or None after a signal."""
        ready = asyncio.create_task(self._log_ready())
        lost = asyncio.create_task(self._engine.wait_lost())
        stopping = asyncio.create_task(self._stop_request.first.wait())
        over = asyncio.create_task(self._server.wait_over())
        await asyncio.wait((lost, stopping, over), return_when=asyncio.FIRST_COMPLETED)
        error_or_none = lost.result() if lost.done() else None
        for task in (ready, lost, stopping, over):
            task.cancel()
        return error_or_none

    async def _log_ready(self) -> None:
        await self._engine.wait_ready()
        _LOGGER.info("Ready to speak with %d voices", len(self._engine.voices))

    async def stop(self) -> None:
        """Stop everything in order."""
        self._server.close()
        if self._http is not None:
            self._http.close()
        _LOGGER.info("Stopping")
        finishing = asyncio.create_task(self._finish())
        hurried = asyncio.create_task(self._stop_request.second.wait())
        tasks = (finishing, hurried)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        wait_s = 0.0 if hurried.done() else self._limits.stop_s
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Cancelled answers report it while the worker finishes.
        await asyncio.gather(self._engine.stop(wait_s), self._server.drain(wait_s))
        await self._server.abort()
        _LOGGER.info("Stopped")

    async def _finish(self) -> None:
        """Withdraw the announcement and let answers finish, for ``drain_s``."""
        drain_s = self._limits.drain_s
        async with asyncio.timeout(drain_s):
            await asyncio.gather(
                self._withdraw(), self._server.drain(drain_s), self._finish_http()
            )

    async def _finish_http(self) -> None:
        """Let HTTP responses finish, then cancel the rest."""
        if self._user_voices is not None:
            await self._user_voices.stop()
        if self._http is not None:
            await self._http.stop()

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
