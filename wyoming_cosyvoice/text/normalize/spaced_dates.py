"""Write dates of Korean offices as words: 2025. 12. 1.(월) ~ 12. 15. 18:00.

There a full stop and a blank stand behind the year, the month and the day.
"""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import pattern

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:[0-2]?[0-9]|3[01])"
_DATE = pattern(
    rf"(?<![0-9.])(?P<y>{_YEAR})\. ?(?P<m>{_MONTH})\.(?: ?(?P<d>{_DAY})(?![0-9])\.?)?(?![0-9])"
)
# Without a year it has a weekday behind it, or is the end of a range.
_DAY_OF_YEAR = pattern(
    rf"(?<![0-9.])(?<![0-9.] )(?P<m>{_MONTH})\. (?P<d>{_DAY})\.(?=\s?[(][월화수목금토일][)])"
    rf"|(?<=[~-] )(?P<m2>{_MONTH})\. (?P<d2>{_DAY})\.(?![0-9])"
)


def join_dates(text: str, changes: list[Token]) -> str:
    """Return ``text`` with these dates in words; add them to ``changes``."""
    if ". " not in text:
        return text

    def replace(date: re.Match[str]) -> str:
        parts = date.groupdict()
        month, day = parts["m"] or parts["m2"], parts["d"] or parts.get("d2")
        said = f"{parts['y']}년 " if parts.get("y") else ""
        said += f"{int(month)}월" + (f" {int(day)}일" if day else "")
        changes.append(Token("spaced_date", date.group(), said))
        return said

    return _DAY_OF_YEAR.sub(replace, _DATE.sub(replace, text))
