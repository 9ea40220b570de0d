"""The input of a teacher for one unit."""

from __future__ import annotations

from dataclasses import dataclass

SILENCE = "sil"
SPACE = " "
PUNCTUATION = ",.!?;:"


@dataclass(frozen=True, slots=True)
class Piece:
    """Symbols for the teacher, and the phone of the unit that they spell."""

    unit: int
    phone: str
    symbols: str
