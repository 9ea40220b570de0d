"""Corrections of the dictionary: words whose reading depends on their neighbours.

The cheapest path takes the same reading of a spelling everywhere: 開く is always
ヒラク there. Each row is one decision; the first that fits counts.
"""

from __future__ import annotations

import re
from typing import NamedTuple

COMPOUNDS = {
    "右上": "ミギウエ", "右下": "ミギシタ", "左上": "ヒダリウエ", "左下": "ヒダリシタ", "晴れのち": "ハレノチ", "曇りのち": "クモリノチ",
    "雨のち": "アメノチ", "毎月末": "マイゲツマツ", "送出": "ソーシュツ", "明後日": "アサッテ", "入退室": "ニュータイシツ",
    "宮崎駿": "ミヤザキハヤオ", "宮﨑駿": "ミヤザキハヤオ",
}  # fmt: skip
"""What is read as one word, whatever it is made of."""


class Row(NamedTuple):
    """The spelling of a word, its reading, and the text around it."""

    before: str
    """The text in front ends with this pattern."""
    written: str
    after: str
    """The text behind begins with this pattern."""
    said: str


def _verb(before: str, after: str, forms: str) -> list[Row]:
    """Return a row for each form of a verb: ``開い=アイ 開き=アキ``."""
    split = (form.split("=") for form in forms.split())
    return [Row(before, written, after, said) for written, said in split]


ROWS = (
    Row("", "値", "", "アタイ"),
    Row("", "行", "", "ギョー"),
    Row("", "後", "[、。]|$", "アト"),
    Row(
        "",
        "空",
        "(?:に(?:な|し)|の(?:箱|容器|ボトル|カップ|タンク|まま)|です|でした|っぽ)",
        "カラ",
    ),
    Row("(?:[のな]|い|た)", "方", "(?:は|が|も|に(?:は|も)|々|へ)(?!が)", "カタ"),
    *_verb(
        "[がも][^をがも]{0,6}", "", "開い=アイ 開き=アキ 開く=アク 開か=アカ 開け=アケ"
    ),
    *_verb("(?:を|から|で|に)", "", "降り=オリ 降りる=オリル"),
    *_verb("", "", "降り=フリ 降っ=フッ 降る=フル 降ら=フラ"),
    *_verb("(?:時間|期間|月日|年|日)が", "", "経っ=タッ 経つ=タツ"),
)

_BEFORE = {row: re.compile(f"(?:{row.before})\\Z") for row in ROWS}
_AFTER = {row: re.compile(row.after) for row in ROWS}
_BY_WORD: dict[str, list[Row]] = {}
for _row in ROWS:
    _BY_WORD.setdefault(_row.written, []).append(_row)
_COMPOUND = re.compile("|".join(COMPOUNDS))


def add_compounds(text: str, read: dict[int, tuple[int, str]]) -> None:
    """Add the compounds of a text to the words of it that have been read before.

    ``read`` has where each begins, to where it ends and how it is said.
    """
    taken = {place for start, (end, _) in read.items() for place in range(start, end)}
    for match in _COMPOUND.finditer(text):
        if taken.isdisjoint(range(*match.span())):
            read[match.start()] = match.end(), COMPOUNDS[match.group()]


def said(before: str, written: str, after: str) -> str | None:
    """Return how a word is said between these texts; None: as the dictionary has it."""
    for row in _BY_WORD.get(written, ()):
        if _BEFORE[row].search(before) and _AFTER[row].match(after):
            return row.said
    return None
