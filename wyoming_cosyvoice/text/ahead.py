"""How much of an unfinished sentence can be read without knowing the rest of it.

    Please remind me to call Anna at 5 o'clock and
    |---- settled ----|   |------- held --------|

A number, a sign or an abbreviation is read by the words on both sides of it, so a text
is cut only between plain words, at a distance from everything else. Plain words are
read as they are written. As a further check, the words behind the cut that are already
known must not change the reading of those before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import HAN, KANA
from wyoming_cosyvoice.text.sentence import SPACED

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.text.reading import Reading
    from wyoming_cosyvoice.text.sentence import Sentence

_UNIT = pattern(rf"(?P<character>[{HAN}{KANA}，、])|[^\s{HAN}{KANA}，、]+")
_WORD = pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*,?")
_NOT_LETTERS = pattern(r"['’,]")
# A character of Chinese or Japanese weighs one, a word of another language two. In the
# 3,905 sentences of tests/unit/text, most of them full of numbers, these distances
# changed no reading.
_CHARACTER, _PLAIN_WORD = 1, 2
_KEPT_BEHIND = 4
"""Weight of the plain words that have to follow the cut."""
_KEPT_BEFORE = 6
"""Weight of the plain words between the last number or sign and the cut."""
_MARKS = " ,，、"


def settled_chars(text: str) -> int:
    """Return how many characters of an unfinished sentence are settled."""
    places: list[tuple[int, int, int]] = []
    before = _KEPT_BEFORE
    for found in _UNIT.finditer(text):
        is_character = found.lastgroup is not None
        if found.end() == len(text) and not is_character:
            break  # the word may go on
        weight = _CHARACTER
        if not is_character:
            weight = _PLAIN_WORD if _is_plain(found.group()) else 0
        before = before + weight if weight else 0
        places.append((found.end(), weight, before))
    behind = 0
    for end, weight, before in reversed(places):
        if behind >= _KEPT_BEHIND and before >= _KEPT_BEFORE:
            return end
        behind = behind + weight if weight else 0
    return 0


def _is_plain(word: str) -> bool:
    # Subscripts and fractions count as letters of a pattern.
    letters = _NOT_LETTERS.sub("", word)
    return letters.isalpha() and _WORD.fullmatch(word) is not None


def settled_reading(
    text: str, settled: int, read: Callable[[str], Reading]
) -> Reading | None:
    """Return the reading of the first ``settled`` characters, without its last mark.

    None if the rest of the text so far changes it.
    """
    beginning, whole = read(text[:settled]), read(text)
    spoken = beginning.spoken.rstrip(_MARKS)
    if beginning.skipped or beginning.language != whole.language:
        return None
    if not spoken or not continues(whole.spoken, spoken, beginning.language):
        return None
    return replace(beginning, spoken=spoken)


def continues(spoken: str, beginning: str, language: str) -> bool:
    """Whether ``spoken`` begins with the words of ``beginning``."""
    follower = spoken[len(beginning) : len(beginning) + 1]
    is_cut_word = language in SPACED and follower.isalnum()
    return spoken.startswith(beginning) and not is_cut_word


@dataclass(eq=False, slots=True)
class GrowingSentence:
    """A sentence that is spoken while its text arrives.

    Its reader extends it; ``spoken`` only grows, by whole words.
    """

    so_far: Sentence
    """The sentence as far as it is settled, at last the whole sentence."""

    settled: int
    """Characters of the written sentence that are settled."""

    longest_s: float
    """The longest time that saying it may take, at speed 1."""

    before: Sentence | None = None
    """A tiny sentence before it that it has joined."""

    is_complete: bool = False

    @property
    def language(self) -> str:
        """The language of the sentence."""
        return self.so_far.language

    @property
    def max_speech_s(self) -> float:
        """The longest time that saying it can take, at speed 1."""
        return self.so_far.max_speech_s if self.is_complete else self.longest_s

    @property
    def progress(self) -> tuple[int, bool]:
        """Changes whenever there is more of the sentence, or when it is complete."""
        return self.settled, self.is_complete

    def extend(self, sentence: Sentence, settled: int) -> bool:
        """Take a longer beginning; False if it does not continue the present one."""
        if not continues(sentence.spoken, self.so_far.spoken, self.language):
            return False
        self.so_far, self.settled = sentence, settled
        return True

    def complete(self, sentence: Sentence) -> None:
        """Take the whole sentence."""
        self.so_far, self.is_complete = sentence, True
