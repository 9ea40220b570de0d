"""The networks of further languages, in packs of their own.

A small model that learns one more language loses something of the others. So a pack may
have companions. Each is opened when its language is requested, or else spoken, for the
first time.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from wyoming_cosyvoice.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.pack.pack import Pack

Speaks = TypeVar("Speaks")


class Companions(Generic[Speaks]):
    """The companions of one pack, opened by ``open_pack``."""

    def __init__(self, pack: Pack, open_pack: Callable[[Pack], Speaks]) -> None:
        self._pack = pack
        self._open_pack = open_pack
        self._opened: dict[str, Speaks] = {}
        self._lock = threading.Lock()

    def speaking(self, language: str) -> Speaks | None:
        """Return who speaks a language; None if it is the pack itself.

        Raises: ModelError.
        """
        if language not in self._pack.manifest.companions:
            return None
        with self._lock:
            if language not in self._opened:
                found = self._pack.companion(language)
                self._opened[language] = self._open_pack(found)
            return self._opened[language]

    def prepare(self, language: str) -> None:
        """Open the companion of a language in the background, if it has one.

        What is wrong with it is raised when it is to speak.
        """
        is_needed = language in self._pack.manifest.companions
        if is_needed and language not in self._opened:
            threading.Thread(target=self._open_early, args=(language,)).start()

    def _open_early(self, language: str) -> None:
        with suppress(ModelError):
            self.speaking(language)
