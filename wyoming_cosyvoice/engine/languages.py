"""In which language a client, and the house, was spoken to last.

Home Assistant names a voice and no language, and a voice may speak five. "23.5°C" can
be read in any of them: in that of the sentences before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.voices import base_language

if TYPE_CHECKING:
    from wyoming_cosyvoice.voices import Voice

_MOST_CLIENTS = 64


class LastLanguages:
    """Remembers a language for each of the last clients, and for all of them."""

    def __init__(self) -> None:
        self._by_client: dict[str, str] = {}
        self._of_house: str | None = None

    def note(self, client: str | None, language: str | None) -> None:
        """Note that a sentence in ``language`` was spoken for ``client``."""
        if language is None:
            return
        self._of_house = language
        if client is None:
            return
        self._by_client.pop(client, None)
        self._by_client[client] = language
        if len(self._by_client) > _MOST_CLIENTS:
            del self._by_client[next(iter(self._by_client))]

    def last(self, client: str | None, voice: Voice | None = None) -> str | None:
        """Return what ``client``, or else the house, heard last in this voice's reach.

        A language that ``voice`` does not speak does not count; None speaks all.
        """
        language = self._by_client.get(client or "", self._of_house)
        if language is None or voice is None or not voice.languages:
            return language
        spoken = set(map(base_language, voice.languages))
        is_cantonese = any(tag.lower().startswith("zh-hk") for tag in voice.languages)
        speaks = language in spoken or (language == "yue" and is_cantonese)
        return language if speaks else None
