"""Models that arrive while the server runs take the place of the one that speaks.

    asked for by ``serve --model NAME``, not there yet    the starter speaks meanwhile
    asked for on the page                                 whatever speaks, goes on

A download that fails is tried again, later and later, if it was asked for at the start;
nobody may be looking at the page then. A model that cannot be loaded changes nothing.
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.speaking import open_synthesizer
from wyoming_cosyvoice.convert.quantize import Precision
from wyoming_cosyvoice.engine import Engine
from wyoming_cosyvoice.errors import CosyVoiceError, DownloadError, RequestError
from wyoming_cosyvoice.fetch import ReleaseDownloads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.cli.settings import Settings
    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.fetch.sources import Source
    from wyoming_cosyvoice.synth import Synthesizer
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

RETRIES_S = (30.0, 120.0, 600.0, 3600.0)
"""Seconds until a failed download is tried again; the last of them from then on."""


class Arrival:
    """The model that speaks, and the one that shall."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        *,
        wanted: str | None = None,
        source: Source | None = None,
        retries_s: Sequence[float] = RETRIES_S,
    ) -> None:
        """Prepare; ``wanted`` is a release to fetch, ``folder`` speaks meanwhile."""
        self._settings = settings
        self._folder = folder
        self._wanted = wanted
        self._retries_s = retries_s
        self._failures = 0
        self._timer: threading.Timer | None = None
        self._is_closed = False
        self._engine: Engine | None = None
        self.downloads = ReleaseDownloads(
            settings.data_dir,
            in_use=lambda: self._folder,
            ready=self._use,
            failed=self._try_again,
            source=source,
            precision=Precision(settings.precision) if settings.precision else None,
        )

    def new_engine(self, config: Config, voices: tuple[Voice, ...]) -> Engine:
        """Return the engine that begins with the model that is there."""
        self._engine = Engine(
            partial(_load, self._folder, self._settings),
            voices,
            limits=config.limits,
            defaults=config.speech,
            sound=config.sound,
        )
        self._fetch()
        return self._engine

    def close(self) -> None:
        """Fetch no more."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()
        self.downloads.close()

    def _fetch(self) -> None:
        if self._wanted is None or self._is_closed:
            return
        try:
            self.downloads.start(self._wanted)
        except RequestError as error:  # the page was faster
            _LOGGER.debug("Not fetching %s: %s", self._wanted, error)

    def _use(self, folder: Path) -> None:
        """Let a model speak from now on."""
        if self._engine is None or self._is_closed:
            return
        try:
            self._engine.switch_from_thread(partial(_load, folder, self._settings))
        except CosyVoiceError as error:
            _LOGGER.warning("%s is not used: %s", folder.name, error)
            return
        self._folder = folder
        _LOGGER.info("Speaking with %s from now on", folder.name)

    def _try_again(self, name: str, error: CosyVoiceError) -> None:
        """Wait, and fetch again what ``serve`` was asked for, if that may help."""
        if name != self._wanted or self._is_closed:
            return
        if not isinstance(error, DownloadError):
            _LOGGER.warning("The starter voice goes on speaking.")
            return
        pause_s = self._retries_s[min(self._failures, len(self._retries_s) - 1)]
        self._failures += 1
        _LOGGER.warning(
            "The starter voice goes on speaking; %s is tried again in %.0f s.",
            name,
            pause_s,
        )
        self._timer = threading.Timer(pause_s, self._fetch)
        self._timer.daemon = True
        self._timer.start()


def _load(folder: Path, settings: Settings) -> Synthesizer:
    synthesizer = open_synthesizer(folder, settings)
    synthesizer.warm_up()
    return synthesizer
