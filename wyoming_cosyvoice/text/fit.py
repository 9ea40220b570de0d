"""Cut a spoken sentence so that no piece has more tokens than the model takes."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

# Where to cut, the better places first: behind marks, at blanks, anywhere.
_CLAUSE = pattern(r"[^,，、;；:：.。!！?？…]*[,，、;；:：.。!！?？…]*\s*")
_WORD = pattern(r"\s*\S+\s*")
_CHARACTER = pattern(r".\W?", re.DOTALL)
_PLACES = (_CLAUSE, _WORD)


def fit(text: str, count_tokens: Callable[[str], int], max_tokens: int) -> list[str]:
    """Return ``text`` in pieces of at most ``max_tokens``; joined, they are ``text``.

    A single character is never cut, however many tokens it has.
    """
    return _fit(text, count_tokens, max_tokens, count_tokens(text), 0)


def _fit(
    text: str,
    count_tokens: Callable[[str], int],
    max_tokens: int,
    total: int,
    level: int,
) -> list[str]:
    """Cut ``text`` of ``total`` tokens at places of ``level``, or at finer ones."""
    if total <= max_tokens:
        return [text]
    if level == len(_PLACES):
        return _cut_anywhere(text, count_tokens, max_tokens, total)
    found = list(filter(None, _PLACES[level].findall(text)))
    if len(found) == 1:
        return _fit(text, count_tokens, max_tokens, total, level + 1)
    # Pieces of like size: a single word left over would be read badly.
    goal = total / ceil(total / max_tokens)
    pieces: list[str] = []
    held, held_tokens = "", 0
    for part in found:
        tokens = count_tokens(part)
        if held and (held_tokens + tokens > max_tokens or held_tokens >= goal):
            pieces.append(held)
            held, held_tokens = "", 0
        if tokens > max_tokens:
            pieces += _fit(part, count_tokens, max_tokens, tokens, level + 1)
        else:
            held += part
            held_tokens += tokens
    return [*pieces, held] if held else pieces


def _cut_anywhere(
    text: str, count_tokens: Callable[[str], int], max_tokens: int, total: int
) -> list[str]:
    """Cut a text without blanks into pieces of like length, and shorter ones at need.

    Counting each character would cost the most where there is the most to read.
    """
    found = _CHARACTER.findall(text)
    if len(found) <= 1:
        return [text]
    pieces = min(len(found), ceil(total / max_tokens))
    length = ceil(len(found) / pieces)
    cut = ["".join(found[at : at + length]) for at in range(0, len(found), length)]
    return [
        part
        for piece in cut
        for part in _fit(
            piece, count_tokens, max_tokens, count_tokens(piece), len(_PLACES)
        )
    ]
