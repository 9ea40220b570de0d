"""Pronunciations by the user: a plain file of words and how they are to be said.

    # lines like this are comments
    Brightside: bright side
    调到: 条到
    重庆: chong2 qing4
    銀行: jyutping ngan4 hong4
    tomato: arpabet T AH0 M AA1 T OW2

Before the colon is the word, behind it how it is said: either other words, or Pinyin or
Jyutping with tone numbers, or phones in ARPAbet (``respelling``). A line that cannot be
used is left out and named; all others count (``lexicon_lines``). The file is read again
when it changes.
"""

from __future__ import annotations

import html
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice import files
from wyoming_cosyvoice.errors import ConfigError, UnusableFile
from wyoming_cosyvoice.text.lexicon_lines import Problem, parse
from wyoming_cosyvoice.text.word_table import WordTable

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from wyoming_cosyvoice.text.respelling import Respelling

_LOGGER = logging.getLogger(__name__)

MAX_BYTES = 1024 * 1024
"""Largest file: 20,000 lines of fifty bytes."""

_MOST_LOGGED = 10
_Stamp = tuple[int, int]
_UNREAD = (-1, -1)
_TIME_LIMIT_S = 2.0
"""For a look at the file before each sentence."""


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


def _log(name: str, problems: Sequence[Problem]) -> None:
    for problem in problems[:_MOST_LOGGED]:
        _LOGGER.warning("%s: %s", name, problem)
    if len(problems) > _MOST_LOGGED:
        _LOGGER.warning(
            "%s: %d more lines are left out", name, len(problems) - _MOST_LOGGED
        )
