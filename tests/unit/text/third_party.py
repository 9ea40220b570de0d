"""Compare the front end with the public test tables of other projects.

A development check, not a test: nothing of those tables is part of this project. Give
it the work tree or the ``git archive`` of WeTextProcessing or NeMo-text-processing:

    python -m tests.unit.text.third_party DIRECTORY [--show SUITE]

Left out are lines without a digit and the tables of other purposes: addresses,
electronic names, whitelists, serial numbers, Roman numerals and words.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from tests.unit.text.comparison import UNSPEAKABLE, comparable
from wyoming_cosyvoice.text.cleanup import clean
from wyoming_cosyvoice.text.normalize import normalize

SUITES = {
    "WeText zh": ("tn/chinese/test/data", "zh"),
    "WeText en": ("tn/english/test/data", "en"),
    "WeText ja": ("tn/japanese/test/data", "ja"),
    "NeMo zh": ("tests/nemo_text_processing/zh/data_text_normalization", "zh"),
    "NeMo en": ("tests/nemo_text_processing/en/data_text_normalization", "en"),
    "NeMo ja": ("tests/nemo_text_processing/ja/data_text_normalization", "ja"),
    "NeMo ko": ("tests/nemo_text_processing/ko/data_text_normalization", "ko"),
}
LEFT_OUT = re.compile(
    r"word|whitelist|address|electronic|roman|serial|char|processor|oov|audio"
)


def main() -> None:
    """Print how many lines of each table are said as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--show", default="", help="print the misses of this suite")
    arguments = parser.parse_args()
    for suite, (folder, language) in SUITES.items():
        paths = sorted((arguments.directory / folder).glob("*.txt"))
        rows = [(path, *row) for path in paths for row in _rows(path)]
        if not rows:
            continue
        misses = []
        for path, written, expected in rows:
            spoken, _ = normalize(clean(written), language)
            if UNSPEAKABLE.search(spoken) or _same(spoken, language) != _same(
                expected, language
            ):
                misses.append((path.stem, written, spoken, expected))
        right = len(rows) - len(misses)
        print(f"{suite}: {right}/{len(rows)} = {right / len(rows):.1%}")  # noqa: T201
        if arguments.show and arguments.show in suite:
            for miss in misses:
                print(*miss, sep=" | ")  # noqa: T201


def _rows(path: Path) -> list[tuple[str, str]]:
    if LEFT_OUT.search(path.stem):
        return []
    rows = []
    for line in path.read_text("utf-8").splitlines():
        written, mark, expected = line.partition(" => ")
        if not mark:
            written, mark, expected = line.partition("~")
        if mark and re.search(r"[0-9０-９]", written):
            rows.append((written, expected))
    return rows


def _same(text: str, language: str) -> str:
    """Drop what the suites differ in: 两/二, 幺/一, 공/영, ゼロ/零 and "and"."""
    text = comparable(text, language)
    for one, other in (("两", "二"), ("幺", "一"), ("공", "영"), ("ゼロ", "零")):
        text = text.replace(one, other)
    if language != "en":
        return text
    words = re.sub(r"\boh\b", "zero", text).split()
    # Without blanks: P M EST is PM EST, ninth's with either apostrophe the same.
    return "".join(word for word in words if word != "and")


if __name__ == "__main__":
    main()
