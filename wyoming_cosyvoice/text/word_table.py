"""Find words of a table in a text and put others in their place.

A table may hold tens of thousands of words. One expression of them all would take
seconds to compile and try each word at each character; a look into a dictionary, for
each length that a word with this first letter has, does not depend on their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


class WordTable:
    """Words, each with its replacement.

    Words are found in any case; one that is written as in the text comes before others
    that differ in case, and a longer one before a shorter one. A word that begins or
    ends with a Latin letter or digit is not found inside of a longer run of them.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        self._exact = dict(words)
        self._folded: dict[str, str] = {}
        lengths: dict[str, set[int]] = {}
        for word, said in words.items():
            folded = _fold(word)
            if folded == word:
                self._folded[folded] = said
            else:
                self._folded.setdefault(folded, said)
            lengths.setdefault(folded[0], set()).add(len(word))
        self._lengths = {
            first: sorted(found, reverse=True) for first, found in lengths.items()
        }
        """Lengths of the words that begin with a folded letter, the longest first."""

    def __len__(self) -> int:
        return len(self._exact)

    def replace(self, text: str, outside: Callable[[str], str] = str) -> str:
        """Return ``text`` with its words replaced, the rest changed by ``outside``."""
        return "".join(self._pieces(text, outside)) if self._exact else outside(text)

    def _pieces(self, text: str, outside: Callable[[str], str]) -> Iterator[str]:
        folded = _fold(text)
        at = begin = 0
        while at < len(text):
            stop = self._end_of_word(folded, at)
            if stop is None:
                at += 1
                continue
            yield outside(text[begin:at])
            yield self._exact.get(text[at:stop]) or self._folded[folded[at:stop]]
            at = begin = stop
        yield outside(text[begin:])

    def _end_of_word(self, folded: str, at: int) -> int | None:
        """Return where the longest word ends that begins at a place, or None."""
        for length in self._lengths.get(folded[at], ()):
            stop = at + length
            if folded[at:stop] in self._folded and not (
                _goes_on(folded, at - 1, at) or _goes_on(folded, stop - 1, stop)
            ):
                return stop
        return None


def _fold(text: str) -> str:
    """Return ``text`` without differences in case, each letter still one letter."""
    folded = text.casefold()
    return folded if len(folded) == len(text) else "".join(map(_fold_letter, text))


def _fold_letter(letter: str) -> str:
    """Fold ſ to s, the sign of kelvin to k, İ to i; not ß, which would become two."""
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter.lower()[0]


def _goes_on(text: str, left: int, right: int) -> bool:
    """Whether two neighbouring places are both Latin letters or digits."""
    if left < 0 or right >= len(text):
        return False
    return _is_latin(text[left]) and _is_latin(text[right])


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()
