"""Find the written forms in a text and have them said.

One pass from left to right. Letters of CJK scripts, blanks and marks are copied; at
everything else the rules are tried in order until one is said.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.decisions.signs import LINKS
from wyoming_cosyvoice.text.hidden import HIDDEN
from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.normalize.rules import (
    BARE,
    PERCENT,
    QUANTITY,
    RANGE,
    SIGNS_OF_RULES,
    WORD,
    WORDS_AFTER_NUMBERS,
    WORDS_WITH_RULES,
    Rule,
    rules_for,
)
from wyoming_cosyvoice.text.normalize.verbaliser import Place
from wyoming_cosyvoice.text.patterns import any_of, pattern
from wyoming_cosyvoice.text.scripts import ANY_LATIN, CJK, LATIN

if TYPE_CHECKING:
    from wyoming_cosyvoice.text.normalize.verbaliser import Verbaliser

MARKS = "，。！？、；：,.?!;:'\"“”‘’（）()「」『』《》〈〉【】…—·"

# What a rule may start at: all but letters of other scripts, blanks and marks. A full stop or
# an apostrophe counts where a digit follows.
_PLAIN = f"[\\s{re.escape(MARKS)}{HIDDEN}]"
_GREEK = "[\u0370-\u03ff]"
_GREEK_SIGN = rf"(?<!{_GREEK})[\u00b5\u0370-\u03ff](?!{_GREEK})"
_DAY_IN_BRACKETS = "[(（](?=[月火水木金土日월화수목금토일一二三四五六][)）・、~])"
_FACTORIAL = r"\((?=[a-z][^()\n]{0,10}\)!)"
_MARK_BEFORE_NUMBER = (
    r"(?<!\.)\.(?=[0-9])|(?<![^\s(])\.(?=[A-Za-z]{2})"
    rf"|['(](?=[0-9])|{_FACTORIAL}|[–—](?=\s?[0-9])"
)
# Most letters of the scripts that are copied fail at once.
_COPIED = "[一-鿿ぁ-ゖァ-ヺ가-힣]"
_MAY_START = (
    rf"[A-Za-z0-9]|(?![×÷])[{LATIN}]|{_MARK_BEFORE_NUMBER}|(?!{_PLAIN})[\W_]|[²³]"
    rf"|{_GREEK_SIGN}|{_DAY_IN_BRACKETS}|\d"
)
_START = pattern(f"(?!{_COPIED})(?:{_MAY_START})")
_SIGN = pattern(r"[-+±]\.?[0-9]|\.[0-9]")
# Shortcuts: most words are plain, most numbers stand before a word of a CJK script.
_PLAIN_WORD = pattern(r"[A-Za-z][a-z]{2,}(?=[ ,!?;]|[.:]?\Z|: )")
_BEFORE_WORD = pattern(r"[0-9]{1,4}(?= (?P<word>[a-z]{3,})(?:[ ,!?;]|[.:]?\Z))")
_BEFORE_CJK = pattern(
    rf"[0-9]{{1,13}}(?![万亿萬億兆十百千만억조천백又と과와])(?=[{CJK}])"
)
# The number of a list: ① is written as 1、 before it comes here.
_LISTED = pattern(r"(?<!\S)(?:[1-9]|1[0-9]|20)(?=、)")
# So do the percentages and quantities of a home, up to a word, a mark or the end.
_WORD_BEFORE_CJK = pattern(f"[A-Za-z]{{1,20}}(?=[{CJK}])")
_RANGE_BEFORE_CJK = pattern(rf"[0-9]{{1,4}}~[0-9]{{1,4}}(?=[{CJK}])")
_SHORT_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
_ENDS = f"(?=[{CJK}，。、！？]|,[ {CJK}]|\\.?\\Z)"
_BEFORE_PERCENT = pattern(rf"{_SHORT_NUMBER}%{_ENDS}")
_BEFORE_UNIT = pattern(
    rf"{_SHORT_NUMBER} ?"
    + any_of("""
        °[CF] kWh Wh kW [hk]Pa ppm [kKMG]Hz lx dB [MGT]B [km]g [mck]m km/h mL ml m/s mm/h W/m² µg/m³ [MG]bps m²
    """)
    + _ENDS
)
# Weapons and ships of space have a hyphen before their number: 歼-20, 东风-41.
_CRAFT = any_of("""
    [歼殲轰轟运運直武苏蘇图圖] 东风 東風 巨浪 红旗 紅旗 长征 長征 神舟 嫦娥 天宫 天宮 鹰击 鷹擊 霹雳 米格 空客 波音 猎鹰 獵鷹 海鹞 龙 龍
""")
_NO_SIGN_AFTER = pattern(rf"(?:[A-Za-z0-9)\]_²³π]|{_CRAFT})\Z")


def scan(text: str, verbaliser: Verbaliser) -> tuple[str, list[Token]]:
    """Return ``text`` as it is said, and what was said in another way than written."""
    pieces: list[str] = []
    tokens: list[Token] = []
    signs = SIGNS_OF_RULES.intersection(text.rstrip("."))
    position = 0
    has_lists = "、" in text
    while match := _START.search(text, position):
        start = match.start()
        if end := _end_of_plain_word(text, start):
            pieces.append(_apart(pieces, text[position:end]))
            position = end
            continue
        pieces.append(text[position:start])
        if has_lists and (listed := _LISTED.match(text, start)):
            token = _listed(verbaliser, listed.group())
            pieces.append(token.spoken)
            tokens.append(token)
            position = listed.end()
            continue
        token, position = _say(text, start, signs, verbaliser)
        pieces.append(_apart(pieces, token.spoken))
        rest, used = verbaliser.following(token.spoken, text[position : position + 4])
        pieces.append(rest)
        position += used
        if position < len(text) and _needs_blank(token.spoken[-1:], text[position]):
            pieces.append(" ")
        if token.spoken != token.written:
            tokens.append(token)
    pieces.append(text[position:])
    return "".join(pieces), tokens


@lru_cache(maxsize=256)
def _listed(verbaliser: Verbaliser, number: str) -> Token:
    """Say the number before an item of a list, as a number on its own."""
    return Token("number", number, verbaliser.written(verbaliser.number(number)))


def _end_of_plain_word(text: str, start: int) -> int:
    """Return where a word in small letters ends that no rule changes; 0 if it may."""
    word = _PLAIN_WORD.match(text, start)
    if word is None or (start and not text[start - 1].isspace()):
        return 0
    return 0 if word.group().lower() in WORDS_WITH_RULES else word.end()


def _is_before_plain_word(text: str, start: int) -> bool:
    """Whether a whole number stands alone before a word that no unit looks like."""
    if start and text[start - 1] != " ":
        return False
    number = _BEFORE_WORD.match(text, start)
    return number is not None and number["word"] not in WORDS_AFTER_NUMBERS


def _say(
    text: str, start: int, signs: frozenset[str], verbaliser: Verbaliser
) -> tuple[Token, int]:
    """Try the rules at ``start``; the last one always matches."""
    for rule in _rules_at(text, start, signs):
        match = rule.pattern.match(text, start)
        if match is None or match.end() == start:
            continue
        say = getattr(verbaliser, f"say_{rule.kind}", None)
        spoken = say(match, Place(text, start, match.end())) if say else None
        if spoken is None and rule.kind == "marked":
            spoken, _ = scan(match["body"], verbaliser)
        if spoken is not None:
            reason = getattr(spoken, "reason", "")
            said = verbaliser.written(spoken)
            return Token(rule.kind, match.group(), said, reason), match.end()
    return Token("symbol", text[start], " "), start + 1


def _rules_at(text: str, start: int, signs: frozenset[str]) -> tuple[Rule, ...]:
    char = text[start]
    if "0" <= char <= "9":
        if _BEFORE_CJK.match(text, start) or _is_before_plain_word(text, start):
            return BARE
        if _RANGE_BEFORE_CJK.match(text, start):
            return RANGE
        if _BEFORE_PERCENT.match(text, start):
            return PERCENT
        if _BEFORE_UNIT.match(text, start):
            return QUANTITY
        return rules_for("digit", signs)
    if char.isalpha() and ANY_LATIN.match(char):
        if _WORD_BEFORE_CJK.match(text, start):
            return WORD
        return rules_for("letter", signs)
    if char == "-" and LINKS.decide(
        "en", char, text[max(0, start - 3) : start], text[start + 1 : start + 16]
    ):
        return rules_for("symbol", signs)
    if _SIGN.match(text, start) and not _NO_SIGN_AFTER.search(
        text[max(0, start - 2) : start]
    ):
        return rules_for("digit", signs) + rules_for("symbol", signs)
    return rules_for("symbol", signs)


def _apart(pieces: list[str], spoken: str) -> str:
    """Keep a spoken form off a Latin or Hangul word that it follows."""
    for piece in reversed(pieces):
        if piece:
            return " " + spoken if _needs_blank(piece[-1], spoken[:1]) else spoken
    return spoken


def _needs_blank(left: str, right: str) -> bool:
    return (
        left.isalnum()
        and right.isalnum()
        and not (_IS_CJK.match(left) or _IS_CJK.match(right))
    )


_IS_CJK = pattern(f"[{CJK}]")
