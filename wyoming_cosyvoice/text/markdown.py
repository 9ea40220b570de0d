"""Take Markdown and emoji out of a piece of text and leave what is to be said.

Language models write Markdown that CommonMark does not know, such as emphasis beside
CJK marks (``**注意：**请``), and sentences arrive that begin or end inside markup. So
this takes marks away wherever they stand, instead of parsing a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.patterns import any_of, pattern

if TYPE_CHECKING:
    import re

_FENCE = pattern(r"\s{0,3}(?:```|~~~)[^`\n]*$")
_RULE = pattern(r"\s*(?:[-*_=](?:\s*[-*_=]){2,}|={2,}|-{2,})\s*$")
_TABLE_RULE = pattern(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*){1,40}\|?\s*$")
_TABLE_ROW = pattern(r"\s*\|(.*?)\|?\s*$")
_QUOTE = pattern(r"\s{0,8}(?:>(?![0-9=])\s?){1,8}")
_HEADING = pattern(r"\s{0,8}#{1,6}\s+")
_HEADING_END = pattern(r"\s#{1,6}\s*$")
_BULLET = pattern(r"\s*(?:[-*+]\s+|[•‣▪◦●○■□▶►➤–]\s*)(?:\[[ xX]\]\s+)?")
_ORDERED = pattern(
    r"\s*(?:\*\*)?[(（]?([0-9]{1,3})(?:[.)）](?!\s?[0-9]{3,4}[ .-][0-9]{4})\s+"
    r"|[.)）、](?=[^\s0-9]))"
)

_IMAGE = pattern(r"!\[([^\]\n]{0,300})\]\([^()\n]{0,500}\)")
_LINK = pattern(r"\[([^\[\]\n]{0,300})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,500}\)")
_REFERENCE = pattern(r"\[([^\[\]\n]{1,300})\]\[[^\[\]\n]{0,100}\]")
_FOOTNOTE = pattern(r"\[\^[^\]\s]{1,32}\]:?")
_NUMBERS = r"\[[0-9]{1,3}(?:(?:, ?|[-–])[0-9]{1,3}){0,5}\]"
_CITATION = pattern(
    rf"(?<=[^\s\[])(?:\[[0-9]{{1,3}}\])+|(?<=[a-z)]) {_NUMBERS}(?=[.,;:!?]|$)"
    r"|【[0-9]{1,3}[†‡:：][^】\n]{0,20}】"
)
_CODE = pattern(r"`[^`\n]{1,200}`")
_INDEX = pattern(r"\[([^\[\]\n]{1,40})\]")
_LINK_TAIL = pattern(r"\]\((?:https?:|/|#|mailto:)[^()\s]{0,500}\)?")
_CHECK_BOX = pattern(r"(?:^|(?<=\s))\[[ xX]\](?=\s)")
_STRONG = pattern(r"\*{2,}|~~|`+")
_MARK = pattern(r"[*~`_\\]")
_STAR = pattern(r"\*")
# The best grades of the examinations of Hong Kong, 5* and 5**, are no emphasis.
_GRADE = pattern(r"(?<![0-9.,*$¥-])5\*{1,2}(?![0-9A-Za-z*])")
_EXAM = pattern(
    any_of("""
        DSE 文[憑凭][試试] [中英]文 [數数][學学] 通[識识] [0-9一二三四五六七]科 科目
        考[到獲获咗] [獲获]得 等[級级] 成[績绩] 狀元 5\\*[級级]
    """)
)
# The stars of a hotel or a review: a 5* hotel, 5*酒店.
_STARRED = pattern(
    r"(?<![0-9.,*$¥-])[1-7]\*(?=\s?"
    + any_of("""
        hotels? resorts? reviews? ratings? rated safety dining luxury
        级 級 酒店 宾馆 賓館 饭店 飯店 度假 民宿 好评 好評 评价 評價 餐厅
        ホテル 旅館 宿 評価 レビュー 호텔 리조트 숙소 평가 리뷰 급
    """)
    + ")"
)
_UNDERSCORE = pattern(
    r"(?<![A-Za-z0-9_])_{1,3}(?=[^\s_])|(?<=[^\s_])_{1,3}(?![A-Za-z0-9_])"
)
_ESCAPE = pattern(r"\\([\\`*_{}\[\]()#+.!|>~-])")

_EMOJI_BLOCKS = r"\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff"
_SIGN_BLOCKS = r"\u2300-\u23ff\u25a0-\u25ff\u2934\u2935\u3030\u303d\u3297\u3299\u20e3"
# ▲ before a number says that it has risen, in Japanese that it is negative.
_TREND = r"[▲△▼▽](?=\s?[$¥₩€£]?[0-9])|(?<=[0-9%])[▲▼]"
_MAY_BE_EMOJI = pattern(f"[{_EMOJI_BLOCKS}{_SIGN_BLOCKS}]")
_EMOJI = pattern(f"[ ]?(?:(?!{_TREND})[{_EMOJI_BLOCKS}{_SIGN_BLOCKS}])+")


_STROKES = 2
"""So many begin and end an absolute value: |-5| = 5."""


def strip_markdown(text: str, *, starts_line: bool) -> str:
    """Return the words of ``text``; block marks only count where a line starts."""
    if starts_line:
        text = _strip_block(text)
    if "[" in text or "【" in text:
        text = _CODE.sub(_in_code, text) if "`" in text else text
        text = _IMAGE.sub(r"\1", text)
        text = _LINK.sub(r"\1", text)
        text = _FOOTNOTE.sub("", text)
        text = _CITATION.sub("", text)
        text = _REFERENCE.sub(r"\1", text)
        text = _CHECK_BOX.sub("", text)
    if "](" in text:
        text = _LINK_TAIL.sub("", text)
    if "5*" in text and _EXAM.search(text):
        text = _GRADE.sub(_keep_grade, text)
    if "*" in text and _STARRED.search(text):
        text = _STARRED.sub(_keep_stars, text)
    if _MARK.search(text):
        text = _STRONG.sub("", text)
        text = _STAR.sub(_star, text)
        text = _UNDERSCORE.sub("", text)
        text = _ESCAPE.sub(r"\1", text)
    return text


def _strip_block(text: str) -> str:
    """Take the marks of headings, lists, quotes and tables off a line."""
    if text[:1].isalpha():
        return text
    line = text.rstrip("\n")
    if _FENCE.match(line) or _RULE.match(line) or _TABLE_RULE.match(line):
        return ""
    text = _QUOTE.sub("", text, count=1) if text.lstrip()[:1] == ">" else text
    heading = _HEADING.match(text)
    if heading:
        return _HEADING_END.sub("", text[heading.end() :])
    row = _TABLE_ROW.match(text)
    is_row = text.rstrip().endswith("|") or text.count("|") > _STROKES
    if row and is_row:
        cells = (cell.strip() for cell in row[1].split("|"))
        return "，".join(cell for cell in cells if cell)
    bullet = _BULLET.match(text)
    if bullet:
        text = text[bullet.end() :]
    number = _ORDERED.match(text)
    return f"{number[1]}、{text[number.end() :]}" if number else text


def _in_code(code: re.Match[str]) -> str:
    """Keep what stands in brackets in code: a[0] is no citation."""
    return _INDEX.sub(r" \1 ", code.group())


def strip_emoji(text: str) -> str:
    """Drop emoji; between two words one leaves a comma, as it is a pause there."""
    if text.isascii() or not _MAY_BE_EMOJI.search(text):
        return text
    return _EMOJI.sub(_pause, text)


def _pause(emoji: re.Match[str]) -> str:
    before = emoji.string[max(0, emoji.start() - 3) : emoji.start()].rstrip()[-1:]
    if emoji.group() in _STARS and before.isdecimal():
        return "★"
    if emoji.group() in _ACCIDENTALS and before in "ABCDEFG":
        return emoji.group()
    after = emoji.string[emoji.end() : emoji.end() + 3].lstrip()[:1]
    return "，" if before.isalnum() and after.isalnum() else " "


_STARS = frozenset(("★", "⭐", "⭐️", " ★", " ⭐"))
"""What is said behind a number: 4.6★."""
_ACCIDENTALS = frozenset("♭♯")
"""What is said behind a note: E♭."""


def _keep_grade(grade: re.Match[str]) -> str:
    """Write the stars of a grade as those that no markup has, if none is open there."""
    before = _GRADE.sub("", grade.string[: grade.start()])
    is_open = before.count("*") % 2 or before.count("**") % 2
    return grade.group() if is_open else grade.group().replace("*", "＊")


def _keep_stars(stars: re.Match[str]) -> str:
    """Write the stars of a hotel as ★, if no markup is open there."""
    is_open = stars.string.count("*", 0, stars.start()) % 2
    return stars.group() if is_open else stars.group().replace("*", "★")


def _star(star: re.Match[str]) -> str:
    """Keep a star that multiplies: digits or blanks on both sides of it."""
    before = star.string[star.start() - 1 : star.start()]
    after = star.string[star.end() : star.end() + 1]
    is_sign = (before.isdecimal() and after.isdecimal()) or (
        before == " " and after == " "
    )
    # A key of a telephone: *611.
    is_sign = is_sign or (before in ("", " ") and after.isdecimal())
    return "*" if is_sign else ""
