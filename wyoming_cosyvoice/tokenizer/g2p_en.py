"""English words -> the phoneme units of the starter voice."""

from __future__ import annotations

STRESS = "ˈˌ"


def split_phonemes(phonemes: str) -> list[str]:
    """Split a phoneme string into units: a stress mark belongs to the vowel after it."""
    found: list[str] = []
    stress = ""
    for symbol in phonemes:
        if symbol in STRESS:
            stress = symbol
        elif symbol in SYMBOLS:
            found.append(stress + symbol if symbol in VOWELS else symbol)
            stress = ""
    return found


VOWELS = frozenset("AIOWYiuæɑəɛɪʊʌɔɜᵊᵻɐ")
CONSONANTS = frozenset("bdfhjklmnpstvwzðŋɡɹʃʒʤʧθT")
SYMBOLS = VOWELS | CONSONANTS | frozenset(" ,.!?;:")
