"""How a user says that a word is pronounced: other words, syllables or phones.

Most models read characters, not syllables, so each syllable of Pinyin or Jyutping
becomes a character that has this reading and no other; for models that read phones,
Pinyin and ARPAbet become phones.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.text import phones
from wyoming_cosyvoice.text.patterns import pattern

_SHOWN_CHARS = 40

_SYLLABLES = pattern(
    r"(?:(pinyin|jyutping)\s+)?((?:[a-zü:]{1,8}[1-6]\s*)+)", re.IGNORECASE
)
_SYLLABLE = pattern(r"[a-zü:]{1,8}[1-6]")
_ARPABET = pattern(r"arpabet\s+(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Respelling:
    """The replacement of a word; empty where it is read as it is written."""

    words: str
    """For models that read text only."""

    phones: str
    """For models that read phones too."""

    reading: str
    """As the line has it, for people and SSML."""

    alphabet: str = ""
    """Of the reading: arpabet, pinyin or jyutping; empty for words."""

    def markup(self, word: str) -> str:
        """Return SSML by which every model says ``word`` as it does by this line."""
        said, word = html.escape(self.reading), html.escape(word)
        if not self.alphabet:
            return f'<sub alias="{said}">{word}</sub>'
        return f'<phoneme alphabet="{self.alphabet}" ph="{said}">{word}</phoneme>'


def respell(said: str) -> Respelling:
    """Return what a line of a lexicon has behind its colon.

    Raises: ConfigError.
    """
    if match := _ARPABET.fullmatch(said):
        marks = phones.of_arpabet(match[1])
        if marks is None:
            raise ConfigError(
                f"{match[1][:_SHOWN_CHARS]!r} is not a word in ARPAbet.",
                remedy="Write its phones like this: tomato: arpabet T AH0 M AA1 T OW2",
            )
        return Respelling("", marks, match[1], "arpabet")
    match = _SYLLABLES.fullmatch(said)
    if match is None:
        return Respelling(said, said, said)
    alphabet = (match[1] or "pinyin").lower()
    syllables = [_plain(each) for each in _SYLLABLE.findall(match[2].lower())]
    characters = [_homophones(alphabet).get(syllable) for syllable in syllables]
    words = "".join(each or "" for each in characters)
    if None in characters:
        missing = syllables[characters.index(None)]
        raise ConfigError(
            f"No common character has only the {alphabet} reading {missing!r}.",
            remedy="Write a word that sounds like it instead.",
        )
    marks = None
    if alphabet == "pinyin":
        marks = phones.of_pinyin(syllables, characters)
    return Respelling(words, marks or words, match[2], alphabet)


def _plain(syllable: str) -> str:
    """Write ü as v; Jyutping has none."""
    return syllable.replace("u:", "v").replace("ü", "v")


@functools.cache
def _homophones(alphabet: str) -> dict[str, str]:
    """Return a character for each syllable that has one."""
    # The tables are only needed by those who use them.
    from wyoming_cosyvoice.text import homophones  # noqa: PLC0415

    table = homophones.JYUTPING if alphabet == "jyutping" else homophones.PINYIN
    entries = table.split()
    return dict(zip(entries[::2], entries[1::2], strict=True))


def resolve(reading: str, alphabet: str, *, in_phones: bool = False) -> str | None:
    """Return the replacement for the reading of an SSML phoneme, or None.

    ``alphabet`` is ``pinyin`` or ``jyutping``, which become characters, with or without
    ``x-`` before it. With ``in_phones`` Pinyin becomes hidden marks of phones, and so
    does ``arpabet``.
    """
    alphabet = alphabet.lower().removeprefix("x-")
    if alphabet == "arpabet":
        return phones.of_arpabet(reading) if in_phones else None
    syllables = [_plain(each) for each in _SYLLABLE.findall(reading.lower())]
    if alphabet not in ("pinyin", "jyutping") or not syllables:
        return None
    characters = [_homophones(alphabet).get(syllable) for syllable in syllables]
    if in_phones and alphabet == "pinyin":
        return phones.of_pinyin(syllables, characters)
    return "".join(map(str, characters)) if all(characters) else None
