"""Repair characters: what is invisible, broken or a mere variant of another.

Not NFKC: that would turn ，into a comma, ½ into 1⁄2 and ① into 1.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata

from wyoming_cosyvoice.text.patterns import any_of, pattern

_SURROGATE = pattern("[\ud800-\udfff]")
_HIGH_SURROGATE = pattern("[\ud800-\udbff]\\Z")

_FOLDS = {
    "℃": "°C", "℉": "°F", "º": "°", "˚": "°", "㎡": "m²", "㎥": "m³", "㎞": "km",
    "㎝": "cm", "㎜": "mm", "㎎": "mg", "㎏": "kg", "㏄": "cc", "㎖": "ml", "㎾": "kW",
    "㎐": "Hz", "㎑": "kHz", "㎒": "MHz", "㎓": "GHz", "㏈": "dB", "㎂": "µA", "μ": "µ",
    "㎧": "m/s", "㎩": "Pa", "㍱": "hPa", "㎪": "kPa", "㏗": "pH",
    "～": "~", "〜": "~", "∼": "~", "〰": "~",
    "−": "-", "‐": "-", "‑": "-", "﹣": "-", "⁃": "-", "‒": "–", "―": "—", "─": "—",
    "∆": "Δ", "≒": "≈", "№": "No.", "℡": "", "™": "", "®": "", "©": "",
    "½": " 1⁄2", "⅓": " 1⁄3", "⅔": " 2⁄3", "¼": " 1⁄4", "¾": " 3⁄4", "⅕": " 1⁄5",
    "⅖": " 2⁄5", "⅗": " 3⁄5", "⅘": " 4⁄5", "⅙": " 1⁄6", "⅚": " 5⁄6",
    "⅐": " 1⁄7", "⅑": " 1⁄9", "⅒": " 1⁄10",
    "⅛": " 1⁄8", "⅜": " 3⁄8", "⅝": " 5⁄8", "⅞": " 7⁄8", "∕": "/",
    "‘": "'", "’": "'", "ʼ": "'", "´": "'", "‚": ",", "„": '"', "“": "“", "″": '"',
    "′": "'",
    "￥": "¥", "￡": "£", "￠": "¢",
    "∶": ":", "≧": "≥", "≦": "≤", "〔": "（", "〕": "）",
    "￦": "₩", "､": "、", "｡": "。",
    "｢": "「", "｣": "」", "﹐": "，", "﹒": ".",
    "﹖": "？", "﹗": "！", "﹕": "：", "﹔": "；", "‥": "…",
    "⋯": "…", "\u2028": "\n", "\u2029": "\n\n",
    "\u0085": "\n", "\t": " ", "\u3000": " ",
}  # fmt: skip

# Full-width forms of ASCII, except the marks that are punctuation of their own.
_FULL_WIDTH = {
    code: chr(code - 0xFEE0)
    for code in range(0xFF01, 0xFF5F)
    if chr(code) not in "！（），：；？"
}
_CIRCLED = {0x2460 + i: f" {i + 1}、" for i in range(20)} | {
    0x2474 + i: f" {i + 1}、" for i in range(20)
}
_ROMAN_NUMERALS = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
)
_ROMAN = {0x2160 + i: name for i, name in enumerate(_ROMAN_NUMERALS)}
_TABLE: dict[int, str | None] = {
    **_FULL_WIDTH,
    **_CIRCLED,
    **_ROMAN,
    **{ord(char): folded for char, folded in _FOLDS.items()},
}
_NEVER_SEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\ue000-\uf8ff\U000e0000-\U0010ffff"
)
_INVISIBLE = pattern(f"[{_NEVER_SEEN}]")
# Half-width kana, letters in circles, ligatures, mathematical letters, squared words.
_COMPATIBLE = pattern(
    "[\uff66-\uff9f\u24b6-\u24e9\ufb00-\ufb06\u3220-\u33ff\U0001d400-\U0001d7ff]+"
)
_ENTITY = pattern("&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_OTHER_DIGIT = pattern(r"(?![0-9])\d")
_HAN_ZERO = pattern("(?<=[〇一二三四五六七八九])[○◯]|[○◯](?=[一二三四五六七八九])")
_RAISED = pattern("[⁰¹²³⁴-⁹⁺⁻]{2,9}|[⁰¹⁴-⁹⁺⁻]|[₀-₉]{1,9}")
# Thousands: １，０００ and 1，000元; behind them is no further digit.
_WIDE_COMMA = pattern("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_HALF_COMMA = pattern(
    "(?<![0-9.,，])[1-9][0-9]{0,2}(?:，[0-9]{3})+(?![0-9，])(?=[元円圆圓원块塊个個人名次件]|\\.[0-9])"
)
# What the rarer ones of these patterns need: a digit of another script, a raised sign.
_RARE = pattern(r"(?![0-9])\d|[○◯⁰¹²³⁴-⁹⁺⁻₀-₉\u00a0\u2007\u2009\u202f]")
# 10 000 with one of the narrow blanks that typographers put there.
_NARROW_BLANK = pattern("(?<=[0-9])[\u00a0\u2007\u2009\u202f](?=[0-9]{3}(?![0-9]))")
# Signs of programs: x != 0 && y == 1. A mark that ends a sentence touches no sign.
_UNEQUAL = pattern(r"(?<=[\w)\]] )!=(?= ?[\w'\"(-])|(?<=[\w)\]])!=(?=[\w'\"(-])")
# 5!=120 is no comparison but a factorial.
_FACTORIAL = pattern(
    r"(?<![\w.])(?P<n>[0-9]{1,2})!=(?=(?P<value>[0-9]{1,19})(?![A-Za-z0-9_.])|(?P=n)[×*·])"
)
_DEGREE_GAP = pattern(r"°\s(?=[CFNSEW](?![A-Za-z]))")
_CONTROL_TOKEN = pattern(r"<\|[^<>|\n]{0,40}\|>")
_COMMENT = pattern(r"<!--.{0,2000}?-->", re.DOTALL)
_TAG_NAME = any_of("""
    a b i u s p em strong span div br hr img ul ol li table tr td th thead tbody h[1-6]
    code pre sup sub small big mark del ins font center blockquote details summary kbd
    script style button input label section article ruby rt rp ha-[a-z-]+
""")
_TAG = pattern(rf"</?{_TAG_NAME}(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)
# Other tags are silent (<laugh>, <break time="1s"/>), unless what the brackets enclose
# is the word itself: <unknown>, <your name>, <未知>.
_ANY_TAG = pattern(
    r"<(?P<name>[/!?]?[A-Za-z][A-Za-z0-9_:.-]{0,40})(?P<more>[\s=][^<>\n]{0,200})?/?>"
)
_BRACKETED = pattern(r"<(?P<text>[^\x00-\x7f<>|\n][^<>|\n]{0,40})>")
_LARGEST = 20
"""The largest number whose factorial has no more than 19 digits."""
_PLACEHOLDERS = frozenset(
    """
    unknown none unavailable empty null nil undefined missing unnamed untitled anonymous
    name username user date time value number id email address city country title
    location device room password filename file url
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_TYPE_BEFORE = pattern(r"[A-Za-z]\Z")
_TYPES = frozenset(("int", "str", "string", "float", "bool", "any", "t", "object"))
_BROKEN_TAG = pattern(r"</?(?:a|span|img|font)\s[^<>]*\Z")


class CharacterRepair:
    """Mend text at the borders of its pieces, before anything else looks at it."""

    def __init__(self) -> None:
        self._held = ""
        self._has_ended_line = False  # by a \r whose \n may still come

    def feed(self, text: str) -> str:
        """Return ``text`` with surrogate halves joined, invisible characters gone."""
        if self._has_ended_line and text:
            self._has_ended_line = False
            text = text.removeprefix("\n")
        text = self._held + text
        held = _HIGH_SURROGATE.search(text)
        self._held = held.group() if held else "\r" if text.endswith("\r") else ""
        if self._held:
            text = text[:-1]
        return repair(text)

    def pause(self) -> str:
        """Return the line end that was held back; half a character stays."""
        if self._held != "\r":
            return ""
        self._held, self._has_ended_line = "", True
        return "\n"

    def finish(self) -> str:
        """Return what was held back."""
        held, self._held, self._has_ended_line = self._held, "", False
        return repair(held)


def repair(text: str) -> str:
    """Join surrogates, unify line ends and drop what can be neither seen nor said."""
    if not text:
        return text
    if _SURROGATE.search(text):
        data = text.encode("utf-16-le", "surrogatepass")
        text = data.decode("utf-16-le", "ignore")
        text = _SURROGATE.sub("", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """Fold variants of characters, resolve entities, drop tags and control tokens."""
    if "&" in text:
        text = _ENTITY.sub(_resolve, text)
    if "<" in text:
        text = _CONTROL_TOKEN.sub(" ", text)
        text = _COMMENT.sub(" ", text)
        text = _TAG.sub(_tag_mark, text)
        text = _ANY_TAG.sub(_unknown_tag, text)
        text = _BRACKETED.sub(r"\g<text>", text)
        text = _BROKEN_TAG.sub(" ", text)
    text = _WIDE_COMMA.sub(",", text) if "，" in text else text
    text = text.replace("\t", " ") if text.isascii() else _fold(text)
    if "!=" in text:
        text = _UNEQUAL.sub("≠", _FACTORIAL.sub(_factorial, text))
    return _DEGREE_GAP.sub("°", text) if "°" in text else text


def _factorial(sign: re.Match[str]) -> str:
    """Part the sign of a factorial from the equals sign if the value is right."""
    n, value = int(sign["n"]), sign["value"]
    is_right = value is None or (n <= _LARGEST and math.factorial(n) == int(value))
    return f"{n}! =" if is_right else sign.group()


def _resolve(entity: re.Match[str]) -> str:
    """Return the character of an entity; no private one."""
    return repair(html.unescape(entity.group()))


def _fold(text: str) -> str:
    """Write variants of characters in their usual form."""
    text = _COMPATIBLE.sub(_widen, unicodedata.normalize("NFC", text))
    text = text.translate(_TABLE)
    if _RARE.search(text):
        text = _HAN_ZERO.sub("〇", text)
        text = _OTHER_DIGIT.sub(_plain_digit, text)
        text = _RAISED.sub(_power, text)
        text = _NARROW_BLANK.sub(",", text)
    if "，" in text:
        text = _HALF_COMMA.sub(lambda number: number.group().replace("，", ","), text)
    return text


def _tag_mark(tag: re.Match[str]) -> str:
    """Leave a blank where a tag divides words."""
    name = tag.group().strip("</>").split()[0].lower() if tag.group()[1:2] else ""
    return " " if name in ("br", "td", "th", "li", "p", "div", "tr", "hr") else ""


def _unknown_tag(tag: re.Match[str]) -> str:
    """Drop a tag; keep a word that only stands in angle brackets."""
    name, more = tag["name"], tag["more"] or ""
    before = tag.string[max(0, tag.start() - 1) : tag.start()]
    is_word = name.lower() in _PLACEHOLDERS and not more
    is_phrase = bool(more.strip()) and "=" not in more and not before.isalnum()
    is_type = name.lower() in _TYPES and bool(_TYPE_BEFORE.match(before))
    if name[0] in "/!?" or not (is_word or is_phrase or is_type or "_" in name):
        return " " if before.isalnum() and more else ""
    gap = " " if before.isascii() and before.isalnum() else ""
    return gap + name + more


def _power(raised: re.Match[str]) -> str:
    """Write raised digits as a power, lowered ones as plain digits: CO₂ is CO2."""
    digits = unicodedata.normalize("NFKC", raised.group()).replace("−", "-")
    return digits if raised.group()[0] in "₀₁₂₃₄₅₆₇₈₉" else f"^{digits}"


def _plain_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit.group()))


def _widen(kana: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", kana.group())
