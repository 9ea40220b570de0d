"""Katakana -> the units of the starter voice: consonants, and vowels high or low.

A mora is a vowel with the consonant before it, or a mark of length, a nasal or the
silence of a doubled consonant. ``ʲ`` follows a palatal consonant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HIGH, LOW = "↑", "↓"
GEMINATE, NASAL, PALATAL = "Q", "ɴ", "ʲ"
CONSONANTS = ("ɕ", "ʥ", "ʨ", "ʦ", "ɾ", "ç", "ɸ", PALATAL, NASAL, GEMINATE)
"""Those that English does not have; the others are units of it."""
VOWELS = tuple(vowel + height for vowel in "aiɯeo" for height in (HIGH, LOW))

_LENGTH = "ー"
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "ɡ": "ガギグゲゴ", "s": "サ スセソ", "z": "ザ ズゼゾ",
    "t": "タ  テト", "d": "ダ  デド", "n": "ナニヌネノ", "h": "ハ  ヘホ", "b": "バビブベボ",
    "p": "パピプペポ", "m": "マミムメモ", "j": "ヤ ユ ヨ", "ɾ": "ラリルレロ", "w": "ワヰ ヱ ",
    "ɕ": " シ   ", "ʥ": " ジ   ", "ʨ": " チ   ", "ʦ": "  ツ  ", "ç": " ヒ   ", "ɸ": "  フ  ",
    "v": "  ヴ  ",
}  # fmt: skip
_KANA = {
    letter: (consonant, vowel)
    for consonant, row in _ROWS.items()
    for letter, vowel in zip(row, "aiɯeo", strict=True)
    if letter != " "
} | {"ヲ": ("", "o"), "ヂ": ("ʥ", "i"), "ヅ": ("z", "ɯ"), "ヵ": ("k", "a"), "ヶ": ("k", "e")}  # fmt: skip
_SMALL = dict(zip("ァィゥェォ", "aiɯeo", strict=True))
_SMALL_Y = dict(zip("ャュョ", "aɯo", strict=True))
_SMALL_W = {"ヮ": "a"}
_ARE_PALATAL = ("ɕ", "ʥ", "ʨ", "ç", "j")


def morae(said: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the consonants and the vowel of each mora of a pronunciation.

    A mark of length has the vowel before it; a nasal and a geminate have none. What is
    not katakana is left out.
    """
    place, vowel = 0, ""
    while place < len(said):
        letter, after = said[place], said[place + 1 : place + 2]
        place += 1
        if letter == _LENGTH:
            if vowel:
                yield (), vowel
        elif letter in "ンッ":
            yield (NASAL if letter == "ン" else GEMINATE,), ""
        elif letter in _KANA:
            consonant, vowel = _KANA[letter]
            consonants: tuple[str, ...] = (consonant,) if consonant else ()
            if after in _SMALL_Y or after in _SMALL or after in _SMALL_W:
                consonants, vowel = _joined(consonant, vowel, after)
                place += 1
            yield consonants, vowel
        elif letter in _SMALL | _SMALL_Y | _SMALL_W:  # behind nothing that it changes
            vowel = (_SMALL | _SMALL_Y | _SMALL_W)[letter]
            yield (), vowel


def _joined(consonant: str, vowel: str, small: str) -> tuple[tuple[str, ...], str]:
    """Say a kana with a small one behind it: キャ, ファ, ウィ, クァ."""
    new = (_SMALL_Y | _SMALL | _SMALL_W)[small]
    is_palatal = small in _SMALL_Y or (vowel == "i" and new == "e")
    if not consonant:
        return ("j" if is_palatal else "w",), new
    if consonant in _ARE_PALATAL:
        return (consonant,), new
    if is_palatal:
        return (consonant, PALATAL), new
    if small in _SMALL_W or (consonant in "kɡ" and vowel == "ɯ"):
        return (consonant, "w"), new
    return (consonant,), new


def count_morae(said: str) -> int:
    """Return the number of morae of a pronunciation."""
    return sum(1 for _ in morae(said))


def is_high(mora: int, accent: int) -> bool:
    """Whether a mora of a phrase, from 1, is high: the second up to the accented one."""
    if mora == 1:
        return accent == 1
    return accent == 0 or mora <= accent
