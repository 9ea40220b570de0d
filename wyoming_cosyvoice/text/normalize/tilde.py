"""Replace tildes by what they mean, but those that the scanner says."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.tildes import TILDES
from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.patterns import pattern

_TILDES = pattern(r"~+")
_REPLACED = {"range": "~", "long": "ー", "silent": ""}
_FROM = {"ja": "から", "ko": "부터"}
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

    def replace(tildes: re.Match[str]) -> str:
        before = text[max(0, tildes.start() - _REACH) : tildes.start()]
        after = text[tildes.end() : tildes.end() + _REACH]
        row = TILDES.decide(language, tildes.group(), before, after)
        if row is None:
            return ""
        said = _said(row.meaning, language, before)
        changes.append(Token("tilde", tildes.group(), said, row.reason))
        return said

    return _TILDES.sub(replace, text)


def _said(meaning: str, language: str, before: str) -> str:
    if meaning == "pause":
        return _PAUSES.get(language, "，")
    if meaning == "from":
        return _FROM[language]
    if meaning == "about":
        return " " if _SAYS_ABOUT.search(before) else _ABOUT[language]
    return _REPLACED[meaning]
