"""Decide whether ``<`` and ``>`` compare: only quantities and variables are compared.

Between words they are the steps of a menu (Settings > Network), a heart (``<3``) or
what is left of a tag. Each row of ``COMPARISONS`` is one decision, the first that fits
counts; without one the sign is a pause or silent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from wyoming_cosyvoice.text.patterns import pattern

SIGNS = frozenset(("<", ">", "<=", ">="))

_NUMBER_BEFORE = (
    r"[0-9)一二两三四五六七八九十百千万][^\s0-9A-Za-z]{0,2}[A-Za-z°%²³]{0,4}\s?"
)
_NUMBER_AFTER = r"\s?[-+±√]?[$€£¥₩]?\.?[0-9(一二两三四五六七八九十百千]"
_VARIABLE_BEFORE = r"(?:^|[^A-Za-z0-9])[A-Za-z][0-9²³]?\s?"
_VARIABLE_AFTER = r"\s?[A-Za-z](?![A-Za-z0-9])"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row: what stands before and after a sign that compares."""

    before: str
    after: str
    reason: str


COMPARISONS = (
    Comparison("", _NUMBER_AFTER, "x < 5, temperature < 20, 温度<20"),
    Comparison(_VARIABLE_BEFORE, _VARIABLE_AFTER, "a < b"),
    Comparison(_NUMBER_BEFORE, _VARIABLE_AFTER, "5 > x"),
    Comparison(_NUMBER_BEFORE, r"\s?[a-z]{2}", "20 > threshold"),
    Comparison(_NUMBER_BEFORE, r"\s?[\u3040-\u9fff\uac00-\ud7a3]", "20>阈值"),
)

_COMPARED = pattern(
    r"(?:[0-9)]|\b[A-Za-z]|温度|溫度|湿度|濕度|数值|數值|数量|等级|价格|压力|年龄|人数|[值率度量数]"
    r"|온도|습도|값|(?i:score|level|temp(?:erature)?|value|count|age|pH|size|rating|humidity|ratio))\s?\Z"
)


def decide(before: str, after: str) -> Comparison | None:
    """Return the row by which a sign compares what stands before and after it."""
    return next(
        (
            row
            for row, left, right in _compiled()
            if left.search(before) and right.match(after)
        ),
        None,
    )


def compares(before: str) -> bool:
    """Whether ``<3`` behind this text is a number, not a heart."""
    return bool(_COMPARED.search(before))


@cache
def _compiled() -> tuple[tuple[Comparison, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (row, pattern(f"(?:{row.before})\\Z"), pattern(row.after))
        for row in COMPARISONS
    )
