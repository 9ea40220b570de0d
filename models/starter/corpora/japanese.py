"""Japanese as units, and how these are spelled for Kokoro.

Open JTalk reads: phones, and for each mora whether it is high or low. A unit is a
consonant, ``ʲ`` after one that is palatal, or a vowel with its height (``a↑``, ``a↓``);
a long vowel is two. Spaces stand between accent phrases.
Consonants that English has are the same units. Kokoro writes some of them in another
way before some vowels, as its Japanese was written when it was trained.
"""

from __future__ import annotations

import re

from models.starter.corpora.piece import PUNCTUATION, SILENCE, SPACE, Piece

HIGH, LOW = "↑", "↓"
GEMINATE, NASAL, PALATAL = "Q", "ɴ", "ʲ"
CONSONANTS = ("ɕ", "ʥ", "ʨ", "ʦ", "ɾ", "ç", "ɸ", PALATAL, NASAL, GEMINATE)
VOWELS = tuple(vowel + height for vowel in "aiɯeo" for height in (HIGH, LOW))
UNITS = (*CONSONANTS, *VOWELS)
# Open JTalk's phones; a y after another one is a palatal mark.
_CONSONANTS = {
    "sh": "ɕ", "j": "ʥ", "ch": "ʨ", "ts": "ʦ", "r": "ɾ", "g": "ɡ", "f": "ɸ", "y": "j",
    **{same: same for same in ("k", "s", "z", "t", "d", "n", "h", "b", "p", "m", "v")},
    "w": "w",
}  # fmt: skip
_ALONE = {"cl": GEMINATE, "N": NASAL}
_VOWELS = {"a": "a", "i": "i", "u": "ɯ", "e": "e", "o": "o"}
_PAUSES = {"、": ",", "。": ".", "？": "?", "！": "!"}
_LABEL = re.compile(r"-(?P<phone>\w+)\+.*/A:(?P<to>[^+]+)\+(?P<mora>\w+)\+.*/F:")
# What stands before an i, or before a palatal mark, is written with its mark.
_MARKED = frozenset(("k", "ɡ", "b", "p", "m", "ɾ", "ɸ", "t", "d", "v"))
_CENTRAL = frozenset(("s", "z", "ʦ", "ɕ", "ʥ", "ʨ", "ç", "n", PALATAL))
_NASALS = {"m": "mpb", "ŋ": "kɡ", "ɲ": "ʨʥ", "n": "ntdɾz"}
_PHONES = {"ɾ": "T", "ʥ": "ʤ", NASAL: "ŋ", GEMINATE: SILENCE, PALATAL: "j"}


def japanese_units(text: str) -> list[str]:
    """Read a Japanese sentence as units."""
    import pyopenjtalk  # noqa: PLC0415 - its dictionary takes 100 MB

    units: list[str] = []
    for part in re.findall("[^、。？！]+|[、。？！]", text):
        if part in _PAUSES:
            units.append(_PAUSES[part])
            continue
        features = pyopenjtalk.run_frontend(part, use_sudachi_kanji_yomi=False)
        units += from_labels(pyopenjtalk.make_label(features))
    return units


def from_labels(labels: list[str]) -> list[str]:
    """Turn full-context labels into units."""
    units: list[str] = []
    last_mora = 0
    for label in labels:
        found = _LABEL.search(label)
        phone = found["phone"] if found else "sil"
        if found is None or phone == "sil":
            continue
        if phone == "pau":
            units.append(",")
            last_mora = 0
            continue
        mora = int(found["mora"])
        if mora < last_mora:  # the next accent phrase
            units.append(SPACE)
        last_mora = mora
        if phone.lower() in _VOWELS:  # capitals are devoiced
            height = _height(mora, mora - int(found["to"]))
            units.append(_VOWELS[phone.lower()] + height)
        elif phone in _ALONE:
            units.append(_ALONE[phone])
        elif phone not in _CONSONANTS:  # ky, gw
            units += [_CONSONANTS[phone[:-1]], {"y": PALATAL, "w": "w"}[phone[-1]]]
        else:
            units.append(_CONSONANTS[phone])
    return _with_palatal_h(units)


def _height(mora: int, accent: int) -> str:
    """Return whether a mora is high: from the second up to the accented one, if any."""
    if mora == 1:
        return HIGH if accent == 1 else LOW
    return HIGH if accent == 0 or mora <= accent else LOW


def _with_palatal_h(units: list[str]) -> list[str]:
    """Write the h of hi and of hya as it sounds."""
    found: list[str] = []
    for unit, after in zip(units, [*units[1:], " "], strict=True):
        if unit == PALATAL and found[-1] == "ç":
            continue
        found.append("ç" if unit == "h" and after[0] in ("i", PALATAL) else unit)
    return found


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
