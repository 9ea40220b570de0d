"""Decide what a tilde means: "to", "about", a lengthened sound, a pause or nothing.

People write ``好的~``, ``네~`` and ``え〜っと`` far more often than ranges of words, so a
tilde is "to" or "about" only where a quantity, a date or a name of a place asks for it.
Each row of ``TILDES`` is one decision; the first that fits counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import pattern

Meaning = Literal["range", "long", "pause", "silent", "about"]

_PART_OF_DATE = (
    "[年月日号號点點时時分秒度元楼樓层層岁歲级級周週天期个個位人名种種米页頁章节節集回円歳階話"
    "년월일시분초도원층세급장화호차명개]"
)
_WEEKDAY_HAN = "(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]"
_WEEKDAY_LETTER = "(?:^|[^\\w])[月火水木金土日월화수목금토일](?:曜日?|요일)?"
_NAMED_DAY = (
    "(?i:mon|tues?|wed|thurs?|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov"
    "|dec)[a-z]*\\.?"
)
_PLACE = (
    "[站市省县縣区區路]|北京|上海|广州|廣州|深圳|杭州|南京|天津|重庆|成都|武汉|西安|苏州|香港|澳门|澳門|台北|高雄|九龍|九龙"
    "|小学|初中|高中|大学|小學|大學|[大中小]班|幼儿园|入门|精通|[春夏秋冬]|[早晚]上|中午|下午|上午|今天|明天"
)
_FRIENDLY_HAN = (
    "[的了吧呢吗嗎啊呀哦喔噢哈嘿嗨嗯啦喽囉嘛哟喲呦呗耶哇诶欸嘞喵咯啵哒咪捏啰㗎喇嘅喎吖"
    "谢謝好行您你么麼们們早安见見是对對啱得友迎祝]"
)
_FRIENDLY_HANGUL = "[네요다죠지아어야까해워녕예응음래자라데게히마니나오호흐우와가고구]"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: what stands before and after a tilde, and what it then means."""

    languages: str
    before: str
    after: str
    meaning: Meaning
    reason: str


TILDES = (
    Decision("en", r"[\w%]\s", r"[$€£]?[0-9]", "about", "5 lights, ~3 minutes: no blank behind it"),
    Decision("*", r"[0-9%°℃$€£¥₩][\s]?|[0-9]\s?[A-Za-z°µ/²³]{1,6}\s?", r"\s?[-+]?[0-9$€£¥₩.]", "range", "3~5, 10%~20%, 5km~8km"),
    Decision("*", f"[0-9]{_PART_OF_DATE}\\s?", r"\s?[0-9]", "range", "3月1日~5日"),
    Decision("zh yue ja ko", r"[月火水木金土日一二三四五六天월화수목금토일][)）]\s?", r"\s?[0-9]", "range", "1月1日(月)〜3日(水)"),
    Decision("*", r"[0-9]\s?", r"\s?[同翌][0-9]?", "range", "紀元前12〜同9世紀"),
    Decision("ja", r"(?:[旬期半末頃朝昼夜晩]|世紀|年代|初頭|中頃|[元0-9][年月日時]|[春夏秋冬])\s?", r"\s?[0-9一-鿿]", "range", "10月中旬〜11月上旬"),
    Decision("zh yue", r"(?:[旬期半末底初]|世[纪紀]|年代)\s?", r"\s?[0-9一-鿿]", "range", "10月中旬~11月上旬"),
    Decision("zh yue ja ko", f"[0-9一二三四五六七八九十]{_PART_OF_DATE}{{1,2}}\\s?", r"\s?[\w]", "range", "10点~明天, 三月~五月"),
    Decision("zh yue ja", f"{_WEEKDAY_HAN}\\s?", f"\\s?{_WEEKDAY_HAN}", "range", "周一~周五"),
    Decision("ja ko zh yue", f"{_WEEKDAY_LETTER}\\s?", r"\s?[月火水木金土日월화수목금토일](?:曜|요|[^\w]|$)", "range", "월~금, (月~金)"),
    Decision("*", f"(?:^|[^A-Za-z]){_NAMED_DAY}\\s?", f"\\s?{_NAMED_DAY}(?![A-Za-z])", "range", "Mon~Fri"),
    Decision("*", r"(?:^|[^A-Za-z])[A-Z]\s?", r"\s?[A-Z](?![A-Za-z])", "range", "A~Z"),
    Decision("zh yue", f"(?:{_PLACE})\\s?", f"\\s?(?:{_PLACE})", "range", "北京~上海, 小学~高中"),
    Decision("zh yue", f"{_FRIENDLY_HAN}", r"\s?\w", "pause", "好的~我来, 好的~3点见"),
    Decision("ko", f"{_FRIENDLY_HANGUL}", r"\s?[0-9A-Za-z가-힣]", "pause", "네~알겠습니다"),
    Decision("*", r"(?:^|[\s(（\[,，:：、。約约大共])", r"\s?[-+]?[$€£¥₩]?[0-9]", "about", "~20分钟"),
    Decision("ja", r"[ぁ-ゖ]", r"[ぁ-ゖァ-ヺ]", "long", "え〜っと"),
    Decision("ja", r"[ぁ-ゖ]\s?", r"\s?[一-鿿ァ-ヺ]", "range", "朝から〜夜 is rare; あさ〜夜"),
    Decision("ja", r"[一-鿿ァ-ヺー々]", r"[一-鿿ァ-ヺ]", "range", "東京〜大阪"),
    Decision("ja", r"[一-鿿ァ-ヺー]", r"[ぁ-ゖ]", "silent", "元気〜です"),
    Decision("ko", r"[가-힣]", r"[가-힣]", "range", "서울~부산"),
    Decision("zh yue ja ko", r"[^\W0-9_]", r"\s?[-+]?[0-9]", "about", "距离~20公里"),
    Decision("en", r"[A-Za-z]\s", r"[0-9$]", "about", "in ~20 minutes"),
    Decision("*", r"\w\s?", r"\s?\w", "pause", "Okay~ let's go"),
    Decision("*", r"", r"", "silent", "好的~, 네~!"),
)  # fmt: skip
"""What a tilde means, by what stands on both sides; the first row that fits counts."""

_TILDES = pattern(r"~+")
_REPLACED = {"range": "~", "long": "ー", "silent": ""}
_PAUSES = {"en": ", ", "ko": ", "}
_ABOUT = {"zh": "约", "yue": "約", "ja": "約", "ko": " 약 ", "en": " about "}
_SAYS_ABOUT = pattern(
    r"(?:[约約概大]|약|about|around|roughly|approx\.?)\s?\Z", re.IGNORECASE
)
_REACH = 12


def settle(text: str, language: str, changes: list[Token]) -> str:
    """Replace all tildes but those that the scanner says; add to ``changes``."""
    if "~" not in text:
        return text
    rows = _compiled(language)

    def replace(tildes: re.Match[str]) -> str:
        before = text[max(0, tildes.start() - _REACH) : tildes.start()]
        after = text[tildes.end() : tildes.end() + _REACH]
        row = next(
            row
            for row, left, right in rows
            if left.search(before) and right.match(after)
        )
        said = _said(row.meaning, language, before)
        changes.append(Token("tilde", tildes.group(), said, row.reason))
        return said

    return _TILDES.sub(replace, text)


def _said(meaning: Meaning, language: str, before: str) -> str:
    if meaning == "pause":
        return _PAUSES.get(language, "，")
    if meaning == "about":
        return " " if _SAYS_ABOUT.search(before) else _ABOUT[language]
    return _REPLACED[meaning]


@cache
def _compiled(
    language: str,
) -> tuple[tuple[Decision, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (row, pattern(f"(?:{row.before})\\Z"), pattern(row.after))
        for row in TILDES
        if row.languages == "*" or language in row.languages.split()
    )
