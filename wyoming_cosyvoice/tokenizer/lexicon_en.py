"""The data files of English reading: a lexicon, names, and rules for unknown words.

``data/english.txt`` and ``data/letters.txt`` come from
``models/starter/lexica/english.py``, ``data/cmudict.txt``, which has mostly names,
from ``build_cmudict.py`` beside it; ``data/names.txt`` was written by hand.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

# Letters of context before and after; the last known context wins.
CONTEXTS = (
    *((0, 0), (0, 1), (1, 0), (1, 1), (1, 2)),
    *((2, 1), (2, 2), (1, 4), (3, 2), (3, 4)),
)
_EDGE = "_"
_DATA = Path(__file__).with_name("data")


def neighbours(word: str, place: int, left: int, right: int) -> str:
    """Name a letter of a word and its neighbours: ("cat", 1, 1, 1) is ``c[a]t``."""
    padded = _EDGE * left + word + _EDGE * right
    at = place + left
    return f"{padded[at - left : at]}[{word[place]}]{padded[at + 1 : at + 1 + right]}"


class Lexicon:
    """Looks up words and rules; files are opened on first use and never changed."""

    def __init__(self) -> None:
        self._words = SortedLines(_DATA / "english.txt")
        self._more = SortedLines(_DATA / "cmudict.txt")
        self._names = SortedLines(_DATA / "names.txt")

    def find(self, word: str) -> list[str]:
        """Return the readings of a word as spelled; empty if unknown.

        The first is the usual one; others have the part of speech in front, as in
        ``VERB=...``.
        """
        found = self._words.find(word)
        return [] if found is None else found.split("\t")

    def name(self, word: str) -> str | None:
        """Look up a name, brand or place in lower case; None if unknown."""
        return self._names.find(word)

    def begins_name(self, word: str) -> bool:
        """Whether a name of several words begins with this word in lower case."""
        return word in self._first_words

    def find_more(self, word: str) -> str | None:
        """Look up a lower-case word that ``find`` does not know; None if unknown."""
        return self._more.find(word)

    def letter(self, word: str, place: int) -> list[str]:
        """Return the phonemes of a letter, by the rule with the most context."""
        for left, right in reversed(CONTEXTS):
            rule = self._rules.get(neighbours(word, place, left, right))
            if rule is not None:
                return rule.split()
        return []

    @cached_property
    def _first_words(self) -> frozenset[str]:
        names = (word for word in self._names.words() if " " in word)
        return frozenset(name.partition(" ")[0] for name in names)

    @cached_property
    def _rules(self) -> dict[str, str]:
        lines = (_DATA / "letters.txt").read_text(encoding="utf-8").splitlines()
        pairs = (line.partition("\t") for line in lines if not line.startswith("#"))
        return {context: phonemes for context, _, phonemes in pairs}
