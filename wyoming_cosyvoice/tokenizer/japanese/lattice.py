"""Cut a Japanese text into words: the cheapest path through all words that fit.

A path costs what its words cost and what their neighbourhoods cost (Kudo, Yamamoto and
Matsumoto, 2004). Words are those of the dictionary, runs of letters that it does not
know, and words that were read before (numbers).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from wyoming_cosyvoice.tokenizer.japanese.kana import katakana

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from wyoming_cosyvoice.tokenizer.japanese.dictionary import Dictionary

# Parts of speech by their numbers in the dictionary.
_BORDER, _SYMBOL, _NOUN, _NUMBER, _COUNTER = 0, 5, 1345, 1355, 1360
_FURTHEST = 24
"""Characters of the longest word that is looked for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text."""

    written: str
    said: str
    """In katakana, long vowels as ー; as written if it is of another script."""
    accent: int = 0
    """The mora after which the pitch falls; 0: it does not."""
    kind: int = _SYMBOL
    """Its part of speech, as ``phrases.kind`` explains it."""
    chain: str = ""
    """How its accent combines with the word before it."""


class _Unknown(NamedTuple):
    """How words that are in no dictionary are made up of one kind of letters."""

    letters: re.Pattern[str]
    is_always_tried: bool
    longest: int
    """Words of up to so many letters, besides the whole run."""
    takes_run: bool
    kind: int
    cost: int


# The cheapest entry of each category of the dictionary's own file of unknown words.
_UNKNOWN = (
    _Unknown(re.compile("[ァ-ヿ]+"), True, 0, True, _NOUN, 8360),
    _Unknown(re.compile("[ぁ-ゟ]+"), False, 2, True, _NOUN, 12341),
    _Unknown(re.compile(r"[^\W\d_ぁ-ヿ一-鿿]+(?:['-][A-Za-z]+)*"), True, 0, True, _NOUN, 11820),
    _Unknown(re.compile("[一-鿿々〆]+"), False, 2, False, _NOUN, 10654),
    _Unknown(re.compile(r"[\s\S]"), True, 1, False, _SYMBOL, 4190),
)  # fmt: skip


class _Node(NamedTuple):
    start: int
    """Characters, as all places here."""
    end: int
    left: int
    right: int
    cost: int
    number: int
    """The entry of the dictionary; -1 for a word that is not in it."""


def words(
    text: str, dictionary: Dictionary, read: Mapping[int, tuple[int, str]]
) -> list[Word]:
    """Return the words of a text that has no blanks.

    ``read`` are words that are known already: where each begins, to where it ends and
    how it is said.
    """
    path = _cheapest(text, dictionary, read)
    return [_word(text, node, dictionary, read) for node in path]


def _word(
    text: str,
    node: _Node,
    dictionary: Dictionary,
    read: Mapping[int, tuple[int, str]],
) -> Word:
    written = text[node.start : node.end]
    if node.start in read:
        return Word(written, read[node.start][1], kind=node.left)
    if node.number < 0:
        return Word(written, katakana(written), kind=node.left)
    number = node.number
    return Word(
        written,
        dictionary.said(number, written),
        dictionary.accent(number),
        node.left,
        dictionary.chain(number),
    )


def _cheapest(
    text: str, dictionary: Dictionary, read: Mapping[int, tuple[int, str]]
) -> list[_Node]:
    """Return the cheapest path; each node keeps the best way to it from the left."""
    data = text.encode()
    places = _byte_places(text)
    inside = {
        place for start, (end, _) in read.items() for place in range(start + 1, end)
    }
    begin = _Node(0, 0, _BORDER, _BORDER, 0, -1)
    ending: list[list[int]] = [[0], *([] for _ in text)]
    nodes, totals, previous = [begin], [0], [0]
    for start in range(len(text)):
        if start in inside or not ending[start]:
            continue
        found = _nodes_at(text, data, places, start, dictionary, read, inside)
        before = ending[start]
        costs, best = _join(
            np.array([totals[node] for node in before]),
            [nodes[node].right for node in before],
            [node.left for node in found],
            dictionary.matrix,
        )
        for node, cost, place in zip(found, costs, best, strict=True):
            ending[node.end].append(len(nodes))
            nodes.append(node)
            totals.append(int(cost) + node.cost)
            previous.append(before[place])
    last = ending[len(text)]
    _, best = _join(
        np.array([totals[node] for node in last]),
        [nodes[node].right for node in last],
        [_BORDER],
        dictionary.matrix,
    )
    path, place = [], last[best[0]]
    while place:
        path.append(nodes[place])
        place = previous[place]
    return path[::-1]


def _join(
    totals: NDArray[np.int64],
    kinds_before: list[int],
    kinds: list[int],
    matrix: NDArray[np.int16],
) -> tuple[list[int], list[int]]:
    """Return what the best way to each of the next words costs, and from which word."""
    # (next words, words before)
    costs = matrix[np.ix_(kinds, kinds_before)] + totals
    best = costs.argmin(axis=1)
    return costs[np.arange(len(kinds)), best].tolist(), best.tolist()


def _nodes_at(
    text: str,
    data: bytes,
    places: list[int],
    start: int,
    dictionary: Dictionary,
    read: Mapping[int, tuple[int, str]],
    inside: set[int],
) -> list[_Node]:
    """Return the words that may begin at a character."""
    if start in read:
        return [_Node(start, read[start][0], _NUMBER, _COUNTER, 0, -1)]
    # No word of the dictionary reaches into one that was read before.
    ends = takewhile(
        lambda end: end - 1 not in read and end - 1 not in inside,
        range(start + 1, min(len(text), start + _FURTHEST) + 1),
    )
    character_at = {places[end]: end for end in ends}
    found = [
        _Node(start, character_at[end], kind, kind, cost, number)
        for end, kind, cost, number in dictionary.at(
            data, places[start], list(character_at)
        )
    ]
    return found + _unknown_at(text, start, set(character_at.values()), bool(found))


def _unknown_at(text: str, start: int, ends: set[int], is_known: bool) -> list[_Node]:
    unknown = next(kind for kind in _UNKNOWN if kind.letters.match(text, start))
    if is_known and not unknown.is_always_tried:
        return []
    run = unknown.letters.match(text, start)
    last = run.end() if run else start + 1
    lengths = set(range(start + 1, min(last, start + unknown.longest) + 1))
    if unknown.takes_run:
        lengths.add(last)
    possible = sorted(lengths & ends) or [min(ends)]
    return [
        _Node(start, end, unknown.kind, unknown.kind, unknown.cost, -1)
        for end in possible
    ]


def _byte_places(text: str) -> list[int]:
    """Return where each character begins in UTF-8, and the end."""
    places = [0]
    for character in text:
        places.append(places[-1] + len(character.encode()))
    return places
