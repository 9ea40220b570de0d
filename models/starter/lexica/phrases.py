"""Make the list by which the product reads Chinese phrases.

    python -m models.starter.lexica.phrases

``phrases.txt``: the phrases of pypinyin, as syllables with tones 1 to 5; sorted by
bytes, so that the product can search the file without loading it. A phrase that is read
like its characters has no syllables.
"""

from __future__ import annotations

from pathlib import Path

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

DATA = Path(__file__).resolve().parents[3] / "wyoming_cosyvoice/tokenizer/data"


def syllables(word: str) -> list[str]:
    """Read a phrase or a character as pypinyin does."""
    return lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)


def rows() -> dict[str, list[str]]:
    """Return what stands in the file, in its order."""
    found = {}
    for phrase in PHRASES_DICT:
        said = syllables(phrase)
        usual = [syllable for each in phrase for syllable in syllables(each)]
        found[phrase] = [] if said == usual else said
    return dict(sorted(found.items(), key=lambda row: row[0].encode()))


def main() -> None:
    """Write the file."""
    found = rows()
    lines = (f"{word}\t{' '.join(said)}\n" for word, said in found.items())
    (DATA / "phrases.txt").write_text("".join(lines), encoding="utf-8")
    print(f"{len(found)} phrases")


if __name__ == "__main__":
    main()
