"""A word of a spoken sentence and its units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadWord:
    """One word, mark or space, and its position in the sentence."""

    units: tuple[str, ...]
    start: int = 0
    """Index of its first character in the sentence."""

    end: int = 0
    """Index after its last character; ``start`` for what is not a word."""

    def shifted(self, by: int) -> ReadWord:
        """Return the word with its position shifted to the right."""
        return ReadWord(self.units, self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """The text tokens ``first`` to ``last`` (exclusive) of one word."""

    first: int
    last: int
    start: int
    """Index of the word's first character in the spoken sentence."""

    end: int
