"""Switch the server to another model while it runs.

If the other model cannot be loaded, the current one stays in use.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import CancelledError
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.errors import Conflict, CosyVoiceError, ModelError
from wyoming_cosyvoice.library.installed import save_choice, starter_instead_of
from wyoming_cosyvoice.library.opening import open_synthesizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)


class Switcher:
    """The folder of the model in use, and its engine."""

    def __init__(self, config: Config, folder: Path) -> None:
        self._config = config
        self._engine: Engine | None = None
        self._turn = threading.Lock()
        self._is_closed = False
        self.folder = folder
        """Folder of the model in use."""
        self.loading: Path | None = None
        """Folder of the model being loaded."""
        self.refusals: dict[Path, str] = {}
        """Errors of models that could not be loaded."""

    def new_engine(
        self, voices: tuple[Voice, ...], on_ended: Callable[[Speech], None]
    ) -> Engine:
        """Return the engine, which starts with the available model."""
        self._engine = Engine(
            self._load_first,
            voices,
            limits=self._config.limits,
            defaults=self._config.speech,
            sound=self._config.sound,
            on_ended=on_ended,
        )
        return self._engine

    def _load_first(self) -> PackSynthesizer:
        """Load the first model, or the starter if it fails and was not required."""
        try:
            return _load(self.folder, self._config)
        except ModelError as error:
            starter = starter_instead_of(error)
            if self._config.model.is_required or self.folder == starter:
                raise
            self.refusals[self.folder] = str(error)
            _LOGGER.error(  # noqa: TRY400 - whose fault it is, is known
                "%s cannot be used: %s The starter is used instead.",
                *(self.folder.name, error),
            )
            self.folder = starter
            return _load(self.folder, self._config)

    def begin(self, folder: Path) -> None:
        """Start to load a model and switch to it; returns at once.

        Raises: Conflict while another is being loaded.
        """
        if self.loading is not None:
            raise Conflict(f"{self.loading.name} is being loaded.", remedy="Wait.")
        self.loading = folder
        threading.Thread(
            target=self.use, args=(folder,), name="switch", daemon=True
        ).start()

    def use(self, folder: Path) -> bool:
        """Switch to a model; return whether that succeeded.

        Call it from any thread except the event loop: it waits until the model is
        loaded.
        """
        with self._turn:
            if self._engine is None or self._is_closed:
                return False
            self.loading = folder
            self.refusals.pop(folder, None)
            try:
                self._engine.switch_from_thread(partial(_load, folder, self._config))
            except CancelledError:
                return False  # the program ends
            except CosyVoiceError as error:
                self.refusals[folder] = str(error)
                _LOGGER.warning("%s is not used: %s", folder.name, error)
                return False
            finally:
                self.loading = None
            self.folder = folder
        _LOGGER.info("Switched to the model %s", folder.name)
        try:
            save_choice(self._config.data_folder, folder)
        except OSError as error:
            _LOGGER.warning("The next start will not use %s: %s", folder.name, error)
        return True

    def close(self) -> None:
        """Refuse further switches."""
        self._is_closed = True


def _load(folder: Path, config: Config) -> PackSynthesizer:
    synthesizer = open_synthesizer(folder, config)
    synthesizer.warm_up(config.speech.language)
    return synthesizer
