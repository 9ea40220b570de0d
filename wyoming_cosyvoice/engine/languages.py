"""The last language of each client and of the server.

Home Assistant sends a voice but no language, and a voice may speak five. "23.5°C" is
then read in the language of the previous sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.voices import base_language

if TYPE_CHECKING:
    from wyoming_cosyvoice.voices import Voice

_MAX_CLIENTS = 64


class LastLanguages:
    """The last language of recent clients, and of all clients together."""

    def __init__(self) -> None:
        self._by_client: dict[str, str] = {}
        self._of_house: str | None = None

    def note(self, client: str | None, language: str | None) -> None:
        """Record that a sentence in ``language`` was spoken for ``client``."""
        if language is None:
            return
        self._of_house = language
        if client is None:
            return
        self._by_client.pop(client, None)
        self._by_client[client] = language
        if len(self._by_client) > _MAX_CLIENTS:
            del self._by_client[next(iter(self._by_client))]

    def last(self, client: str | None, voice: Voice | None = None) -> str | None:
        """Return the last language of ``client``, or else of the server.

        Languages that ``voice`` does not speak are ignored; None speaks all.
        """
        language = self._by_client.get(client or "", self._of_house)
        if language is None or voice is None or not voice.languages:
            return language
        spoken = set(map(base_language, voice.languages))
        is_cantonese = any(tag.lower().startswith("zh-hk") for tag in voice.languages)
        speaks = language in spoken or (language == "yue" and is_cantonese)
        return language if speaks else None
