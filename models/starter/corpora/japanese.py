"""Japanese units, and how these are spelled for Kokoro.

The product reads Japanese (``wyoming_cosyvoice/tokenizer/g2p_ja.py``), so that teacher
and student see the same. Consonants that English has are the same units. Kokoro writes
some of them in another way before some vowels, as its Japanese was written when it was
trained; high and low morae are not an input.
"""

from __future__ import annotations

from functools import cache

from models.starter.corpora.piece import PUNCTUATION, SILENCE, SPACE, Piece
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P
from wyoming_cosyvoice.tokenizer.japanese.sounds import (
    CONSONANTS,
    GEMINATE,
    HIGH,
    LOW,
    NASAL,
    PALATAL,
    VOWELS,
)

UNITS = (*CONSONANTS, *VOWELS)
# What precedes an i, or before a palatal mark, is written with its mark.
_MARKED = frozenset(("k", "ɡ", "b", "p", "m", "ɾ", "ɸ", "t", "d", "v"))
_CENTRAL = frozenset(("s", "z", "ʦ", "ɕ", "ʥ", "ʨ", "ç", "n", PALATAL))
_NASALS = {"m": "mpb", "ŋ": "kɡ", "ɲ": "ʨʥ", "n": "ntdɾz"}
_PHONES = {"ɾ": "T", "ʥ": "ʤ", NASAL: "ŋ", GEMINATE: SILENCE, PALATAL: "j"}


@cache
def _reader() -> MixedG2P:
    return MixedG2P()


def japanese_units(text: str) -> list[str]:
    """Read a Japanese sentence as units, without the marks of begin and end."""
    return _reader()(text, "ja")[1:-1]


def piece(units: list[str], number: int) -> Piece:
    """Spell a unit of Japanese, or a consonant before one, for the teacher."""
    unit = units[number]
    plain = unit.rstrip(HIGH + LOW)
    before = units[number - 1] if number else SPACE
    after = [*units, SPACE][number + 1][0]
    symbols = {GEMINATE: "ʔ", "w": "β"}.get(plain, plain)
    if unit in VOWELS and before[0] == plain:
        symbols = "ː"
    elif plain == "ɯ" and before in _CENTRAL:
        symbols = "ɨ"
    elif plain == "n" and after in ("i", PALATAL):
        symbols = "ɲ"
    elif plain == "z" and after in ("a", "e", "o"):
        symbols = "ʣ"
    elif plain in _MARKED and after == "i":
        symbols += PALATAL
    elif plain == NASAL:
        symbols = _nasal(after)
    return Piece(number, _PHONES.get(plain, plain), symbols)


def _nasal(after: str) -> str:
    """Return what the nasal mora sounds like before the next consonant."""
    for sound, followers in _NASALS.items():
        if after in followers:
            return sound
    return NASAL


def is_japanese(units: list[str], number: int) -> bool:
    """Whether a unit is of Japanese, by its height or that of the next vowel."""
    for unit in units[number:]:
        if unit[-1] in (HIGH, LOW) or unit in CONSONANTS:
            return True
        if unit in PUNCTUATION or unit == SPACE:
            return False
    return False
