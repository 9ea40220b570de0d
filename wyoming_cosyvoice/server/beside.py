"""What runs beside Wyoming: the user's own voices and the HTTP server."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import VOICES
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.user_voices.sync import OwnVoices

if TYPE_CHECKING:
    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.server.http.context import Models

_LOGGER = logging.getLogger(__name__)


class Beside:
    """Both, started and stopped together; either may be absent."""

    def __init__(
        self, engine: Engine, config: Config, models: Models | None = None
    ) -> None:
        self._own_voices: OwnVoices | None = None
        if config.data_dir is not None:
            self._own_voices = OwnVoices(engine, config.data_dir / VOICES)
        self._server: HttpServer | None = None
        self._is_required = config.http is not None and config.http.is_required
        if config.http is not None:
            self._server = HttpServer(
                engine,
                config,
                config.http,
                own_voices=self._own_voices,
                models=models,
            )

    async def start(self) -> None:
        """Start both.

        Raises: ConfigError if HTTP was asked for and its address cannot be had.
        """
        if self._own_voices is not None:
            self._own_voices.start()
        if self._server is None:
            return
        try:
            await self._server.start()
        except ConfigError as error:
            self._server = None
            if self._is_required:
                raise
            _LOGGER.warning("There is no web page: %s", error)
            return
        _LOGGER.info("The web page is at %s", self._server.url)
        if not self._server.is_local and not self._server.is_guarded:
            _LOGGER.warning(
                "Everyone who can reach the web page can use it; see --http-token"
            )

    def close(self) -> None:
        """Stop accepting connections."""
        if self._server is not None:
            self._server.close()

    async def stop(self) -> None:
        """Let answers finish, then end what is left."""
        if self._own_voices is not None:
            await self._own_voices.stop()
        if self._server is not None:
            await self._server.stop()
