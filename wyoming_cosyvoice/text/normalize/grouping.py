"""Join thousands that blanks part: 10 000 people, 1 400 000 000人."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.codes import CODE_WORD
from wyoming_cosyvoice.text.decisions.phones import PHONE_WORD
from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import pattern

_GROUPED = pattern(
    r"(?<![0-9A-Za-z.,/:+#(-])(?<![0-9][ )])[1-9][0-9]{0,2}(?: [0-9]{3}){1,4}(?![0-9]|[ .,:/-][0-9])"
)
_COUNTED = pattern(r"\s?(?:[^\W\d_]|[%°€£¥₩$])")
_NAMED = pattern(rf"(?:{PHONE_WORD}|{CODE_WORD})\Z")
_TWO_GROUPS = 2


def join_thousands(text: str, changes: list[Token]) -> str:
    """Take the blanks out of numbers that are grouped by them; add to ``changes``."""
    if " " not in text:
        return text

    def replace(number: re.Match[str]) -> str:
        joined = _joined(number)
        if joined != number.group():
            changes.append(Token("thousands", number.group(), joined))
        return joined

    return _GROUPED.sub(replace, text)


def _joined(number: re.Match[str]) -> str:
    grouped = number.group()
    before = number.string[max(0, number.start() - 30) : number.start()]
    after = number.string[number.end() : number.end() + 4]
    is_long = grouped.count(" ") >= _TWO_GROUPS or grouped.endswith(" 000")
    if _NAMED.search(before) or not (is_long or _COUNTED.match(after)):
        return grouped
    return grouped.replace(" ", "")
