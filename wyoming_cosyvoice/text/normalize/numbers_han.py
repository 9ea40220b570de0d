"""Number words in Han characters: Mandarin, Cantonese and Japanese."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_TENS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")
_GROUPS_JA = ("", "万", "億", "兆", "京", "垓")

# Longer integers are read digit by digit: nobody says them as a quantity.
MAX_DIGITS = 16
MAX_DIGITS_JA = 24


def digits(text: str, zero: str = "零") -> str:
    """Say each digit: ``203`` is 二零三. Other characters are dropped."""
    said = "".join(_DIGITS[int(char)] for char in text if char.isdecimal())
    return said.replace("零", zero)


def chinese(text: str, *, two_hundred: str = "两百") -> str:
    """Say an integer in Mandarin: ``10500`` is 一万零五百, ``2000`` is 两千."""
    text = text.lstrip("0") or "0"
    if text == "0":
        return "零"
    if len(text) > MAX_DIGITS:
        return digits(text)
    groups = _groups(text)
    said = ""
    for place in range(len(groups) - 1, -1, -1):
        value = groups[place]
        if value == 0:
            continue
        # One 零 replaces the zeros between two groups.
        if said and (value < 1000 or groups[place + 1] == 0):
            said += "零"
        words = _chinese_group(value, is_first=not said)
        if place and words == "二":
            words = "两"
        said += words + _GROUPS[place]
    if said.startswith("二百") and two_hundred != "二百":
        said = two_hundred + said[2:]
    return said


def _chinese_group(value: int, *, is_first: bool) -> str:
    """Say 1 to 9999; a leading 一十 is 十 where nothing precedes it."""
    said, has_gap = "", False
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit == 0:
            has_gap = bool(said)
            continue
        if has_gap:
            said, has_gap = said + "零", False
        if digit == 2 and power == 3:
            said += "两千"
        elif digit == 1 and power == 1 and not said and is_first:
            said += "十"
        else:
            said += _DIGITS[digit] + _TENS[power]
    return said


def japanese(text: str) -> str:
    """Say an integer in Japanese: ``12800`` is 一万二千八百, ``1111`` is 千百十一."""
    text = text.lstrip("0") or "0"
    if text == "0":
        return "零"
    if len(text) > MAX_DIGITS_JA:
        return digits(text)
    said = ""
    for place, value in reversed(list(enumerate(_groups(text)))):
        if value:
            words = _japanese_group(value)
            # A thousand alone needs its 一 before a larger unit: 一千万.
            if place and words.startswith("千"):
                words = "一" + words
            said += words + _GROUPS_JA[place]
    return said


def _japanese_group(value: int) -> str:
    said = ""
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            one = "" if digit == 1 and power else _DIGITS[digit]
            said += one + _TENS[power]
    return said


def _groups(text: str) -> list[int]:
    """Split an integer into groups of four digits, the lowest first."""
    return [int(text[max(0, end - 4) : end]) for end in range(len(text), 0, -4)]
