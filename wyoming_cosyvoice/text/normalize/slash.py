"""Decide what a slash between two numbers means.

``11/28`` is a day, ``1/4`` a quarter, ``Step 2/5`` two of five, ``25/18°C`` two
temperatures. What stands beside decides; without evidence the reading that most texts
of that kind have. Each row of ``SLASHES`` is one decision, the first that fits counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from wyoming_cosyvoice.text.patterns import pattern

Meaning = Literal["date", "fraction", "of", "out_of", "pair", "digits", "other"]
Range = Literal["any", "proper", "date", "no_part", "part", "decimal", "small"]

_MONTHS = 12
_DAYS = 31
_COMMON_BELOW = frozenset((2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 32, 64, 100, 1000))
_SMALL = 10

_WEEKDAY_AFTER = (
    r"\s?[(（](?:[周週星期礼拜]*[一二三四五六日天]|[月火水木金土日월화수목금토일])(?:[)）・、~]|曜|요일)"
    r"|\s?(?:周|週|星期|礼拜)[一二三四五六日天]|,?\s?\(?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b"
)
_WEEKDAY_BEFORE = (
    r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s\(?|(?:周|週|星期|礼拜)[一二三四五六日天][,，]?\s?[(（]?"
    r"|曜日?[、,]?\s?[(（]?|요일[,]?\s?\(?"
)
_DATE_BEFORE = (
    r"\b(?i:on|by|due|until|till|since|before|after|from|through|expires?|starting|starts|dated?|deadline|birthday"
    r"|christmas|halloween|today|tomorrow|yesterday)(?:\s(?i:is|was|on|by))?:?\s"
    r"|(?:日期|定于|截止|截至|生日|今天|明天|昨天|后天|予定|期限|締切|本日|明日|날짜|기한|오늘|내일|마감)[日是为は는은:：]?\s?"
    r"|(?:[来先今本次下上][週周月].{0,4})"
)
_DATE_AFTER = (
    r"\s?(?:から|まで|に(?:開|発|予|公)|前[^后]|之前|以前|起(?:[^来]|$)|放假|开学|上映|发布|發布|出生|生まれ|発売|開催|까지|부터"
    r"|에\s|일자|출시|마감|[(（]?(?:休|祝))"
)
_STEP = (
    r"(?i:\b(?:steps?|pages?|parts?|episodes?|ep\.?|chapters?|questions?|levels?|rounds?|lessons?|slides?|days?|weeks?|stages?"
    r"|phases?|items?|tasks?|progress|tracks?|laps?|photos?|images?|chunks?|sections?|files?|attempts?|try|players?|loading"
    r"|downloading|copying|done|completed?|finished|goals?|p\.?|vol\.?|layer|batch|epoch|packet))[:,]?\s?[#(（\[]?"
)
_STEP_HAN = r"(?:步骤|步驟|步|页|頁|页码|集|话|章|题|題|关|關|轮|輪|任务|任務|进度|進度|第)[:：]?\s?"
_RATING = (
    r"(?i:\b(?:rated?|rating|ratings|scored?|scores|reviews?|grade|(?:g(?:ave|ive|ives|iving)|rat(?:e|es|ing)) (?:it|this|them)(?: an?)?|gets?(?: an?)?|got(?: an?)?|stars|imdb"
    r"|metacritic|pain|average|a solid|an easy|it's an?))[:,]?\s(?:of\s|is\s|was\s|at\s|an?\s)?[(]?"
)
_RATING_CJK = r"(?:评分|評分|得分|打分|豆瓣|评价|評価|評点|スコア|点数|口コミ|평점|별점|점수|만족도)[为是は는은이가]?[:：]?\s?[(（]?"
_PEOPLE = (
    r"\s(?:people|users|students|dentists|doctors|households|times|days|devices|lights|sensors|votes|tasks|items"
    r"|answers|questions|correct|stars|online|patients|adults|children|experts|available|seats)\b"
)
_FRACTION_AFTER = (
    r"\s?-?(?:cup|cups|of|inch|inches|in\.|mile|miles|hour|hours|tsp|tbsp|teaspoons?|tablespoons?|pound|pounds|full|left"
    r"|chance|probability|majority|scale|finished|가|이|を|個|杯|的|量|カップ|컵|さじ|\")"
)
_FRACTION_BEFORE = (
    r"(?i:\b(?:half|quarter|third|quarters|thirds|fraction|probability|chance|equals|about a|almost|nearly))\s?[,(]?\s?"
    r"|(?:一半|分之[一二三四]|概率|机率|分数|半分|確率|약|절반|확률|约|約|将近|近|不到|超过|大约)[是为は]?\s?[(（]?"
)
_MATH = r"[=+*×÷^√]\s?"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: languages, what stands before and after, the range, the meaning."""

    languages: str
    before: str
    after: str
    numbers: Range
    meaning: Meaning
    reason: str


SLASHES = (
    Decision("*", _MATH, "", "any", "other", "a sum: 1 + 1/2"),
    Decision("*", "", r"\s?[=+*×÷]", "any", "other", "a sum: 1/2 + 1/3"),
    Decision("*", "", _WEEKDAY_AFTER, "date", "date", "12/3(목), 12/3 周三"),
    Decision("*", _WEEKDAY_BEFORE, "", "date", "date", "Tuesday 12/1"),
    Decision("en", "", r"\s(?:attack|terror|memorial|victim|survivor|commission|hijack)", "date", "digits", "9/11 attacks"),
    Decision("zh yue", "", r"(?:恐怖|事件|袭击|襲擊)", "date", "digits", "9/11事件"),
    Decision("en", _STEP, "", "any", "of", "Step 2/5"),
    Decision("en", _RATING, "", "any", "out_of", "rated 8/10"),
    Decision("zh yue", _STEP_HAN, "", "small", "of", "步骤2/5"),
    Decision("*", _RATING_CJK, "", "any", "out_of", "评分：9/10分"),
    Decision("*", "", "", "decimal", "out_of", "4.5/5"),
    Decision("en", "", r"\s(?:stars|points|rating|on (?:IMDb|Metacritic)|with rice|would recommend)", "any", "out_of", "5/5 stars"),
    Decision("*", _FRACTION_BEFORE, "", "part", "fraction", "a quarter (1/4)"),
    Decision("ja ko", r"[^\W\d_](?:의|の)\s?", "", "proper", "fraction", "학생의 7/9, 全体の3/7"),
    Decision("*", "", _FRACTION_AFTER, "part", "fraction", "1/2 cup"),
    Decision("en", "", _PEOPLE, "any", "out_of", "4/5 dentists"),
    Decision("*", _DATE_BEFORE, "", "date", "date", "due 12/25"),
    Decision("*", "", _DATE_AFTER, "date", "date", "12/3放假"),
    Decision("en", r"[(\[（]", r"[)\]）]", "part", "of", "(1/2): part one of two"),
    Decision("*", "", "", "part", "other", "1/2, 3/4: most of these are fractions"),
    Decision("*", "", "", "date", "date", "12/25, 11/28: few fractions look like this"),
    Decision("*", "", "", "any", "other", "120/80, 50/50"),
)  # fmt: skip
"""What a slash between two numbers means; the first row that fits counts."""


def meaning(first: str, second: str, before: str, after: str, language: str) -> Meaning:
    """Return what ``first/second`` means; "other" leaves it to the other rules."""
    row = decide(first, second, before, after, language)
    return row.meaning if row else "other"


@lru_cache(256)
def decide(
    first: str, second: str, before: str, after: str, language: str
) -> Decision | None:
    """Return the row that tells what ``first/second`` means."""
    for row, left, right in _compiled(language):
        if (
            (not row.after or right.match(after))
            and _is_in(row.numbers, first, second)
            and (not row.before or left.search(before))
        ):
            return row
    return None


def is_date(month: str, day: str) -> bool:
    """Whether the numbers can be a month and a day."""
    if not (month.isdecimal() and day.isdecimal()):
        return False
    return 1 <= int(month) <= _MONTHS and 1 <= int(day) <= _DAYS


def _is_in(numbers: Range, first: str, second: str) -> bool:
    if numbers == "any":
        return True
    if numbers == "decimal":
        return "." in first and float(first) <= float(second)
    if "." in first or "." in second:
        return False
    is_part = int(first) < int(second) and int(second) in _COMMON_BELOW
    checks = {
        "date": is_date(first, second),
        "proper": int(first) < int(second),
        "part": is_part,
        "no_part": not is_part,
        "small": int(first) <= int(second),
    }
    return checks[numbers]


_Rows = list[tuple[Decision, re.Pattern[str], re.Pattern[str]]]
_ROWS: dict[str, _Rows] = {}


def _compiled(language: str) -> _Rows:
    if language not in _ROWS:
        _ROWS[language] = [
            (row, pattern(f"(?:{row.before})\\Z"), pattern(row.after))
            for row in SLASHES
            if row.languages == "*" or language in row.languages.split()
        ]
    return _ROWS[language]
