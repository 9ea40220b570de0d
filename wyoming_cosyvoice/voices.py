"""Voices as clients see them, and the choice of a voice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import VoiceNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

EMOTIONS = ("neutral", "happy", "sad", "angry")
"""All voices accept these; the result depends on the model."""

_SHOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice that a client can select."""

    id: str
    """Stable name in the protocols, such as ``zh-female``."""

    speaker: str
    """The model's name for it, such as 中文女; also accepted in requests."""

    name: str
    """Short English name."""

    description: str
    """English description, shown in lists, which are sorted by it."""

    languages: tuple[str, ...]
    """Language tags, base and regional, best first: ``("zh", "zh-CN")``."""

    def answers_to(self, name: str) -> bool:
        """Whether ``name`` means this voice: its id, speaker or name, in any case."""
        wanted = name.strip().casefold()
        return wanted in {
            self.id.casefold(),
            self.speaker.casefold(),
            self.name.casefold(),
        }

    def speaks(self, language: str) -> bool:
        """Whether the voice has this language tag, in any case and spelling."""
        return _tag(language) in map(_tag, self.languages)


def find_voice(voices: Sequence[Voice], name: str | None) -> Voice | None:
    """Return the voice that ``name`` means; an id wins over a speaker or a name."""
    if name is None or not name.strip():
        return None
    by_id = (voice for voice in voices if voice.id == name)
    by_any = (voice for voice in voices if voice.answers_to(name))
    return next(by_id, None) or next(by_any, None)


def choose_voice(
    voices: Sequence[Voice],
    language: str | None,
    preferred: Voice | None = None,
    *,
    missing: str | None = None,
) -> tuple[Voice, str | None]:
    """Choose the voice of a sentence in ``language`` that does not name one.

    That is the preferred voice if it speaks the language, else the first that does,
    else the preferred one. ``missing`` is the name of a requested voice that does
    not exist. The second value is a warning to log, or None.

    Raises: VoiceNotFound if there are no voices at all.
    """
    if not voices:
        raise VoiceNotFound("The model has no voices.")
    fallback = preferred or voices[0]
    by_language = _by_language(voices, language, fallback)
    voice = by_language or fallback
    if missing is not None and missing.strip():
        return voice, f"There is no voice {_short(missing)}; {voice.id} speaks instead."
    if language is not None and by_language is None:
        return voice, f"No voice speaks {_short(language)}; {voice.id} tries."
    return voice, None


def _by_language(
    voices: Sequence[Voice], language: str | None, preferred: Voice
) -> Voice | None:
    """Return a voice for a tag or else for its base language."""
    if language is None:
        return None
    candidates = (preferred, *voices)
    for tag in (language, base_language(language)):
        for voice in candidates:
            if voice.speaks(tag):
                return voice
    return None


def base_language(tag: str) -> str:
    """Return the language of a tag without script and region: ``zh`` of ``zh-TW``."""
    return _tag(tag).partition("-")[0]


def _tag(language: str) -> str:
    return language.strip().replace("_", "-").casefold()


def _short(name: str) -> str:
    """Quote and shorten text from a client for the log."""
    return repr(name[:_SHOWN_CHARS])
