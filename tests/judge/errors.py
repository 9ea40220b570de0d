"""How far what was heard is from what should have been said.

Only what can be heard counts: not case, punctuation, digits or words for a number, one
word or two for "bed room", nor, in Mandarin, which character stands for a syllable.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin

from tests.judge.numbers import chinese_number, english_number, english_ordinal

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPELLINGS = {"ok": "okay", "colour": "color", "grey": "gray", "mr": "mister"}
_SYMBOLS = {"%": " percent ", "°c": " degrees celsius ", "°": " degrees ", "&": " and "}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Return wrong, missing and added English words by words of the reference."""
    return error_rate([reference], [hypothesis], english_words)


def pinyin_error_rate(reference: str, hypothesis: str, *, tones: bool = True) -> float:
    """Return wrong, missing and added syllables by syllables of the reference."""

    def syllables(text: str) -> list[str]:
        return pinyin(text, tones=tones)

    return error_rate([reference], [hypothesis], syllables)


def error_rate(references: Sequence[str], hypotheses: Sequence[str], units) -> float:
    """Return the errors of many sentences by all units of their references."""
    wanted = [units(reference) for reference in references]
    heard = [units(hypothesis) for hypothesis in hypotheses]
    errors = sum(_distance(a, b) for a, b in zip(wanted, heard, strict=True))
    return errors / max(1, sum(map(len, wanted)))


def english_words(text: str) -> list[str]:
    """Return lower-case words as they are said, numbers in words."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for symbol, words in _SYMBOLS.items():
        text = text.replace(symbol, words)
    text = re.sub(r"\$\s?(\d[\d,.]*\d|\d)", r"\1 dollars", text)
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=\d)(?=[ap]m\b)", " ", text)
    # Whisper writes 7:30 as 7.30, too.
    text = re.sub(r"\b(\d{1,2})[:.]00\b", r"\1", text)
    text = re.sub(r"\b(\d{1,2})[:.]0(\d)\b", r"\1 oh \2", text)
    text = re.sub(r"\b(\d{1,2})[:.]([1-5]\d)\b(?!\.?\d)", r"\1 \2", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", _say(english_ordinal), text)
    text = _NUMBER.sub(lambda match: f" {_english(match[0])} ", text)
    words = re.findall(r"[^\W_]+", text.replace("'", ""))
    return [_SPELLINGS.get(word, word) for word in words]


def pinyin(text: str, *, tones: bool = True) -> list[str]:
    """Return Mandarin syllables, with tone digits or without; other words as they are.

    Traditional characters and digits read like their simplified and written-out forms.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(\d[\d.]*)\s*%", r"百分之\1", text)
    text = re.sub(r"°c|℃|°", "度", text)
    text = re.sub(r"(\d{1,2}):00", r"\1点", text)
    text = re.sub(r"(\d{1,2})(?::(\d\d)分?|\.(\d\d)分)", r"\1点\2\3分", text)
    text = _NUMBER.sub(lambda match: _chinese(match[0]), text)
    style = Style.TONE3 if tones else Style.NORMAL
    read = lazy_pinyin(text, style=style, neutral_tone_with_five=tones)
    return [unit for part in read for unit in re.findall(r"[^\W_]+", part)]


def _say(number_to_words):
    return lambda match: " ".join(number_to_words(int(match[1])))


def _english(digits: str) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    words = english_number(int(whole)) if int(whole) < 1_000_000 else list(whole)
    if fraction:
        words += ["point", *(english_number(int(digit))[0] for digit in fraction)]
    return " ".join(words)


def _chinese(digits: str) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    # Long numbers, and those that start with 0, are read digit by digit.
    by_digit = "".join(chinese_number(int(digit)) for digit in whole)
    is_count = len(whole) < 9 and not (len(whole) > 1 and whole[0] == "0")
    said = chinese_number(int(whole)) if is_count else by_digit
    if fraction:
        said += "点" + "".join(chinese_number(int(digit)) for digit in fraction)
    return said


def _distance(wanted: list[str], heard: list[str]) -> int:
    """Edit distance, in which words written as one and as two are the same."""
    costs = {(i, 0): i for i in range(len(wanted) + 1)}
    costs |= {(0, j): j for j in range(len(heard) + 1)}
    for i in range(1, len(wanted) + 1):
        for j in range(1, len(heard) + 1):
            is_wrong = wanted[i - 1] != heard[j - 1]
            cost = min(
                costs[i - 1, j - 1] + is_wrong, costs[i - 1, j] + 1, costs[i, j - 1] + 1
            )
            if j > 1 and wanted[i - 1] == heard[j - 2] + heard[j - 1]:
                cost = min(cost, costs[i - 1, j - 2])
            if i > 1 and wanted[i - 2] + wanted[i - 1] == heard[j - 1]:
                cost = min(cost, costs[i - 2, j - 1])
            costs[i, j] = cost
    return costs[len(wanted), len(heard)]
