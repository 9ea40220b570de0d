"""Korean number words: Sino-Korean, native, and digit by digit."""

from __future__ import annotations

_SINO = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_GROUPS = ("", "만", "억", "조", "경", "해")
_MAX_DIGITS = 24
_NATIVE_ABOVE = 9
_NATIVE_BELOW = 999

_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def digits(text: str, zero: str = "공") -> str:
    """Say each digit; zero is 공 in codes and phone numbers, 영 elsewhere."""
    said = "".join(_SINO[int(char)] for char in text if char.isdecimal())
    return said.replace("영", zero)


def sino(text: str) -> str:
    """Say an integer in Sino-Korean: ``12800`` is 만 이천팔백."""
    text = text.lstrip("0") or "0"
    if text == "0":
        return "영"
    if len(text) > _MAX_DIGITS:
        return digits(text, "영")
    groups = [int(text[max(0, end - 4) : end]) for end in range(len(text), 0, -4)]
    said: list[str] = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            words = _group(groups[place])
            # The highest 만 drops its 일; 억 and above keep it.
            if place == 1 and words == "일" and not said:
                words = ""
            said.append(words + _GROUPS[place])
    return " ".join(said)


def _group(value: int) -> str:
    said = ""
    for power in (3, 2, 1, 0):
        digit = value // 10**power % 10
        if digit:
            said += ("" if digit == 1 and power else _SINO[digit]) + _PLACES[power]
    return said


def native(text: str) -> str:
    """Say a count before a counter: ``3`` is 세, ``20`` 스무, ``105`` 백다섯."""
    value = int(text)
    above, below = value // 100 * 100, value % 100
    # Above a hundred only the ones stay native: 백다섯, but 백이십.
    if (
        value == 0
        or value > _NATIVE_BELOW
        or (above and not 0 < below <= _NATIVE_ABOVE)
    ):
        return sino(text)
    said = sino(str(above)) if above else ""
    return said + ("스무" if below == 20 else _TENS[below // 10] + _ONES[below % 10])


def native_ordinal(text: str) -> str:
    """Say the number of an ordinal with 번째: ``1`` is 첫, ``21`` 스물한."""
    return "첫" if int(text) == 1 else native(text)
