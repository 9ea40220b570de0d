"""Leave out what a model cannot read, and say what that was.

A sentence in a language that the model does not speak loses what is written in it; the
rest is read if it has letters. In a sentence of a language that it speaks, words in
letters of other scripts are left out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import LanguageNotSpoken
from wyoming_cosyvoice.text.language import detect
from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import ANY_KANA, CJK, HAN, HANGUL
from wyoming_cosyvoice.text.sentence import Skipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_NAMES = {
    "zh": "Chinese",
    "yue": "Cantonese",
    "en": "English",
    "ja": "Japanese",
    "ko": "Korean",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ru": "Russian",
}
# Scripts by the first word of a letter's Unicode name.
_OF_LETTERS = {
    "Hiragana": "Japanese",
    "Katakana": "Japanese",
    "Hangul": "Korean",
    "Cjk": "Chinese",
}

_HIRAGANA = pattern("[\u3041-\u309f]")
_KATAKANA = pattern("[\u30a1-\u30ff]+")
_ANY_CJK = pattern(f"[{CJK}]+(?:\\s+[{CJK}]+)*")
_HANGUL = pattern(f"[{HANGUL}]+(?:\\s+[{HANGUL}]+)*")

# Blocks of letters and their marks. Those of Greek are also signs of units and
# quantities, which are said in words.
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
_KANA_BLOCKS = "\u3040-\u30ff\u31f0-\u31ff"
_HANGUL_BLOCKS = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_CYRILLIC = "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"
_OTHER_BLOCKS = (
    "\u0530-\u10ff\u1200-\u1c7f\u1c90-\u1cff\u2c00-\u2c5f\u2c80-\u2ddf\u3100-\u312f"
    "\ua000-\ua63f\ua6a0-\ua71f\ua800-\ua95f\ua980-\uabff\ufb1d-\ufdff\ufe70-\ufefe\U00010000-\U0001d3ff"
    "\U0001d800-\U0001efff"
)
_GAP = pattern(r"\s+(?=[,.!?;:，。！？；：、])")


def keep_readable(
    text: str,
    language: str,
    *,
    languages: Collection[str],
    priors: Sequence[str | None],
    running: str,
) -> tuple[str, str, list[Skipped]]:
    """Return what can be read of a sentence, its language, and what was left out.

    ``language`` is what the whole sentence is in, ``languages`` what the model speaks.
    The text is empty if there is nothing to read.
    """
    skipped: list[Skipped] = []
    if language not in languages:
        text, language, skipped = _keep_spoken(
            text, language, languages, priors, running
        )
    rest, others = drop_letters(text, languages, keeps_greek=True)
    if others and not _has_letters(rest):
        return "", language, [*skipped, Skipped(text, others[0].language)]
    return rest, language, skipped + others


def drop_letters(
    text: str, languages: Collection[str], *, keeps_greek: bool = False
) -> tuple[str, list[Skipped]]:
    """Return a text without words in letters that no language of the model has."""
    words = _foreign_words(frozenset(languages), keeps_greek=keeps_greek)
    skipped = [
        Skipped(found.group(), _script(found.group()))
        for found in words.finditer(text)
        if _has_letters(found.group())
    ]
    return (_tidy(words.sub(" ", text)) if skipped else text), skipped


def refusal(
    skipped: Sequence[Skipped], languages: Collection[str]
) -> LanguageNotSpoken:
    """Return the error for a text of which nothing can be read."""
    written = dict.fromkeys(each.language for each in skipped)
    # A model that reads Cantonese as Mandarin does not speak it.
    spoken = [_NAMES[name] for name in languages if name != "yue"]
    return LanguageNotSpoken(list(written), spoken)


def _keep_spoken(
    text: str,
    language: str,
    languages: Collection[str],
    priors: Sequence[str | None],
    running: str,
) -> tuple[str, str, list[Skipped]]:
    """Leave out what is written in a language that the model does not speak."""
    known = [name for name in priors if name in languages]
    running = running if running in languages else ""
    skipped: list[Skipped] = []
    rest = text
    for foreign in _stretches(text, language, priors):
        found = list(foreign.finditer(rest))
        skipped += [Skipped(each.group(), _NAMES[language]) for each in found]
        rest = _tidy(foreign.sub(" ", rest))
        # Without a letter of that language, only the request has named it.
        if _has_letters(rest) or not skipped:
            name = detect(rest, known, running)
            if name in languages:
                return rest, name, skipped
    return "", language, [Skipped(text, _NAMES[language])]


def _stretches(
    text: str, language: str, priors: Sequence[str | None]
) -> Iterator[re.Pattern[str]]:
    """Give what to leave out of a sentence in ``language``, the least first."""
    if language == "ko":
        yield _HANGUL
        return
    is_quoted = ANY_KANA.search(text) and not _HIRAGANA.search(text)
    if language == "ja" and is_quoted and "ja" not in priors:
        # A name in katakana, in a sentence that may be Chinese.
        yield _KATAKANA
    yield _ANY_CJK


@cache
def _foreign_words(languages: frozenset[str], *, keeps_greek: bool) -> re.Pattern[str]:
    """Return words in letters that no language of ``languages`` is written in."""
    blocks = _OTHER_BLOCKS
    if not keeps_greek:
        blocks += _GREEK
    if "ru" not in languages:
        blocks += _CYRILLIC
    if "ja" not in languages:
        blocks += _KANA_BLOCKS
    if "ko" not in languages:
        blocks += _HANGUL_BLOCKS
    if not {"zh", "yue", "ja"} & languages:
        blocks += HAN
    return re.compile(f"[{blocks}](?:[{blocks}\\s,.'’·-]*[{blocks}])?")


def _script(text: str) -> str:
    letter = next(filter(str.isalpha, text))
    name = unicodedata.name(letter, "unknown").split()[0].capitalize()
    return _OF_LETTERS.get(name, name)


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _tidy(text: str) -> str:
    return _GAP.sub("", " ".join(text.split())).lstrip(",.;:，。；：、 ")
