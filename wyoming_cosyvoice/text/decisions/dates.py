"""Decide whether two numbers with a hyphen or a slash are a month and a day.

What a slash means is decided by ``slashes``; these rows are for what that leaves open.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of
from wyoming_cosyvoice.text.scripts import CJK

_ASKS_CJK = any_of("日期 定于 截止 予定 期限 締切 날짜 예정 週末.{0,3} から")
_ASKS_WEEK = "[来先今](?:週|月).{0,6}"
_ASKS_ENGLISH = any_of("""
    date due on by until since before after from through expires? starting
""")
_ASKS = rf"(?:{_ASKS_CJK}|{_ASKS_WEEK}|(?i:{_ASKS_ENGLISH}))[是为は：:은는]?\s?"
_FOLLOWS_CJK = any_of(
    "から まで 前 之前 以前 起 号 (?:の|に)(?:予定|開催) です \\s?(?:周|週|星期)"
)
_FOLLOWS = rf"\s?(?:{_FOLLOWS_CJK}|[(（](?:月|火|水|木|金|土|日|周|一|二|三|四|五|六))"
_COUNTED = r"\s?(?:cup|of|inch|mile|hour|가|이|は|を|個|的|left|full)"

_PERIOD_WORD = any_of("""
    时间 時間 期间 期間 日期 日程 活动 活動 会期 開催 기간 일정 접수 행사 전시 공연 모집
""")
_PERIOD = rf"{_PERIOD_WORD}[为為是は은는:：\s]{{0,3}}"
_WEEKDAY = r"(?:(?:[周週]|星期)[一二三四五六日天]|曜日?|요일)\s?[（(]"
_HAPPENS = "[起前开開至到截上出放举舉晚早下]"
_TIME_OF_DAY = "晚[上间間0-9]|早[上晨0-9]|凌晨|上午|下午|中午|[周週][一二三四五六日]"
_DATED_WORD = any_of("""
    期限 消費期限 製造 年月日 日付 日期 [有生][效产][期日] 保质期 유통기한 소비기한 제조일?자? 기한 날짜 생년월일
""")
_DATED = rf"{_DATED_WORD}[はは은는이가至到为為：:\s]{{0,3}}"
_EVENT_KOREAN = any_of("""
    절 전쟁 혁명 사태 민주화 운동 항쟁 사건 광복 만세 테러 대책 쿠데타 총선 대선 지방선거 참사 선언
""")
_EVENT_HAN = any_of(
    "事变 事變 事件 运动 運動 地震 晚会 晚會 惨案 起义 起義 广场 購物節 购物节"
)

NAMED_DAYS = Table(
    "A day that is a name",
    Row("*", "", ".+·.+", "", "name", "3·15"),
    Row("ko", "(?:^|[^0-9A-Za-z.])", "1?[0-9][.][0-9]{1,2}", rf"\s?{_EVENT_KOREAN}", "name", "6.25 전쟁, 3.1절"),
    Row("zh yue", "(?:^|[^0-9A-Za-z.])", "1?[0-9][.][0-9]{1,2}", _EVENT_HAN, "name", "9.18事变"),
)  # fmt: skip
"""Without a row that fits it is a number."""

DATES = Table(
    "A month and a day",
    Row("zh yue ja ko", _PERIOD, r"[0-9.]+\s?[-~–—]\s?[0-9.]+", "", "period", "기간: 11.28~12.5"),
    Row("zh yue", "", r"1?[0-9]\.[0-9]{1,2}", rf"[日号號]{_HAPPENS}", "date", "12.1日起"),
    Row("zh yue ja ko", _WEEKDAY, r"1?[0-9]\.[0-9]{1,2}", "[)）]", "date", "周六（12.6）"),
    Row("ja", "[町村区市条西東南北台本原野川目]", ".+-.+", "", "number", "北1条西2-1です"),
    Row("zh yue", "(?:[今明昨后]天|[聽听尋琴]日)[是为係]?", r"1?[0-9]\.[0-9]{1,2}", "", "date", "今天是11.29"),
    Row("zh yue", "", r"1?[0-9]\.[0-9]{1,2}", _TIME_OF_DAY, "date", "12.8晚8点"),
    Row("zh yue ja ko", _DATED, r"[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,2}", "", "short date", "賞味期限：26.3.15"),
    Row("ja ko", "", r"2[0-9]\.[0-9]{1,2}\.[0-9]{1,2}", r"\s?[(（][月火水木金土日월화수목금토일]", "short date", "25.12.7(일)"),
    Row("zh yue ja ko", "", r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}", "", "number", "1.26.4"),
    Row("*", "", r".+\..+", r"\s?[(（][月火水木金土日월화수목금토일][)）~・]", "date", "11.30(토)"),
    Row("*", "", r".+\..+", "", "number", "12.25"),
    Row("*", "", "", _COUNTED, "number", "3/4 cup"),
    Row("*", _ASKS, ".+/.+", "", "date", "due 12/25"),
    Row("*", "[(（]", ".+/.+", "[)）(（]", "date", "圣诞节(12/25)"),
    Row("*", "", ".+-.+", rf"(?=[{CJK}]){_FOLLOWS}", "date", "12-25起"),
    Row("*", "", ".+-.+", "", "number", "12-25"),
    Row("*", r"[=+*×÷]\s?", "", "", "number", "= 3/4"),
    Row("*", "", ".+/.+", _FOLLOWS, "date", "12/25から"),
)  # fmt: skip
