"""Decide whether a sign is a key of a telephone: press #, 按#号键."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

_PRESS_ENGLISH = any_of("press presses pressing dial hit enter push then or and the")
_PRESS_CJK = any_of("按下? 撳 请按 輸入 输入 누르 押 后按")
_PRESS = rf"(?:\b(?i:{_PRESS_ENGLISH})\s(?:the\s)?|{_PRESS_CJK}\s?)"
_KEY_CJK = any_of(
    "[号號]?[键鍵] 字[键鍵掣] 掣 キー ボタン を押 키 버튼 을_누르 를_누르"
)
_KEY = rf"\s?(?:(?i:key|sign|button)\b|{_KEY_CJK})"
_ENDS = r"\s?(?:$|[.,!?;，。！？、]|to\b|for\b|when\b|now\b|再|结束|返回|確認|确认)"

_NUMBERED = any_of("""
    apt apartment unit room suite acct account confirmation order tracking model serial flight
    license case ticket phone fax cell card member policy invoice
""")

KEYS = Table(
    "A key of a telephone",
    Row("*", "", "[#*]", _KEY, "key", "the # key, #键"),
    Row("zh yue", "[0-9]", "#", r"[\u4e00-\u9fff]", "named", "92#汽油"),
    Row("ja", "", "#", "[789][0-9]{3}(?![0-9])", "key", "#7119"),
    Row("en", r"\b(?i:my|your|his|her|our|their|phone|account|cell|the)\s", "#", r"\s(?:is|was)\b", "number", "my # is 555-0132"),
    Row("en", r"(?:^|\s)", r"\*", r"[0-9]{2,3}(?![0-9])", "key", "*611"),
    Row("en", r"\b(?i:press|dial|hit|or|enter)\s", "[#*]", r"[0-9](?![0-9])", "key", "press *9"),
    Row("en", rf"\b(?i:{_NUMBERED})\.?\s", "#", r"\s?(?:is|was|:|for|on)\b", "number", "my apt # is 12C"),
    Row("en", r"\S\s", "#", r"\s[0-9]", "number", "order # 12"),
    Row("en", "", "#", r"\s(?:of)\b", "number", "the # of items"),
    Row("*", _PRESS, "[#*]", _ENDS, "key", "press #, 按#结束"),
)  # fmt: skip
"""Without a row that fits it is the sign of a number, or silent."""

NAMES = {
    "zh": {"#": "井号", "*": "星号"},
    "yue": {"#": "井號", "*": "星號"},
    "ja": {"#": "シャープ", "*": "アスタリスク"},
    "ko": {"#": "우물정자", "*": "별표"},
    "en": {"#": "pound", "*": "star"},
}
"""What the keys are called."""
