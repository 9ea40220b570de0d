"""Chinese names in English text, written in pinyin without tones: Xiaoling, Zhengzhou.

Read in the English way, stressed on the last syllable.
"""

from __future__ import annotations

import re


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in pairs.split())


_INITIALS = _table(
    "b=b p=p m=m f=f d=d t=t n=n l=l g=ɡ k=k h=h j=ʤ q=ʧ x=ʃ zh=ʤ ch=ʧ sh=ʃ r=ɹ "
    "z=dz c=ts s=s y=j w=w"
)
# A comma marks the place of the stress mark.
_FINALS = _table(
    "a=,ɑ o=,O e=,ʌ i=,i u=,u ai=,I ei=,A ao=,W ou=,O an=,ɑn en=,ʌn ang=,ɑŋ eng=,ʌŋ "
    "ong=,ʊŋ ia=j,ɑ ie=j,ɛ iao=j,W iu=j,O ian=j,ɛn in=,ɪn iang=j,ɑŋ ing=,ɪŋ iong=j,ʊŋ "
    "ua=w,ɑ uo=w,O uai=w,I ui=w,A uan=w,ɑn un=,ʊn uang=w,ɑŋ ue=w,ɛ er=,ɜɹ"
)
_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?"
_FINAL = "|".join(sorted(_FINALS, key=len, reverse=True))
_SYLLABLE = re.compile(rf"({_INITIAL})({_FINAL})")
_NAME = re.compile(rf"(?:(?:{_INITIAL})(?:{_FINAL})){{1,4}}")
# What pinyin has and other languages hardly do.
_TYPICAL = re.compile("x|q(?!u)|zh|iao|ian|uo|iu|[aeio]ng(?![aeiou])|[sc]h[aeiu]n$")
_AFTER_RETROFLEX = {"zh", "ch", "sh", "r"}


def read(word: str) -> str | None:
    """Return the phonemes of a word in lower case; None if it cannot be pinyin."""
    if not (_NAME.fullmatch(word) and _TYPICAL.search(word)):
        return None
    syllables = _split(word)
    if syllables is None:
        return None
    marks = ["ˌ"] * (len(syllables) - 1) + ["ˈ"]
    return "".join(
        _say(initial, final, mark)
        for (initial, final), mark in zip(syllables, marks, strict=True)
    )


def _split(word: str) -> list[tuple[str, str]] | None:
    """Split a word into syllables, each as long as possible."""
    if not word:
        return []
    for end in range(min(6, len(word)), 0, -1):
        match = _SYLLABLE.fullmatch(word[:end])
        if match and (rest := _split(word[end:])) is not None:
            return [(match[1], match[2]), *rest]
    return None


def _say(initial: str, final: str, mark: str) -> str:
    if final == "i" and initial in _AFTER_RETROFLEX:
        vowel = ",ɜɹ"
    elif final == "i" and initial in ("z", "c", "s"):
        vowel = ",ʌ"
    else:
        vowel = _FINALS[final]
    if initial in ("y", "j", "q", "x", "w"):
        vowel = vowel.removeprefix("j").removeprefix("w" if initial == "w" else "j")
    is_y = initial == "y" and vowel.startswith((",i", ",ɪ"))
    start = "" if is_y else _INITIALS.get(initial, "")
    return start + vowel.replace(",", mark)
