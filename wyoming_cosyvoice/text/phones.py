"""Phones in place of a word, for models that have tokens of them (CosyVoice3).

A word of the user's lexicon or of an SSML phoneme becomes marks in ASCII:
``[chong2][qing4]`` for pinyin, ``[M][IH1][N][AH0][T]`` for ARPAbet. They are hidden
from the steps that read text, and the brackets of plain text never reach the model, so
no plain text becomes a phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import hidden
from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_VOWEL = "(?:AA|AE|AH|AO|AW|AY|EH|ER|EY|IH|IY|OW|OY|UH|UW)[012]?"
_CONSONANT = "B|CH|DH?|F|G|HH|JH|K|L|M|NG?|P|R|SH?|TH?|V|W|Y|ZH?"
_ARPABET = pattern(f"{_VOWEL}|{_CONSONANT}")
_INITIAL = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
# Finals that the model has in the neutral tone as well, and those that it has not.
_FINAL = "a|ai|ang?|ao|ei?|eng?|i|ian|ing?|iu|ong|ou?|u|uang|ue|un|uo"
_TONED = "er|ia|iang|iao|ie|iong|ua|uai|uan|ui|ve?"
_NO_SYLLABLE = "er1|.+er|.*v1|.*ve[123]"
_PINYIN = pattern(
    rf"(?!{_NO_SYLLABLE}){_INITIAL}(?:(?:{_FINAL})[1-5]|(?:{_TONED})[1-4])"
)
_MARK = pattern(
    rf"\[(?:(?P<pinyin>[a-z]{{1,6}}[1-5])|(?P<vowel>{_VOWEL})|{_CONSONANT})\]"
)


def of_arpabet(written: str) -> str | None:
    """Return a word in ARPAbet, such as ``M IH1 N AH0 T``, as marks.

    None if something in it is not a phone.
    """
    phones = written.upper().split()
    return _marks(phones) if all(map(_ARPABET.fullmatch, phones)) else None


def of_pinyin(syllables: Sequence[str], characters: Sequence[str | None]) -> str | None:
    """Return syllables with tone digits, ``ü`` written as ``v``, as marks.

    A syllable without tokens is its character; None if one has neither.
    """
    said = [
        _marks([syllable]) if _PINYIN.fullmatch(syllable) else character
        for syllable, character in zip(syllables, characters, strict=True)
    ]
    return "".join(each or "" for each in said) if all(said) else None


def are_hidden_in(text: str) -> bool:
    """Whether a step before put phones into ``text``."""
    runs = hidden.RUN.findall(text)
    return bool(runs) and any(_MARK.search(hidden.show(run)) for run in runs)


def as_written(text: str) -> str:
    """Return ``text`` with a character or a letter for each phone that is hidden in it.

    They are in the script of the word, which shows its language.
    """
    return hidden.RUN.sub(_as_letters, text)


def as_characters(spoken: str) -> str:
    """Return ``spoken`` with one character for each syllable that is in phones."""
    return _MARK.sub(_as_character, spoken) if "[" in spoken else spoken


def _as_letters(run: re.Match[str]) -> str:
    marks = _MARK.finditer(hidden.show(run.group()))
    return "".join("字" if mark["pinyin"] else "a" for mark in marks)


def _as_character(mark: re.Match[str]) -> str:
    return "字" if mark["pinyin"] or mark["vowel"] else ""


def _marks(names: Sequence[str]) -> str:
    return hidden.hide("".join(f"[{name}]" for name in names))
