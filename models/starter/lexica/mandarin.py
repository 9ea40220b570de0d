"""Make the dictionary by which the product splits Chinese into words.

    python -m models.starter.lexica.mandarin

``mandarin.txt``: words of jieba's dictionary (MIT) that its corpus has at least three
times, and all its characters, each with -100 ln of its share, and a ``v`` behind it if
it is a word of two characters or more that says what is done or how something is;
sorted by bytes, so that the product can search the file without loading it.
"""

from __future__ import annotations

import math
import re
from importlib import resources
from pathlib import Path

from wyoming_cosyvoice.tokenizer.words_zh import LONGEST

DATA = Path(__file__).resolve().parents[3] / "wyoming_cosyvoice/tokenizer/data"
LEAST = 3
VERBAL = frozenset(("v", "vn", "vd", "vi", "vq", "a", "ad", "an", "b", "z", "i", "l"))
"""jieba's tags of verbs, adjectives and set phrases."""

_WORD = re.compile(rf"[\u3400-\u9fff]{{1,{LONGEST}}}")


def main() -> None:
    """Write the file."""
    text = (resources.files("jieba") / "dict.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines()]
    counts = {word: int(count) for word, count, *_ in rows}
    verbal = {row[0] for row in rows if len(row[0]) > 1 and row[-1] in VERBAL}
    total = math.log(sum(counts.values()))
    lines = [
        f"{word}\t{round(100 * (total - math.log(max(1, count))))}"
        + "v" * (word in verbal)
        for word, count in counts.items()
        if _WORD.fullmatch(word) and (len(word) == 1 or count >= LEAST)
    ]
    lines.sort(key=lambda line: line.partition("\t")[0].encode())
    content = "\n".join(lines) + "\n"
    (DATA / "mandarin.txt").write_text(content, encoding="utf-8")
    print(f"{len(lines)} words")


if __name__ == "__main__":
    main()
