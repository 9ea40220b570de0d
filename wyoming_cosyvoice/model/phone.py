"""The speech tokens of a phone, where speech tokens stand for phones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tokens = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Phone:
    """The speech tokens of one phone.

    Token ``first + left * pitches + pitch`` means that ``left`` more steps follow.
    """

    first: int
    steps: int
    pitches: int
    durations: tuple[int, ...] = ()
    """Tokens in a row per step, except the last, which may have any number; if empty,
    each step may have any number."""

    def tokens(self, least: int, most: int, lowest: int = 0) -> Tokens:
        """Return the tokens with ``least`` to ``most`` steps left, inclusive.

        Their class of pitch is at least ``lowest``, if the phone has as many.
        """
        return tokens_of(*self.spans(least, most, lowest))

    def spans(
        self, least: int, most: int, lowest: int = 0
    ) -> tuple[tuple[int, int], ...]:
        """Return the first and last (exclusive) of these tokens, run by run."""
        lowest = min(lowest, self.pitches - 1)
        begins = range(
            self.first + max(least, 0) * self.pitches,
            self.first + (most + 1) * self.pitches,
            self.pitches,
        )
        if not lowest:
            return ((begins.start, begins.stop),)
        return tuple((begin + lowest, begin + self.pitches) for begin in begins)

    def duration(self, left: int) -> int | None:
        """Return the tokens in a row of a step; None if any number is allowed."""
        return self.durations[left] if left < len(self.durations) else None

    def steps_left(self, token: int) -> int | None:
        """Return the steps left after a token; None if it belongs to another phone."""
        left = (token - self.first) // self.pitches
        return left if 0 <= left < self.steps else None


@cache
def tokens_of(*spans: tuple[int, int]) -> Tokens:
    """Return the tokens from the first to the second number (exclusive) of each span.

    There are few different ones, and each token of a sentence needs some.
    """
    tokens = np.concatenate([np.arange(*span) for span in spans])
    tokens.flags.writeable = False
    return tokens
