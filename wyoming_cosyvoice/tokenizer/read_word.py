"""A word of a spoken sentence and the units that it is read as."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadWord:
    """One word, mark or space, and where the sentence has it."""

    units: tuple[str, ...]
    start: int = 0
    """Index of its first character in the sentence."""

    end: int = 0
    """Index after its last character; ``start`` for what is not a word."""

    def shifted(self, by: int) -> ReadWord:
        """Return the same word of a sentence in which it stands further right."""
        return ReadWord(self.units, self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """The text tokens ``first`` to ``last`` (excluded) that say one word."""

    first: int
    last: int
    start: int
    """Index of the word's first character in the spoken sentence."""

    end: int
