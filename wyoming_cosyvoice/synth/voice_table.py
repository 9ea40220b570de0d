"""The voices of a synthesizer with their speakers, and the choice for a sentence."""

from __future__ import annotations

import logging
from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.voices import choose_voice, find_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class VoiceSpeakers:
    """A voice and its speakers by emotion, of which there is at least one."""

    voice: Voice
    speakers: Mapping[str, Speaker]
    level_db: float | None = None
    """Level of its sentences, as in ``PackVoice``; None if it was not measured."""

    @property
    def neutral(self) -> Speaker:
        """The speaker for emotions without a recording."""
        return self.speakers.get(NEUTRAL) or next(iter(self.speakers.values()))


class VoiceTable:
    """The voices of a pack, and those added at run time."""

    def __init__(self, pack_voices: Iterable[VoiceSpeakers]) -> None:
        of_pack = {each.voice.id: each for each in pack_voices}
        self.listed = tuple(each.voice for each in of_pack.values())
        """The voices that clients are shown, and can name."""
        self._added: dict[str, VoiceSpeakers] = {}
        self._by_id = ChainMap(self._added, of_pack)

    def __getitem__(self, voice_id: str) -> VoiceSpeakers:
        return self._by_id[voice_id]

    def add(self, voice: VoiceSpeakers, *, is_listed: bool) -> None:
        """Add a voice, or replace it."""
        self.remove(voice.voice.id)
        self._added[voice.voice.id] = voice
        if is_listed:
            self.listed = (*self.listed, voice.voice)

    def remove(self, voice_id: str) -> None:
        """Remove a voice that was added, if there is one of this id."""
        if self._added.pop(voice_id, None) is not None:
            self.listed = tuple(v for v in self.listed if v.id != voice_id)

    def has_emotions(self, voice_id: str) -> bool:
        """Whether a voice has recordings of several emotions."""
        added = self._added.get(voice_id)
        return added is not None and len(added.speakers) > 1

    def choose(
        self,
        language: str | None,
        voice: Voice | None,
        preferred: Voice | None,
        *,
        markup: str | None = None,
    ) -> VoiceSpeakers:
        """Return who speaks: the one that ``markup`` names, ``voice``, or by language.

        ``preferred`` is the first choice among those who speak the language. A
        requested voice that does not exist, or no longer exists, is logged.
        """
        missing = markup or (None if voice is None else voice.id)
        if markup:
            voice = find_voice(self.listed, markup)
        if voice is not None and voice.id in self._by_id:
            return self._by_id[voice.id]
        if preferred is not None and preferred.id not in self._by_id:
            preferred = None
        chosen, warning = choose_voice(
            self.listed, language, preferred, missing=missing
        )
        if warning is not None:
            _LOGGER.warning("%s", warning)
        return self._by_id[chosen.id]
