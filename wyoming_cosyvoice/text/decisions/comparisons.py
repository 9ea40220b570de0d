"""Decide whether ``<`` and ``>`` compare: only quantities and variables are compared.

Between words they are the steps of a menu (Settings > Network), a heart (``<3``) or
what is left of a tag.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

SIGNS = frozenset(("<", ">", "<=", ">="))

_NUMBER_BEFORE = (
    r"[0-9)一二两三四五六七八九十百千万][^\s0-9A-Za-z]{0,2}[A-Za-z°%²³]{0,4}\s?"
)
_NUMBER_AFTER = r"\s?[-+±√]?[$€£¥₩]?\.?[0-9(一二两三四五六七八九十百千]"
_VARIABLE_BEFORE = r"(?:^|[^A-Za-z0-9])[A-Za-z][0-9²³]?\s?"
_VARIABLE_AFTER = r"\s?[A-Za-z](?![A-Za-z0-9])"

COMPARISONS = Table(
    "`<` and `>`",
    Row("en", r"(?:[a-z](?:ing|ies)|\b(?:for|with|of|at|to|in))\s", "[<>]", r"[$€£]?[0-9]", "before a value", "earning <$400K"),
    Row("*", "", "", _NUMBER_AFTER, "compares", "x < 5, temperature < 20, 温度<20"),
    Row("*", _VARIABLE_BEFORE, "", _VARIABLE_AFTER, "compares", "a < b"),
    Row("*", _NUMBER_BEFORE, "", _VARIABLE_AFTER, "compares", "5 > x"),
    Row("*", _NUMBER_BEFORE, "", r"\s?[a-z]{2}", "compares", "20 > threshold"),
    Row("*", _NUMBER_BEFORE, "", r"\s?[\u3040-\u9fff\uac00-\ud7a3]", "compares", "20>阈值"),
)  # fmt: skip
"""Without a row that fits the sign is a pause or silent."""

_MEASURED = any_of("""
    温度 溫度 湿度 濕度 数值 數值 数量 等级 价格 压力 年龄 人数 [值率度量数] 온도 습도 값
""")
_MEASURED_ENGLISH = any_of("""
    score level temp(?:erature)? value count age pH size rating humidity ratio
""")

HEARTS = Table(
    "A heart or a three",
    Row("*", r"[0-9)]\s?", "", "", "number", "x1 <3"),
    Row("en", r"\bI\s", "", r"\s[A-Za-z]", "heart", "I <3 this song"),
    Row("*", r"\b[A-Za-z]\s?", "", "", "number", "x <3"),
    Row(
        "*", rf"(?:{_MEASURED}|(?i:{_MEASURED_ENGLISH}))\s?", "", "", "number", "温度<3"
    ),
    Row("*", "", "", "", "heart", "I like it <3"),
)
