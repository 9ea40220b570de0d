"""Word segmentation of Chinese.

Chinese is written without spaces, but speech has pauses and lengthening between words,
so the starter voice gets word boundaries. The segmentation is the most likely one by
word frequency (the unigram model of jieba, whose dictionary it is;
``models/starter/lexica/mandarin.py``).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

LONGEST = 8
"""Length of the longest words in the dictionary."""

_DICTIONARY = SortedLines(Path(__file__).with_name("data") / "mandarin.txt")

VERBAL = "v"
"""Marks verbs and adjectives, after the cost of a word."""

UNKNOWN = 1800
"""Cost of a character that is not in the dictionary."""


def split(run: str) -> list[str]:
    """Split a run of Chinese characters into words, without loss."""
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
    """Whether a word of two or more characters is a verb or an adjective."""
    known, cost = _look_up(word)
    return known == word and cost.endswith(VERBAL)


def _words_at(run: str, begin: int) -> list[tuple[int, int]]:
    """Return the ends of the words that start here, with their costs.

    A cost is -100 ln of the frequency of the word.
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


@lru_cache(maxsize=4096)  # sentences are read several times and repeat often at home
def _look_up(word: str) -> tuple[str, str]:
    return _DICTIONARY.first_from(word)
