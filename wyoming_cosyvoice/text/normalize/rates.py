"""Amounts for one: 5,000원/인 is 인당 5,000원, 2時間/日 一日2時間, 2小时/天 2小时每天."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import any_of, pattern

KOREAN = {
    "일": "하루 ", "주": "주 ", "월": "월 ", "년": "연 ", "인": "인당 ", "명": "명당 ",
    "개": "개당 ", "회": "회당 ", "박": "박당 ", "장": "장당 ", "병": "병당 ", "팩": "팩당 ",
    "평": "평당 ", "시간": "시간당 ", "분": "분당 ", "권": "권당 ", "대": "대당 ", "건": "건당 ",
}  # fmt: skip
"""What stands before an amount that is for one: 인당 오천 원."""
_JAPANESE = {
    "日": "一日", "週": "週", "月": "月", "年": "年", "人": "一人", "回": "一回", "個": "一個",
    "枚": "一枚", "本": "一本", "台": "一台", "泊": "一泊", "名": "一名", "時間": "一時間",
    "分": "毎分", "件": "一件", "冊": "一冊", "袋": "一袋", "箱": "一箱",
}  # fmt: skip
_CHINESE = {
    "天": "每天", "日": "每日", "周": "每周", "週": "每週", "月": "每月", "年": "每年",
    "人": "每人", "次": "每次", "晚": "每晚", "节": "每节", "節": "每節", "场": "每场", "場": "每場",
}  # fmt: skip

_KOREAN_COUNTED = any_of("""
    [십백천]?[만억]?\\s?원 시간 분 회 번 정 알 포 잔 컵 병 개 명 건 대 끼 장 권 캡슐 스푼
""")
_JAPANESE_COUNTED = "万?円|時間|分|回|錠|杯|粒|包|本|個|枚|人|名|件|台|食|カプセル"
_CHINESE_COUNTED = "小时|小時|分钟|分鐘"
_NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"


def _rate(counted: str, one: dict[str, str], letters: str) -> re.Pattern[str]:
    """Return the pattern of an amount, a slash and the word that it is for."""
    amount = rf"(?<![0-9.,/]){_NUMBER}(?:[~-]{_NUMBER})?\s?(?:{counted})"
    words = "|".join(sorted(one, key=len, reverse=True))
    return pattern(rf"(?P<amount>{amount})/\s?(?P<one>{words})(?![{letters}0-9/])")


_RATES = {
    "ko": (_rate(_KOREAN_COUNTED, KOREAN, "가-힣"), KOREAN),
    "ja": (_rate(_JAPANESE_COUNTED, _JAPANESE, "一-鿿"), _JAPANESE),
    "zh": (_rate(_CHINESE_COUNTED, _CHINESE, "年月"), _CHINESE),
    "yue": (_rate(_CHINESE_COUNTED, _CHINESE, "年月"), _CHINESE),
}


def say_rates(text: str, language: str, changes: list[Token]) -> str:
    """Return ``text`` with the word that an amount is for where it is said."""
    if "/" not in text or language not in _RATES:
        return text
    found, one = _RATES[language]

    def replace(rate: re.Match[str]) -> str:
        word, amount = one[rate["one"]], rate["amount"]
        said = amount + word if one is _CHINESE else word + amount
        changes.append(Token("rate", rate.group(), said))
        return said

    return found.sub(replace, text)
