"""Unknown words that end in a, i, o or u, as English speakers read them.

Such words are rarely English: Mopeka, Risco, Nakano, Zanetti. Their vowels are read as
in Italian or Japanese, with stress on the last vowel but one. An accent marks another
stress, and then the word may also end in a consonant: Culiacán.
"""

from __future__ import annotations

import re

_CONSONANTS = "[bcdfghjklmnpqrstvwxyz]"
# Each letter matches one alternative, so matching takes linear time.
_WORD = re.compile(
    rf"{_CONSONANTS}{{0,4}}[aeiou]{{1,3}}(?:{_CONSONANTS}{{1,4}}[aeiou]{{1,3}})*"
)
_PARTS = re.compile(
    "eau|sch|ch|sh|th|ph|gh|kh|qu|zz|ck|cz|sz|nk|ng(?![ei])|w(?=sk)|"
    r"ai|ae|au|ao|ei|ee|oo|ou|([bcdfgklmnprst])\1|."
)
_SOUNDS = dict(
    pair.split("=")
    for pair in (  # noqa: SIM905 - a table to be read
        "sch=ʃ ch=ʧ sh=ʃ th=θ ph=f gh=ɡ kh=k zz=ts ck=k cz=ʧ sz=ʃ nk=ŋk ng=ŋɡ x=ks y=j "
        "j=ʤ q=k c=k g=ɡ r=ɹ"
    ).split()
)
_LONG = dict(
    pair.split("=")
    for pair in "eau=O ai=I ae=I au=W ao=W ei=A ee=i oo=u ou=u".split()  # noqa: SIM905
)
_OPEN = {"a": "ɑ", "e": "A", "i": "i", "o": "O", "u": "u"}
_CLOSED = {"a": "ɑ", "e": "ɛ", "i": "ɪ", "o": "ɑ", "u": "u"}
_DOUBLED = {"a": "ɑ", "e": "ɛ", "i": "i", "o": "O", "u": "u"}
_BEFORE_R = {"a": "ɑ", "e": "ɛ", "i": "ɪ", "o": "ɔ", "u": "ʊ"}
_WEAK = {"a": "ə", "e": "ə", "i": "ə", "o": "ə", "u": "u"}
_LAST = {"a": "ə", "i": "i", "o": "O", "u": "u"}
_BEFORE_VOWEL = {"a": "ə", "e": "i", "i": "i", "o": "O", "u": "u"}
_FLAPPED = re.compile("(?<=[AIOWYiuæɑəɛɪɹʊʌ])t(?=[əOi])")


def read(word: str, accent: int | None = None) -> str | None:
    """Return the phonemes of a word in lower case; None if it is not of this kind.

    ``accent`` is the place of a letter that is written with an acute accent.
    """
    ending = "[nrslzdm]?" if accent is not None else "(?<=[aiou])"
    if not re.fullmatch(_WORD.pattern + ending, word):
        return None
    matches = list(_PARTS.finditer(word))
    parts = [match.group() for match in matches]
    vowels = [place for place, part in enumerate(parts) if part[0] in "aeiou"]
    if len(vowels) < 2 or (accent is None and vowels[-1] != len(parts) - 1):  # noqa: PLR2004 - one syllable is no such word
        return None
    stressed = _stressed(parts, vowels)
    if accent is not None:
        stressed = next(p for p, match in enumerate(matches) if match.end() > accent)
    found = []
    for place, part in enumerate(parts):
        if part[0] not in "aeiou":
            found.append(
                _consonant(part, parts[place + 1] if parts[place + 1 :] else "_")
            )
        elif place == stressed:
            found.append("ˈ" + _full_vowel(part, parts[place + 1 :]))
        else:
            found.append(_weak_vowel(part, parts[place + 1 :], place == vowels[0]))
    return _FLAPPED.sub("T", "".join(found))


def _stressed(parts: list[str], vowels: list[int]) -> int:
    """Return the place of the vowel that is stressed."""
    if parts[-1] == "eau":
        return vowels[-1]
    ends_in_two = vowels[-1] == vowels[-2] + 1 and parts[vowels[-2]] in ("i", "e")
    return vowels[-3] if ends_in_two and vowels[2:] else vowels[-2]


def _consonant(part: str, following: str) -> str:
    is_soft = following[0] in "ei"
    if part == "qu":
        return "kw" if following[0] in "ao" else "k"
    if part in ("c", "cc") and is_soft:
        return "s" if part == "c" else "ʧ"
    if part in ("g", "gg") and is_soft:
        return "ʤ"
    if part == "w" and following[0] not in "aeiou":
        return "f"  # Kowalewski
    if len(part) == 2 and part[0] == part[1] and part != "zz":  # noqa: PLR2004
        part = part[0]
    return _SOUNDS.get(part, part)


def _full_vowel(part: str, after: list[str]) -> str:
    """Return what a stressed vowel is before these parts."""
    if part in _LONG or not after or after[0][0] in "aeiou":
        return _LONG.get(part) or _OPEN[part]
    if after[0][0] == "r":
        return _BEFORE_R[part]
    if after[0] in ("zz", "ck") or (after[0] == after[0][0] * 2):
        return _DOUBLED[part]
    following = after[1] if after[1:] else "_"
    is_closed = after[0] in ("nk", "ng", "x") or following[0] not in "aeiou"
    return (_CLOSED if is_closed else _OPEN)[part]


def _weak_vowel(part: str, after: list[str], is_first: bool) -> str:
    """Return what an unstressed vowel is before these parts."""
    if part in _LONG:
        return _LONG[part]
    if not after:
        return _LAST.get(part, "A")
    if after[0][0] in "aeiou":
        return _BEFORE_VOWEL[part]
    if part in "ao" and after[0] == "r" and after[1:] and after[1][0] not in "aeiou":
        return _BEFORE_R[part]
    return "O" if part == "o" and is_first else _WEAK[part]
