"""The sounds of English as the starter voice knows them, and where their stress falls.

Phonemes are misaki's, as the voice's teachers know them: one character a sound (``A``
is the vowel of "day", ``ʤ`` the sound of "j"), a stress mark before its vowel.
"""

from __future__ import annotations

import re

MAIN, SIDE = STRESS = "ˈˌ"
VOWELS = frozenset("AIOWYiuæɑəɛɪʊʌɔɜᵊᵻɐ")
CONSONANTS = frozenset("bdfhjklmnpstvwzðŋɡɹʃʒʤʧθT")
PUNCTUATION = frozenset(",.!?;:")
SPACE = " "
SYMBOLS = VOWELS | CONSONANTS | PUNCTUATION | {SPACE}

_WEAK_VOWELS = frozenset("əᵊ")
_NEVER_STRESSED = _WEAK_VOWELS | {"ᵻ"}
_SHORT = {"a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɑ", "u": "ʌ", "y": "ɪ"}
_BEFORE_R = {"a": "ɑ", "e": "ɜ", "i": "ɜ", "o": "ɔ", "u": "ɜ", "y": "ɜ"}


def split_phonemes(phonemes: str) -> list[str]:
    """Split a string of phonemes into units: a stress mark belongs to its vowel."""
    found: list[str] = []
    stress = ""
    for symbol in phonemes:
        if symbol in STRESS:
            stress = symbol
        elif symbol in VOWELS:
            found.append(stress + symbol)
            stress = ""
        elif symbol in SYMBOLS:
            found.append(symbol)
    return found


def full_vowel(unit: str, letters: str) -> str:
    """Return a unit with the vowel of its letters if it is stressed, as no schwa is."""
    is_weak = unit[0] in STRESS and unit[1:] in _NEVER_STRESSED
    return unit[0] + _vowel_of(letters) if is_weak else unit


def stress_fully(phonemes: str, word: str) -> str:
    """Stress a word that has no stress, on a vowel that can bear it."""
    marked = stressed(phonemes, MAIN)
    at = marked.find(MAIN) + 1
    if at and marked[at] in _NEVER_STRESSED:
        vowel = re.search("[aeiouy].?", word)
        full = _vowel_of(vowel.group() if vowel else "")
        return marked[:at] + full + marked[at + 1 :]
    return marked


def _vowel_of(letters: str) -> str:
    """Return the short vowel that a letter spells, before r or not."""
    vowels = _BEFORE_R if letters[1:] == "r" else _SHORT
    return vowels.get(letters[:1], "ʌ")


def stressed(phonemes: str, mark: str) -> str:
    """Return phonemes with a stress mark on the first full vowel.

    They stay as they are if they have a main stress.
    """
    if MAIN in phonemes:
        return phonemes
    vowels = [place for place, symbol in enumerate(phonemes) if symbol in VOWELS]
    full = [place for place in vowels if phonemes[place] not in _WEAK_VOWELS] or vowels
    if not full:
        return phonemes
    head, tail = phonemes[: full[0]].rstrip(SIDE), phonemes[full[0] :]
    return head + mark + tail
