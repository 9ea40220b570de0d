"""Numbers as people say them, to compare "20 minutes" with "twenty minutes"."""

from __future__ import annotations

# fmt: off
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)
_TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety",
)
# fmt: on
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")


def english_number(number: int) -> list[str]:
    """Return the words of 0 to 999,999, without "and"."""
    if number < 20:
        return [_SMALL[number]]
    if number < 100:
        return [_TENS[number // 10], *(_rest(number % 10))]
    if number < 1000:
        return [_SMALL[number // 100], "hundred", *_rest(number % 100)]
    return [*english_number(number // 1000), "thousand", *_rest(number % 1000)]


def english_ordinal(number: int) -> list[str]:
    """Return the words of 1st, 2nd, ..."""
    *words, last = english_number(number)
    if last.endswith("y"):
        return [*words, last[:-1] + "ieth"]
    return [*words, _ORDINALS.get(last, last + "th")]


def chinese_number(number: int) -> str:
    """Return the characters of 0 to 99,999,999."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return chinese_number(high) + "万" + (gap + chinese_number(low) if low else "")
    said, gap = "", ""
    digits = str(number)
    for place, digit in zip(reversed(range(len(digits))), digits, strict=True):
        if digit == "0":
            gap = "零" if said else ""
        else:
            said += gap + _DIGITS[int(digit)] + _UNITS[place]
            gap = ""
    return said.removeprefix("一") if said.startswith("一十") else said or "零"


def _rest(number: int) -> list[str]:
    return english_number(number) if number else []
