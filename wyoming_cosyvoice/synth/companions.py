"""The networks of further languages, in packs of their own.

A small model that learns one more language gets worse at the others. So a pack may have
companions. Each is opened when its language is first requested or spoken.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from wyoming_cosyvoice.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.pack.pack import Pack

Opened = TypeVar("Opened")


class Companions(Generic[Opened]):
    """The companions of one pack, opened by ``open_pack``."""

    def __init__(self, pack: Pack, open_pack: Callable[[Pack], Opened]) -> None:
        self._pack = pack
        self._open_pack = open_pack
        self._opened: dict[str, Opened] = {}
        self._lock = threading.Lock()

    def speaking(self, language: str) -> Opened | None:
        """Return the companion that speaks a language; None if the pack itself does.

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

        Its errors are raised when it has to speak.
        """
        is_needed = language in self._pack.manifest.companions
        if is_needed and language not in self._opened:
            threading.Thread(target=self._open_early, args=(language,)).start()

    def _open_early(self, language: str) -> None:
        with suppress(ModelError):
            self.speaking(language)
