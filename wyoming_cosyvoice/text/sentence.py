"""What the text front end gives to the rest of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass

BASIC = ("zh", "en", "ja", "yue", "ko")
"""The languages that every family speaks, by the names the models use."""

EUROPEAN = ("de", "es", "fr", "it", "ru")
"""The languages that only CosyVoice3 speaks beside them."""

LANGUAGES = (*BASIC, *EUROPEAN)
"""The languages that can be spoken."""

SPACED = frozenset(("en", "ko", *EUROPEAN))
"""Those that are written with blanks between words."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One piece of speech: a sentence, or a clause of a long one."""

    source: str
    """The sentence as it was written; parts of one long sentence share it."""

    spoken: str
    """The sentence as it is said: no digit, no symbol that cannot be said."""

    language: str
    """One of ``LANGUAGES``."""

    min_speech_s: float
    """The shortest time that saying it can take, at speed 1."""

    max_speech_s: float
    """The longest time that saying it can take, at speed 1."""

    pause_s: float = 0.0
    """The least silence after it; its punctuation may require more."""

    rate: float = 1.0
    """Prosody rate asked for by markup; 2.0 is twice as fast."""

    voice: str | None = None
    """Voice asked for by markup."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a text that the model cannot read."""

    text: str
    """The part, as it was written."""

    language: str
    """English name of its language or script, such as Japanese or Cyrillic."""
