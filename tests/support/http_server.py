"""An HTTP server in the test's own event loop, and a client of it."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.support.fake import DEADLINE_S
from tests.support.harness import SEED
from wyoming_cosyvoice.config import Config, HttpConfig, Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.server.http.metrics import Metrics
from wyoming_cosyvoice.user_voices.sync import UserVoices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from wyoming_cosyvoice.server.http.context import Models
    from wyoming_cosyvoice.synth.interface import Synthesizer


class Serving:
    """A server that runs, and how to ask it."""

    def __init__(
        self, server: HttpServer, engine: Engine, own: UserVoices | None = None
    ) -> None:
        self.user_voices = own
        self.server = server
        self.engine = engine
        self.url = f"http://127.0.0.1:{server.port}"
        self.session = aiohttp.ClientSession(
            self.url, timeout=aiohttp.ClientTimeout(DEADLINE_S)
        )

    def slow_session(self) -> aiohttp.ClientSession:
        """Return a session in which what is not read is not taken either."""

        def small(address: Any) -> socket.socket:
            family, kind, protocol, *_ = address
            client = socket.socket(family, kind, protocol)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            return client

        return aiohttp.ClientSession(
            self.url,
            timeout=aiohttp.ClientTimeout(DEADLINE_S),
            connector=aiohttp.TCPConnector(socket_factory=small),
        )

    def tts(self, text: str = "Hello.", **fields: Any) -> Any:
        return self.session.post("/tts", json={"text": text, **fields})


@contextlib.asynccontextmanager
async def serving(
    synthesizer: Synthesizer,
    *,
    limits: Limits | None = None,
    models: Models | None = None,
    user_voices: Path | None = None,
    data_dir: Path | None = None,
    problems: tuple[str, ...] = (),
    **http: Any,
) -> AsyncIterator[Serving]:
    config = Config(limits=limits or Limits(), data_dir=data_dir, problems=problems)
    metrics = Metrics()
    engine = Engine(
        lambda: synthesizer,
        synthesizer.voices,
        limits=config.limits,
        defaults=SpeechConfig(seed=SEED),
        on_ended=metrics.note_speech,
    )
    await engine.start()
    await engine.wait_ready()
    own = None if user_voices is None else UserVoices(engine, user_voices)
    if own is not None:
        own.start()
    server = HttpServer(
        engine,
        config,
        HttpConfig(**{"port": 0, **http}),
        metrics=metrics,
        user_voices=own,
        models=models,
    )
    try:
        await server.start()
    except ConfigError:
        await engine.stop(wait_s=DEADLINE_S)
        raise
    running = Serving(server, engine, own)
    try:
        yield running
    finally:
        await running.session.close()
        if own is not None:
            await own.stop()
        await server.stop()
        await engine.stop(wait_s=DEADLINE_S)
    assert engine.open_speeches == 0
