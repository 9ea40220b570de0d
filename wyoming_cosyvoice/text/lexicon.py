"""Pronunciations by the user: a plain file of words and how they are to be said.

    # lines like this are comments
    Brightside: bright side
    调到: 条到
    重庆: chong2 qing4
    銀行: jyutping ngan4 hong4
    tomato: arpabet T AH0 M AA1 T OW2

Before the colon stands the word, behind it how it is said: either other words, or
Pinyin or Jyutping with tone numbers, or phones in ARPAbet. Most models read characters,
not syllables, so each syllable becomes a character that has this reading and no other;
for those that read phones, Pinyin and ARPAbet become phones. A line that cannot be used
is left out and named; all others count. The file is read again when it changes.
"""

from __future__ import annotations

import functools
import html
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice import files
from wyoming_cosyvoice.errors import ConfigError, UnusableFile
from wyoming_cosyvoice.text import phones
from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.word_table import WordTable

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

_LOGGER = logging.getLogger(__name__)

_LONGEST_WORD = 100
_MOST_LINES = 20_000
MAX_BYTES = 1024 * 1024
"""Largest file: 20,000 lines of fifty bytes."""

_MOST_LOGGED = 10
_Stamp = tuple[int, int]
_UNREAD = (-1, -1)
_TIME_LIMIT_S = 2.0
"""For a look at the file before each sentence."""

_SHOWN_CHARS = 40
_SYLLABLES = pattern(
    r"(?:(pinyin|jyutping)\s+)?((?:[a-zü:]{1,8}[1-6]\s*)+)", re.IGNORECASE
)
_SYLLABLE = pattern(r"[a-zü:]{1,8}[1-6]")
_ARPABET = pattern(r"arpabet\s+(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Respelling:
    """What stands for a word; empty where it is said as it is written."""

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


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of a lexicon that is left out, and why."""

    line: int
    """Counted from 1; 0 is the file as a whole."""

    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"Line {self.line}: " if self.line else ""
        return f"{place}{self.message} {self.remedy}".rstrip()


class Lexicon:
    """Words that are said in another way than the model would read them.

    Without a path, or where there is no file, it has no words. Not safe to share
    between threads while the file changes.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = Path(path) if path is not None else None
        self._stamp: _Stamp | None = None
        self._words: tuple[tuple[str, Respelling], ...] = ()
        self._only_phones = 0
        self._in_words = self._in_phones = WordTable({})
        self.problems: tuple[Problem, ...] = ()
        """Lines that are left out."""
        self._files = files.TimeLimit("The folder of the lexicon", _TIME_LIMIT_S)
        self._reload_if_changed()

    @classmethod
    def from_text(cls, text: str) -> Lexicon:
        """Return a lexicon of the lines in ``text``, with its ``problems``."""
        lexicon = cls()
        words, lexicon.problems = parse(text)
        lexicon._use(words)
        return lexicon

    def __len__(self) -> int:
        return len(self._words)

    def apply(self, text: str, *, in_phones: bool = False) -> str:
        """Replace the words of the lexicon in ``text``, the longest first.

        Latin words match whole and in any case. With ``in_phones`` they become hidden
        marks where the lexicon has phones. A file that changed is read again; lines
        that cannot be used are logged.
        """
        self._reload_if_changed()
        if self._only_phones and not in_phones:
            _LOGGER.warning(
                "%d words of the lexicon are given in ARPAbet, which only CosyVoice3 "
                "reads; this model reads them as they are written.",
                self._only_phones,
            )
            self._only_phones = 0  # said once
        return (self._in_phones if in_phones else self._in_words).replace(text)

    def as_ssml(self, text: str) -> str:
        """Return SSML of ``text`` that is said as with these words, saved or not."""
        table = WordTable({word: said.markup(word) for word, said in self._words})
        return f"<speak>{table.replace(text, html.escape)}</speak>"

    def _use(self, words: Mapping[str, Respelling]) -> None:
        self._words = tuple(words.items())
        self._only_phones = sum(not each.words for each in words.values())
        self._in_words = WordTable(
            {word: each.words for word, each in words.items() if each.words}
        )
        self._in_phones = WordTable(
            {word: each.phones for word, each in words.items() if each.phones}
        )

    def _read_stamp(self) -> _Stamp | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

    def _reload_if_changed(self) -> None:
        if self._path is None:
            return
        try:
            stamp, found = self._files.run(self._look)
        except UnusableFile as error:
            # Whoever speaks does not wait for it; it is read when it is there again.
            stamp, found = _UNREAD, error
        if found is None:
            return
        self._stamp, before = stamp, self.problems
        if isinstance(found, ConfigError):
            # Half-saved, or in another encoding: what was read before still counts.
            self.problems = (Problem(0, found.message, found.remedy),)
        else:
            words, self.problems = parse(found)
            self._use(words)
        if self.problems != before:
            _log(self._path.name, self.problems)

    def _look(self) -> tuple[_Stamp | None, str | ConfigError | None]:
        """Return the stamp of the file and its text, or why not; None if unchanged."""
        stamp = self._read_stamp()
        if stamp == self._stamp or self._path is None:
            return stamp, None
        try:
            return stamp, read_file(self._path)
        except ConfigError as error:
            return stamp, error


def read_file(path: Path) -> str:
    """Return the text of a lexicon file; empty if there is none.

    Raises: ConfigError if it is not a regular file in its own folder, is larger than
    ``MAX_BYTES`` or is not UTF-8.
    """
    try:
        content = files.read_file(path, max_bytes=MAX_BYTES, within=path.parent)
    except FileNotFoundError:
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path.name} is not UTF-8 text (byte {error.start}).",
            remedy="Save it as UTF-8 text.",
        ) from error


def parse(text: str) -> tuple[dict[str, Respelling], tuple[Problem, ...]]:
    """Return the words of a lexicon, each with what stands for it.

    Lines that cannot be used are left out and returned as problems.
    """
    words: dict[str, Respelling] = {}
    problems: list[Problem] = []
    lines = text.splitlines()
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        try:
            word, said = _entry(line)
            if word in words:
                raise ConfigError(  # noqa: TRY301 - as the other reasons
                    f"{word!r} is in the file twice; the first one counts.",
                    remedy="Remove one.",
                )
        except ConfigError as error:
            problems.append(Problem(number, error.message, error.remedy))
        else:
            words[word] = said
    if len(lines) > _MOST_LINES:
        problems.append(
            Problem(
                _MOST_LINES + 1,
                f"Only the first {_MOST_LINES} of {len(lines)} lines are used.",
                "Keep only the words that are read wrong.",
            )
        )
    return words, tuple(problems)


def word_of(line: str) -> str:
    """Return what stands before the colon of a line; empty without one."""
    word, colon, _ = line.replace("：", ":").partition(":")
    return word.strip() if colon else ""


def _entry(line: str) -> tuple[str, Respelling]:
    """Return the word of a line and what stands for it.

    Raises: ConfigError.
    """
    word, colon, said = (
        part.strip() for part in line.replace("：", ":").partition(":")
    )
    if not colon or not word or not said:
        raise ConfigError(
            f"{line.strip()[:_SHOWN_CHARS]!r} is not a word, a colon and how the word "
            "is said.",
            remedy="Write it like this: PyTorch: pie torch",
        )
    if len(word) > _LONGEST_WORD or len(said) > 4 * _LONGEST_WORD:
        raise ConfigError(
            f"{word[:_SHOWN_CHARS]!r} or how it is said is too long: at most "
            f"{_LONGEST_WORD} and {4 * _LONGEST_WORD} characters."
        )
    return word, _respelling(said)


def _respelling(said: str) -> Respelling:
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


def _log(name: str, problems: Sequence[Problem]) -> None:
    for problem in problems[:_MOST_LOGGED]:
        _LOGGER.warning("%s: %s", name, problem)
    if len(problems) > _MOST_LOGGED:
        _LOGGER.warning(
            "%s: %d more lines are left out", name, len(problems) - _MOST_LOGGED
        )


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
    """Return what stands for the reading of an SSML phoneme, or None.

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
