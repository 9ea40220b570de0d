"""Say what is written: numbers, units, symbols and names in ten languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from wyoming_cosyvoice.text import hidden
from wyoming_cosyvoice.text.language import is_traditional
from wyoming_cosyvoice.text.normalize import formulas
from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.normalize.chinese import (
    Cantonese,
    Mandarin,
    TraditionalMandarin,
)
from wyoming_cosyvoice.text.normalize.english import English
from wyoming_cosyvoice.text.normalize.european import normalize_european
from wyoming_cosyvoice.text.normalize.grouping import join_thousands
from wyoming_cosyvoice.text.normalize.japanese import Japanese
from wyoming_cosyvoice.text.normalize.korean import Korean
from wyoming_cosyvoice.text.normalize.rates import say_rates
from wyoming_cosyvoice.text.normalize.scanner import MARKS, scan
from wyoming_cosyvoice.text.normalize.spaced_dates import join_dates
from wyoming_cosyvoice.text.normalize.spoons import say_spoons
from wyoming_cosyvoice.text.normalize.tilde import settle
from wyoming_cosyvoice.text.normalize.verbaliser import Verbaliser
from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import CJK
from wyoming_cosyvoice.text.sentence import EUROPEAN

__all__ = ["Token", "normalize"]

_CJK_BLANK = pattern(f"(?<=[{CJK}，。！？、；：]) +(?=[{CJK}，。！？、；：])")
_SPOKEN_MARKS = frozenset(MARKS) - frozenset('()（）~《》〈〉【】「」『』"“”‘’')


def normalize(text: str, language: str) -> tuple[str, list[Token]]:
    """Return ``text`` as it is said in ``language``, and what was changed.

    ``text`` is clean (``cleanup.clean``) and of one language. What comes out has neither
    digits nor symbols. Takes time linear in the length of the text.
    """
    if language in EUROPEAN:
        return normalize_european(formulas.reveal(text), language)
    is_other = language == "zh" and is_traditional(text)
    verbaliser = _verbaliser(language, is_traditional=is_other)
    changes: list[Token] = []
    text = formulas.say(text, verbaliser.column, verbaliser.written, changes)
    if language == "ko":
        text = say_spoons(join_dates(text, changes), changes)
    text = say_rates(text, language, changes)
    text = settle(join_thousands(text, changes), language, changes)
    spoken, tokens = scan(text, verbaliser)
    return only_speakable(spoken, language), [*changes, *tokens]


@cache
def _verbaliser(language: str, *, is_traditional: bool) -> Verbaliser:
    if language == "zh":
        return TraditionalMandarin() if is_traditional else Mandarin()
    languages: dict[str, Callable[[], Verbaliser]] = {
        "yue": Cantonese,
        "ja": Japanese,
        "ko": Korean,
    }
    return languages.get(language, English)()


def only_speakable(text: str, language: str) -> str:
    """Drop what is neither a letter nor a mark that the model knows, and spare blanks."""
    if "〇" in text and language in ("zh", "yue"):
        text = text.replace("〇", "零")
    text = _UNSPEAKABLE_MARK.sub(_mark, text)
    if "'" in text:
        text = _LOOSE_QUOTE.sub(" ", text)
    if not all(map(_is_speakable, text)):
        text = "".join(char if _is_speakable(char) else " " for char in text)
    if not text.isascii() and _ACCENT.search(text):
        text = _LOOSE_ACCENT.sub("", text)
    text = " ".join(text.split())
    is_spaced = language == "ko" or " " not in text or text.isascii()
    return text if is_spaced else _CJK_BLANK.sub("", text)


def _mark(mark: re.Match[str]) -> str:
    """Leave a pause where a bracket stands between words."""
    return "," if mark.group() in "()（）—–" else " "


@cache
def _is_speakable(char: str) -> bool:
    if char in _SPOKEN_MARKS or char == "〇" or hidden.RUN.match(char):
        return True
    return unicodedata.category(char) in _LETTERS


_LETTERS = frozenset(("Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc"))
_LOOSE_QUOTE = pattern("(?<![^\\W0-9_])'|'(?![^\\W0-9_])")
_UNSPEAKABLE_MARK = pattern("[()（）—–]+")
# Accents belong to the letter before them; more than two are noise.
_ACCENTS = r"[\u0300-\u036f\u3099\u309a]"
_ACCENT = pattern(_ACCENTS)
_LOOSE_ACCENT = pattern(rf"(?<!\w){_ACCENTS}+")
