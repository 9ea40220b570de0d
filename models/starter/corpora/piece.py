"""What a teacher is given of a unit."""

from __future__ import annotations

from dataclasses import dataclass

SILENCE = "sil"
SPACE = " "
PUNCTUATION = ",.!?;:"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some symbols for the teacher, and the phone of the unit that they are."""

    unit: int
    phone: str
    symbols: str
