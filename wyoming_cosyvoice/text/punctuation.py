"""Marks as the model knows them, and a full stop where none was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.sentence import SPACED

if TYPE_CHECKING:
    import re

# One token each for the Whisper vocabulary; the full-width forms take three, except
# 。 and 、, which take one.
_WIDTHS = str.maketrans(
    {"，": ",", "！": "!", "？": "?", "；": ";", "：": ":", "｡": "。"}
)

_QUESTION_END = {
    "zh": pattern(
        r"[吗嗎]$|(?:谁|誰|什么|什麼|哪|怎么|怎麼|为何|為何|多少|几|幾|是否).{0,20}呢$|(?:什么|什麼|怎么样|怎麼樣|多少|几点|幾點|哪里|哪裡|是不是|好不好|要不要)$"
    ),
    "yue": pattern(r"[咩嗎呢吖]$|未$"),
    "ja": pattern(r"(?:です|ます|でしょう|ません|ました)か$|かな$"),
    "ko": pattern(r"(?:까|나요|은가요|는가요|ㄴ가요|인가요|을까요|ㄹ까요|지요|죠)$"),
}
_TRAILING = pattern(r"[\s,，、;；:：—–\-·]+$")
_ENDERS = ".。!?！？…"


def complete(text: str, language: str, *, is_clause: bool = False) -> str:
    """Give ``text`` the mark at its end that it needs, in the width of its language.

    A clause whose sentence continues keeps a comma.
    """
    text = _TRAILING.sub("", text.strip())
    if not text:
        return ""
    if text[-1] not in _ENDERS:
        text += _mark(text, language, is_clause=is_clause)
    return to_model_width(text, language)


def _mark(text: str, language: str, *, is_clause: bool) -> str:
    if is_clause:
        return ","
    question = _QUESTION_END.get(language)
    if (
        language != "en"
        and question
        and question.search(text)
        and not text.endswith("吧")
    ):
        return "?"
    return "." if language in SPACED else "。"


def to_model_width(text: str, language: str) -> str:
    """Write marks in the width that takes the fewest tokens, one at a time."""
    text = _REPEATED.sub(_strongest, text.translate(_WIDTHS))
    text = _LEADING.sub("", text)
    if language in SPACED:
        text = text.replace("。", ".").replace("、", ",")
        return _UNSPACED.sub(_with_blank, _BLANK_BEFORE.sub("", text)).strip()
    if _BLANK.search(text):
        text = _BLANK_AROUND.sub("", text)
    if text.endswith(".") and not text.endswith(".."):
        return text[:-1] + "。"
    return text


def _with_blank(mark: re.Match[str]) -> str:
    return mark.group() + " "


def _strongest(marks: re.Match[str]) -> str:
    """Keep the mark of a run that ends a sentence, or else its first."""
    run = marks.group()
    found = next((mark for mark in "?!。." if mark in run), "")
    return (
        "…"
        if run.strip().startswith("..") or ("…" in run and not found)
        else found or run[0]
    )


_REPEATED = pattern(r"[,.。、!?;:…](?:\s*[,.。、!?;:…])+")
_LEADING = pattern(r"^[\s,.。、!?;:…]+(?=\w)")
# Each begins with what it looks for, so that most places fail at once.
_UNSPACED = pattern(r"[,.!?;:…](?!(?<=\d[,.:])\d)(?=[^\s,.!?;:…])")
_BLANK_BEFORE = pattern(r"\s+(?=[,.!?;:…])")
_BLANK = pattern(r"\s")
_BLANK_AROUND = pattern(r"\s+(?=[,。、!?;:…])|(?<=[,。、!?;:…])\s+")
