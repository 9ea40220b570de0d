"""Pronunciations by the user: a plain file of words and how they are to be said.

    # lines like this are comments
    Brightside: bright side
    调到: 条到
    重庆: chong2 qing4
    銀行: jyutping ngan4 hong4

Before the colon stands the word, behind it how it is said: either other words, or
Pinyin or Jyutping with tone numbers. The model reads characters, not syllables, so each
syllable becomes a character that has this reading and no other; where there is none,
the line is refused. The file is read again when it changes.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    import os

_LOGGER = logging.getLogger(__name__)

_LONGEST_WORD = 100
_MOST_LINES = 20_000
_SYLLABLES = pattern(
    r"(?:(pinyin|jyutping)\s+)?((?:[a-zü:]{1,8}[1-6]\s*)+)", re.IGNORECASE
)
_SYLLABLE = pattern(r"[a-zü:]{1,8}[1-6]")
_LATIN_EDGE = pattern(r"[A-Za-z0-9]")


class Lexicon:
    """Words that are said in another way than the model would read them.

    Without a path, or where there is no file, it has no words. Not safe to share
    between threads while the file changes.

    Raises: ConfigError, naming the line, if the file cannot be understood.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = Path(path) if path is not None else None
        self._stamp: tuple[int, int] | None = None
        self._words: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._stamp = self._read_stamp()
        self._load()

    @classmethod
    def from_text(cls, text: str) -> Lexicon:
        """Return a lexicon of the lines in ``text``.

        Raises: ConfigError, naming the line.
        """
        lexicon = cls()
        lexicon._use(parse(text, "lexicon"))
        return lexicon

    def __len__(self) -> int:
        return len(self._words)

    def apply(self, text: str) -> str:
        """Replace the words of the lexicon in ``text``, the longest first.

        Latin words match whole and in any case. A file that changed is read again; if
        it has become wrong, that is logged and the words stay as they were.
        """
        self._reload_if_changed()
        if self._pattern is None:
            return text
        return self._pattern.sub(self._respell, text)

    def _respell(self, match: re.Match[str]) -> str:
        word = match.group()
        return self._words.get(word) or self._words[word.lower()]

    def _read_stamp(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _reload_if_changed(self) -> None:
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._load()
        except ConfigError as error:
            _LOGGER.warning("Keeping the words of the lexicon as they were: %s", error)

    def _load(self) -> None:
        if self._path is None or self._stamp is None:
            self._use({})
            return
        try:
            text = self._path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{self._path.name} cannot be read: {error}.",
                remedy="Save it as UTF-8 text.",
            ) from error
        self._use(parse(text, self._path.name))

    def _use(self, words: dict[str, str]) -> None:
        # A Latin word is found in any case, so it is also kept in lower case.
        self._words = words | {
            word.lower(): said
            for word, said in words.items()
            if word.lower() not in words
        }
        patterns = [_pattern_of(word) for word in sorted(words, key=len, reverse=True)]
        self._pattern = pattern("|".join(patterns), re.IGNORECASE) if words else None


def _pattern_of(word: str) -> str:
    """Match a word; Latin letters and digits at its ends must not go on."""
    left = r"(?<![A-Za-z0-9])" if _LATIN_EDGE.match(word[0]) else ""
    right = r"(?![A-Za-z0-9])" if _LATIN_EDGE.match(word[-1]) else ""
    return left + re.escape(word) + right


def parse(text: str, name: str) -> dict[str, str]:
    """Return the words of a lexicon file, each with how it is written to be said.

    Raises: ConfigError, naming ``name`` and the line.
    """
    words: dict[str, str] = {}
    lines = text.splitlines()
    if len(lines) > _MOST_LINES:
        raise ConfigError(
            f"{name} has {len(lines)} lines, more than {_MOST_LINES}.",
            remedy="Keep only the words that are read wrong.",
        )
    for number, line in enumerate(lines, 1):
        line = line.strip()  # noqa: PLW2901 - the line without its blanks is the line
        if not line or line.startswith("#"):
            continue
        place = f"{name}, line {number}"
        word, colon, said = (
            part.strip() for part in line.replace("：", ":").partition(":")
        )
        if not colon or not word or not said:
            raise ConfigError(
                f"{place}: {line[:40]!r} is not a word, a colon and how it is said.",
                remedy="Write it like this: PyTorch: pie torch",
            )
        if len(word) > _LONGEST_WORD or len(said) > 4 * _LONGEST_WORD:
            raise ConfigError(
                f"{place}: the word is longer than {_LONGEST_WORD} characters."
            )
        if word in words:
            raise ConfigError(
                f"{place}: {word!r} stands in the file twice.", remedy="Remove one."
            )
        words[word] = _respelling(said, place)
    return words


def _respelling(said: str, place: str) -> str:
    match = _SYLLABLES.fullmatch(said)
    if match is None:
        return said
    alphabet = (match[1] or "pinyin").lower()
    characters = []
    for syllable in _SYLLABLE.findall(match[2].lower()):
        character = homophone(syllable, alphabet)
        if character is None:
            raise ConfigError(
                f"{place}: no common character has only the {alphabet} reading"
                f" {syllable!r}.",
                remedy="Write a word that sounds like it instead.",
            )
        characters.append(character)
    return "".join(characters)


def homophone(syllable: str, alphabet: str) -> str | None:
    """Return a character that is only read as ``syllable``; None if there is none."""
    # The tables are only needed by those who use them.
    from wyoming_cosyvoice.text import homophones  # noqa: PLC0415

    table = homophones.JYUTPING if alphabet == "jyutping" else homophones.PINYIN
    syllable = syllable.lower()
    if alphabet != "jyutping":
        syllable = syllable.replace("u:", "v").replace("ü", "v")
    start = f" {table}".find(f" {syllable} ")
    return table[start + len(syllable) + 1] if start >= 0 else None


def resolve(reading: str, alphabet: str) -> str | None:
    """Return characters for the reading of an SSML phoneme, or None.

    ``alphabet`` is ``pinyin`` or ``jyutping``, with or without ``x-`` before it.
    """
    alphabet = alphabet.lower().removeprefix("x-")
    syllables = _SYLLABLE.findall(reading.lower())
    if alphabet not in ("pinyin", "jyutping") or not syllables:
        return None
    found = [homophone(syllable, alphabet) for syllable in syllables]
    return "".join(char or "" for char in found) if all(found) else None
