"""Download the requested model, then switch the server to it.

    asked for by ``serve --model NAME``, not installed    another model is used until
    or not installed in the wanted precision              then: the starter, or that one
    asked for on the page                                 the model in use stays

A failed download is retried with increasing delays if it was asked for at the start,
when no one may be watching the page.
"""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import CosyVoiceError, DownloadError, RequestError
from wyoming_cosyvoice.fetch import ReleaseDownloads, choose_source
from wyoming_cosyvoice.library.listing import ModelList
from wyoming_cosyvoice.library.switcher import Switcher
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.engine.engine import Engine, Speech
    from wyoming_cosyvoice.fetch.sources import Source
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

RETRIES_S = (30.0, 120.0, 600.0, 3600.0)
"""Delays of the retries of a failed download; the last one repeats."""


class Provision:
    """The model in use, and the one that will replace it."""

    def __init__(
        self,
        config: Config,
        folder: Path,
        *,
        wanted: str | None = None,
        source: Source | None = None,
        retries_s: Sequence[float] = RETRIES_S,
    ) -> None:
        """Prepare; ``wanted`` is a release to download, ``folder`` the first model."""
        self._wanted = wanted
        self._retries_s = retries_s
        self._failures = 0
        self._timer: threading.Timer | None = None
        self._is_closed = False
        self._switcher = Switcher(config, folder)
        self._downloads = ReleaseDownloads(
            config.data_folder,
            ready=self._switcher.use,
            failed=self._try_again,
            source=source or choose_source(config.hub, os.environ),
            precision=Precision(config.model.precision)
            if config.model.precision
            else None,
        )
        self.models = ModelList(self._switcher, self._downloads, config.data_folder)
        """For the page."""

    def new_engine(
        self, voices: tuple[Voice, ...], on_ended: Callable[[Speech], None]
    ) -> Engine:
        """Return the engine, which starts with the available model."""
        engine = self._switcher.new_engine(voices, on_ended)
        self._fetch()
        return engine

    def close(self) -> None:
        """Stop downloads and retries."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._switcher.close()
        self._downloads.close()

    def _fetch(self) -> None:
        if self._wanted is None or self._is_closed:
            return
        try:
            self._downloads.start(self._wanted)
        except RequestError as error:  # already started from the page
            _LOGGER.debug("Not fetching %s: %s", self._wanted, error)

    def _try_again(self, name: str, error: CosyVoiceError) -> None:
        """Schedule a retry of the model requested at the start, if it may help."""
        if name != self._wanted or self._is_closed:
            return
        speaking = self._switcher.folder.name
        if not isinstance(error, DownloadError):
            _LOGGER.warning("The model %s remains in use.", speaking)
            return
        pause_s = self._retries_s[min(self._failures, len(self._retries_s) - 1)]
        self._failures += 1
        _LOGGER.warning(
            "The model %s remains in use; %s is tried again in %.0f s.",
            *(speaking, name, pause_s),
        )
        self._timer = threading.Timer(pause_s, self._fetch)
        self._timer.daemon = True
        self._timer.start()
