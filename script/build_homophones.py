#!/usr/bin/env python3
"""Build ``wyoming_cosyvoice/text/homophones.py``: one character per spoken syllable.

A character represents a syllable if it has no other reading and is in daily use (GB
2312; for Cantonese its Traditional form). Needs pypinyin, ToJyutping, OpenCC and a
file of word counts in the form of jieba's ``dict.txt`` (word, count, tag), from which
the most frequent character is chosen.

    python script/build_homophones.py WORD_COUNTS
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import opencc
import pypinyin
import ToJyutping

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = Path(__file__).parent.parent / "wyoming_cosyvoice" / "text" / "homophones.py"
# Syllables whose only common character has another reading that is out of use.
HAND_PICKED_PINYIN = {
    "wen1": "温",
    "nv3": "女",
    "hao3": "郝",
    "ma5": "嘛",
    "ba5": "吧",
    "ne5": "呢",
}
HAND_PICKED_JYUTPING = {"ngan4": "銀", "wan1": "溫", "syu1": "書"}

WIDTH = 70
RAREST = 300
"""Characters that are rarer than this are not known well enough to the model."""

HEADER = '''"""Characters with one reading, for each syllable that has one.

Made by ``script/build_homophones.py`` from the readings of pypinyin and ToJyutping
(both under permissive licences). ``syllable character`` pairs: Pinyin with tone 1 to 4
(5 for the neutral tone), ``v`` for ü; Jyutping with tone 1 to 6.
"""

'''


def main() -> None:
    """Write the table."""
    counts: Counter[str] = Counter()
    for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
        word, count, *_ = line.split(" ")
        for char in word:
            counts[char] += int(count)
    simplified = _characters("gb2312", range(0xB0, 0xF8))
    traditional = _characters("big5", range(0xA4, 0xC7))
    pinyin = HAND_PICKED_PINYIN | _choose(simplified, _pinyin_readings, counts)
    jyutping = HAND_PICKED_JYUTPING | _choose(traditional, _jyutping_readings, counts)
    TARGET.write_text(
        HEADER + _block("PINYIN", pinyin) + "\n" + _block("JYUTPING", jyutping), "utf-8"
    )
    print(len(pinyin), "Pinyin and", len(jyutping), "Jyutping syllables")


def _characters(encoding: str, rows: range) -> list[str]:
    found = []
    for row in rows:
        for cell in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            try:
                found.append(bytes([row, cell]).decode(encoding))
            except UnicodeDecodeError:
                continue
    return [char for char in found if "\u4e00" <= char <= "\u9fff"]


def _pinyin_readings(char: str) -> list[str]:
    return pypinyin.pinyin(
        char, style=pypinyin.Style.TONE3, heteronym=True, neutral_tone_with_five=True
    )[0]


def _jyutping_readings(char: str) -> list[str]:
    found = ToJyutping.get_jyutping_candidates(char)
    # Dropped or merged initials are a way of speaking, not another reading.
    merged = {_merge_initials(reading): reading for reading in reversed(found[0][1])}
    return list(merged.values())


def _merge_initials(reading: str) -> str:
    if reading.startswith("ng"):
        return reading[2:]
    return "l" + reading[1:] if reading.startswith("n") else reading


def _simplified(char: str) -> str:
    return _TO_SIMPLIFIED.convert(char)


_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def _choose(
    characters: list[str],
    readings_of: Callable[[str], list[str]],
    counts: Counter[str],
) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for char in sorted(characters, key=lambda char: -counts[_simplified(char)]):
        readings = readings_of(char)
        if len(readings) == 1 and counts[_simplified(char)] >= RAREST:
            chosen.setdefault(readings[0], char)
    return chosen


def _block(name: str, table: dict[str, str]) -> str:
    lines, line = [], ""
    for syllable, char in sorted(table.items()):
        pair = f"{syllable} {char}"
        if len(line) + len(pair) > WIDTH:
            lines.append(line)
            line = ""
        line += pair + " "
    lines.append(line)
    body = "\n".join(f'    "{line}"' for line in lines)
    return f"{name} = (\n{body}\n)\n"


if __name__ == "__main__":
    main()
