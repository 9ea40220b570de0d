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
_PLACES = (_CLAUSE, _WORD, _CHARACTER)


def fit(text: str, count_tokens: Callable[[str], int], max_tokens: int) -> list[str]:
    """Return ``text`` in pieces of at most ``max_tokens``; joined, they are ``text``.

    A single character is never cut, however many tokens it has.
    """
    return _fit(text, count_tokens, max_tokens, 0)


def _fit(
    text: str, count_tokens: Callable[[str], int], max_tokens: int, level: int
) -> list[str]:
    total = count_tokens(text)
    if total <= max_tokens or level == len(_PLACES):
        return [text]
    # Pieces of like size: a single word left over would be read badly.
    goal = total / ceil(total / max_tokens)
    pieces: list[str] = []
    held, held_tokens = "", 0
    for part in filter(None, _PLACES[level].findall(text)):
        tokens = count_tokens(part)
        if held and (held_tokens + tokens > max_tokens or held_tokens >= goal):
            pieces.append(held)
            held, held_tokens = "", 0
        if tokens > max_tokens:
            pieces += _fit(part, count_tokens, max_tokens, level + 1)
        else:
            held += part
            held_tokens += tokens
    return [*pieces, held] if held else pieces
