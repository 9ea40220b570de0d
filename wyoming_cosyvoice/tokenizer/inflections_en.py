"""The sounds of English endings after the phonemes of a stem."""

from __future__ import annotations

_VOICELESS = frozenset("ptkfθsʃʧ")
_HISSING = frozenset("szʃʒʧʤ")
# A t between one of these and a vowel is flapped, as in "waiting".
_FLAPPING = frozenset("AIOWYiuæɑəɛɪɹʊʌ")


def plural(stem: str) -> str:
    """Append -s: /ᵻz/, /s/ or /z/."""
    if stem[-1] in _HISSING:
        return stem + "ᵻz"
    return stem + ("s" if stem[-1] in _VOICELESS else "z")


def past(stem: str) -> str:
    """Append -ed: /ᵻd/, /t/ or /d/."""
    if stem[-1] in "td":
        return flap(stem) + "ᵻd"
    return stem + ("t" if stem[-1] in _VOICELESS else "d")


def present(stem: str) -> str:
    """Append -ing."""
    return flap(stem) + "ɪŋ"


def flap(stem: str) -> str:
    """Flap a final t, for an ending that begins with a vowel."""
    flaps = stem[-1] == "t" and stem[-2:-1] in _FLAPPING
    return stem[:-1] + "T" if flaps else stem
