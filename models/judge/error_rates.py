"""The distance of a transcript from the text that was to be spoken.

Only audible differences count: not case, punctuation, digits or words for a number, one
word or two for "bed room", nor, in Mandarin, which character is written for a syllable.
A number in digits may be said in several ways; the nearest to the other text counts.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from pypinyin import Style, lazy_pinyin

from models.judge.numbers import chinese_number, english_number, english_ordinal

if TYPE_CHECKING:
    from collections.abc import Sequence

Numbers = Literal["whole", "pairs", "digits"]
"""How digits are said: 1984 as thousands, as nineteen eighty-four, or one by one."""

_SPELLINGS = {
    "ok": "okay", "grey": "gray", "mr": "mister", "colour": "color",
    "favourite": "favorite", "neighbour": "neighbor", "labour": "labor",
    "centre": "center", "metre": "meter", "metres": "meters",
    "kilometre": "kilometer", "kilometres": "kilometers", "woollen": "woolen",
}  # fmt: skip
_SYMBOLS = {
    "%": " percent ", "°c": " degrees celsius ", "°": " degrees ", "&": " and ",
    "=": " is ", "+": " plus ",
}  # fmt: skip
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class Units(Protocol):
    """Splits a text into what is counted."""

    def __call__(self, text: str, numbers: Numbers = "whole") -> list[str]:
        """Return the units of a text, whose numbers are said in one of the ways."""


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Return wrong, missing and added English words by words of the reference."""
    return error_rate([reference], [hypothesis], english_words)


def pinyin_error_rate(reference: str, hypothesis: str, *, tones: bool = True) -> float:
    """Return wrong, missing and added syllables by syllables of the reference."""
    units = toned_syllables if tones else syllables
    return error_rate([reference], [hypothesis], units)


def error_rate(
    references: Sequence[str], hypotheses: Sequence[str], units: Units
) -> float:
    """Return the errors of many sentences by all units of their references."""
    pairs = zip(references, hypotheses, strict=True)
    counts = [count_errors(*pair, units) for pair in pairs]
    errors, of = map(sum, zip(*counts, strict=True))
    return errors / max(1, of)


def count_errors(reference: str, hypothesis: str, units: Units) -> tuple[int, int]:
    """Return the errors of a sentence, and the units of its reference."""
    ways = get_args(Numbers)
    wanted = [
        units(reference, way) for way in ways if way == "whole" or _digits(reference)
    ]
    transcript = [
        units(hypothesis, way) for way in ways if way == "whole" or _digits(hypothesis)
    ]
    return min(
        (_distance(a, b), len(a)) for a, b in itertools.product(wanted, transcript)
    )


def english_words(text: str, numbers: Numbers = "whole") -> list[str]:
    """Return lower-case words as they are said, numbers in words."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    text = re.sub(r"(?<=\d)\s?[x×]\s?(?=\d)", " times ", text)
    for symbol, words in _SYMBOLS.items():
        text = text.replace(symbol, words)
    text = re.sub(r"\$\s?(\d+)\.(\d\d)\b", r"\1 dollars and \2 cents", text)
    text = re.sub(r"\$\s?(\d[\d,.]*\d|\d)", r"\1 dollars", text)
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=\d)(?=[ap]m\b)", " ", text)
    # Whisper writes 7:30 as 7.30, too.
    text = re.sub(r"\b(\d{1,2})[:.]00\b", r"\1", text)
    text = re.sub(r"\b(\d{1,2})[:.]0(\d)\b", r"\1 oh \2", text)
    text = re.sub(r"\b(\d{1,2})[:.]([1-5]\d)\b(?!\.?\d)", r"\1 \2", text)
    text = re.sub(
        r"\b(\d+)(?:st|nd|rd|th)\b",
        lambda match: " ".join(english_ordinal(int(match[1]))),
        text,
    )
    text = re.sub(r"(?<![\w.])-(?=\d)", " minus ", text)
    text = _NUMBER.sub(lambda match: f" {_english(match[0], numbers)} ", text)
    text = re.sub(r"\b(hundred|thousand) and\b", r"\1", text)
    found = re.findall(r"[^\W_]+", text.replace("'", ""))
    return [_SPELLINGS.get(word, word) for word in found]


def toned_syllables(text: str, numbers: Numbers = "whole") -> list[str]:
    """Return Mandarin syllables with tone digits; other words as they are.

    Traditional characters and digits read like their simplified and written-out forms,
    and 两 like 二, since a recogniser that writes digits cannot distinguish them.
    """
    return _pinyin(text, numbers, Style.TONE3)


def syllables(text: str, numbers: Numbers = "whole") -> list[str]:
    """Return Mandarin syllables without tones; else as ``toned_syllables``."""
    return _pinyin(text, numbers, Style.NORMAL)


def _pinyin(text: str, numbers: Numbers, style: Style) -> list[str]:
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(\d[\d.]*)\s*%", r"百分之\1", text)
    text = re.sub(r"°c|℃|°", "度", text)
    text = re.sub(r"(\d{1,2}):00", r"\1点", text)
    text = re.sub(r"(\d{1,2})(?::(\d\d)分?|\.(\d\d)分)", r"\1点\2\3分", text)
    text = _NUMBER.sub(lambda match: _chinese(match[0], numbers), text)
    text = re.sub("[两兩]", "二", text)
    toned = style is Style.TONE3
    read = lazy_pinyin(text, style=style, neutral_tone_with_five=toned)
    units = [unit for part in read for unit in re.findall(r"[^\W_]+", part)]
    return [_SPELLINGS.get(unit, unit) for unit in units]


def _digits(text: str) -> bool:
    return re.search(r"\d", text) is not None


def _english(digits: str, numbers: Numbers) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    if numbers == "digits" or int(whole) >= 1_000_000:
        words = [english_number(int(digit))[0] for digit in whole]
    elif numbers == "pairs" and len(whole) == 4:
        words = [*english_number(int(whole[:2])), *english_number(int(whole[2:]))]
    else:
        words = english_number(int(whole))
    if fraction:
        words += ["point", *(english_number(int(digit))[0] for digit in fraction)]
    return " ".join(words)


def _chinese(digits: str, numbers: Numbers) -> str:
    whole, _, fraction = digits.replace(",", "").partition(".")
    # Long numbers, and those that start with 0, are read digit by digit.
    by_digit = "".join(chinese_number(int(digit)) for digit in whole)
    is_count = len(whole) < 9 and not (len(whole) > 1 and whole[0] == "0")
    is_count = is_count and numbers == "whole"
    said = chinese_number(int(whole)) if is_count else by_digit
    if fraction:
        said += "点" + "".join(chinese_number(int(digit)) for digit in fraction)
    return said


def _distance(wanted: list[str], transcript: list[str]) -> int:
    """Edit distance, in which words written as one and as two are the same."""
    costs = {(i, 0): i for i in range(len(wanted) + 1)}
    costs |= {(0, j): j for j in range(len(transcript) + 1)}
    for i in range(1, len(wanted) + 1):
        for j in range(1, len(transcript) + 1):
            is_wrong = wanted[i - 1] != transcript[j - 1]
            cost = min(
                costs[i - 1, j - 1] + is_wrong, costs[i - 1, j] + 1, costs[i, j - 1] + 1
            )
            if j > 1 and wanted[i - 1] == transcript[j - 2] + transcript[j - 1]:
                cost = min(cost, costs[i - 1, j - 2])
            if i > 1 and wanted[i - 2] + wanted[i - 1] == transcript[j - 1]:
                cost = min(cost, costs[i - 2, j - 1])
            costs[i, j] = cost
    return costs[len(wanted), len(transcript)]
