"""Limit the pauses of CosyVoice3.

Its language model may produce long runs of silence tokens. Only the first few of a run
are spoken; all are fed back (upstream llm/llm.py, CosyVoice3LM).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SILENT_TOKENS = frozenset({1, 2, 28, 29, 55, 248, 494, 2241, 2242, 2322, 2323})

Token = TypeVar("Token", int, int | None)

MAX_IN_A_ROW = 5
"""A fifth of a second."""


def limit_silences(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens that are spoken; None, a wait for text, passes."""
    in_a_row = 0
    for token in tokens:
        if token is None:
            yield token
            continue
        in_a_row = in_a_row + 1 if token in SILENT_TOKENS else 0
        if in_a_row <= MAX_IN_A_ROW:
            yield token
