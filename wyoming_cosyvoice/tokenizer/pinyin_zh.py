"""Chinese words -> pinyin syllables, by pypinyin and a file of its phrases.

The 47,000 phrases are searched in the file (``models/starter/lexica/phrases.py``), so a
server need not hold them in memory, see ``leave_phrases_on_disk``.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

# A phrase without syllables is read like its characters.
_PHRASES = SortedLines(Path(__file__).with_name("data") / "phrases.txt")


def leave_phrases_on_disk() -> None:
    """Let pypinyin be imported without its phrases, which take 44 MB.

    For programs of ours: another one may use pypinyin for itself.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")


def read(word: str) -> list[str]:
    """Read each character as a syllable with its tone, 1 to 5; empty if unknown.

    The longest phrases that follow each other count.
    """
    found: list[str] = []
    while len(found) < len(word):
        found += _longest(word[len(found) :])
    return found


def is_phrase(word: str) -> bool:
    """Whether the list has a word of several characters."""
    return len(word) > 1 and _PHRASES.find(word) is not None


def split(syllable: str) -> tuple[str, str]:
    """Split a syllable into initial and final, as ``("j", "van4")`` of ``juan4``.

    A final is written in full, with v for ü, and is empty in ng and m.
    """
    from pypinyin.contrib.tone_convert import (  # noqa: PLC0415 - it is slow to load
        to_finals_tone3,
        to_initials,
    )

    final = to_finals_tone3(
        syllable, strict=True, v_to_u=False, neutral_tone_with_five=True
    )
    return to_initials(syllable, strict=True), final


def _longest(text: str) -> list[str]:
    """Read the longest phrase at the beginning of a text, or its first character."""
    best = [_character(text[0])]
    for length in range(2, len(text) + 1):
        wanted = text[:length]
        found, said = _PHRASES.first_from(wanted)
        if found == wanted:
            best = said.split() or [_character(each) for each in wanted]
        if not found.startswith(wanted):  # nor does any longer one
            break
    return best


@lru_cache(4096)
def _character(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - it is slow to load

    (syllable,) = lazy_pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)
    return "" if syllable == character else syllable  # itself if unknown
