"""Chinese words -> pinyin syllables, by a list of characters and phrases.

The list is that of pypinyin (``models/starter/lexica/pinyin.py``), which holds it in
50 MB of memory; here it is searched in its file.
"""

from __future__ import annotations

import re
from pathlib import Path

from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

# A phrase without syllables is read like its characters.
_LIST = SortedLines(Path(__file__).with_name("data") / "pinyin.txt")

_INITIAL = re.compile("(?:[zcs]h?|[bpmfdtnlgkhjqxr])?")
_VOWEL = re.compile("[aeiouvê]")
# How spelling shortens a final, or writes it where there is no initial.
_FULL_FINALS = {"iu": "iou", "ui": "uei", "un": "uen", "yo": "o", "wong": "ong"}
_WITHOUT_INITIAL = (("yu", "v"), ("yi", "i"), ("y", "i"), ("wu", "u"), ("w", "u"))


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
    return len(word) > 1 and _LIST.find(word) is not None


def split(syllable: str) -> tuple[str, str]:
    """Split a syllable into initial and final, as ``("j", "van4")`` of ``juan4``.

    A final is written in full, with v for ü, and is empty in ng and m.
    """
    spelled, tone = syllable[:-1], syllable[-1]
    match = _INITIAL.match(spelled)
    initial = match[0] if match else ""
    final = spelled.removeprefix(initial)
    if not _VOWEL.search(final):
        return initial, ""
    if initial in ("j", "q", "x") and final.startswith("u"):
        return initial, f"v{final[1:]}{tone}"
    if final in _FULL_FINALS:
        return initial, _FULL_FINALS[final] + tone
    for written, said in _WITHOUT_INITIAL:
        if final.startswith(written):
            return initial, said + final.removeprefix(written) + tone
    return initial, final + tone


def _longest(text: str) -> list[str]:
    """Read the longest phrase at the beginning of a text, or its first character."""
    best = [""]
    for length in range(1, len(text) + 1):
        wanted = text[:length]
        found, said = _LIST.first_from(wanted)
        if found == wanted:
            best = said.split() or [_LIST.find(each) or "" for each in wanted]
        if not found.startswith(wanted):  # nor does any longer one
            break
    return best
