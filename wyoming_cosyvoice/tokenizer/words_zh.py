"""A run of Chinese characters -> its words.

Chinese is written without spaces, yet a speaker pauses and lengthens between words, so
the starter voice is told where they are. The words are those of the most likely way to
part the run, each word as likely as it is frequent (the unigram model of jieba, whose
dictionary it is; ``models/starter/lexica/mandarin.py``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

LONGEST = 8
"""Characters of the longest words of the dictionary."""

_DICTIONARY = SortedLines(Path(__file__).with_name("data") / "mandarin.txt")

VERBAL = "v"
"""Stands behind the cost of a word that says what is done or how something is."""

UNKNOWN = 1800
"""The cost of a character that the dictionary does not have."""


def split(run: str) -> list[str]:
    """Part a run of Chinese characters into words; nothing of it is lost."""
    costs = [0.0] * (len(run) + 1)  # of the best way from here to the end
    ends = [0] * len(run)  # where the first word of that way ends
    for begin in range(len(run) - 1, -1, -1):
        choices = [(cost + costs[end], end) for end, cost in _words_at(run, begin)]
        costs[begin], ends[begin] = min(choices)
    words, begin = [], 0
    while begin < len(run):
        words.append(run[begin : ends[begin]])
        begin = ends[begin]
    return words


def is_verbal(word: str) -> bool:
    """Whether a word of two or more characters says what is done or how it is."""
    known, cost = _look_up(word)
    return known == word and cost.endswith(VERBAL)


def _words_at(run: str, begin: int) -> list[tuple[int, int]]:
    """Return where the words that begin here end, and what each costs.

    A cost is -100 ln of how frequent a word is.
    """
    found = []
    for end in range(begin + 1, min(begin + LONGEST, len(run)) + 1):
        word = run[begin:end]
        known, cost = _look_up(word)
        if known == word:
            found.append((end, int(cost.rstrip(VERBAL))))
        elif end == begin + 1:
            found.append((end, UNKNOWN))
        if not known.startswith(word):  # nor does any longer one
            break
    return found


@lru_cache(maxsize=4096)  # a sentence is read several times, a home says little else
def _look_up(word: str) -> tuple[str, str]:
    return _DICTIONARY.first_from(word)
