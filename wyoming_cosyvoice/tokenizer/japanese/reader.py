"""A Japanese sentence -> how it is pronounced, in katakana.

    七時に二十分のタイマーを  ->  シチジ ニ ニジュップン ノ タイマー ヲ

Upstream asks for Japanese in this form (CosyVoice3, example.py): words as MeCab cuts
them, as they are pronounced (は as a particle is ワ), with blanks between them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from wyoming_cosyvoice.tokenizer.japanese import corrections, lattice, numbers
from wyoming_cosyvoice.tokenizer.japanese.dictionary import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wyoming_cosyvoice.tokenizer.japanese.lattice import Word

_PART = re.compile(r"[^\s、。,.!?！？…，]+|[、。,.!?！？…，]|\s+")
# A sentence is read to count its tokens, and to say it.
_KEPT = 256
_REACH = 8
_O_ROW = "オコソトノホモヨロヲゴゾドボポョ"
_MARKS = "、。,.!?！？…，"


def words(sentence: str) -> list[Word]:
    """Return the words of a sentence, its marks among them, without its blanks."""
    dictionary = load()
    found: list[Word] = []
    for part in _PART.findall(sentence):
        if part[0] in _MARKS:
            found.append(lattice.Word(part, part))
        elif not part.isspace():
            read = numbers.find(part)
            corrections.add_compounds(part, read)
            found += lattice.words(part, dictionary, read)
    return _joined(_corrected(found))


def _corrected(words: list[Word]) -> Iterator[Word]:
    """Change the readings that depend on their neighbours."""
    text = "".join(word.written for word in words)
    place = 0
    for word in words:
        before, place = text[max(0, place - _REACH) : place], place + len(word.written)
        said = corrections.said(before, word.written, text[place : place + _REACH])
        yield replace(word, said=said) if said else word


def _joined(words: Iterable[Word]) -> list[Word]:
    """Join the う of でしょう and 行こう to what it lengthens."""
    found: list[Word] = []
    for word in words:
        if word.written == "う" and found and found[-1].said[-1] in _O_ROW:
            before = found.pop()
            word = replace(  # noqa: PLW2901 - both are one word
                before, written=before.written + "う", said=before.said + "ー"
            )
        found.append(word)
    return found


@lru_cache(_KEPT)
def katakana(sentence: str) -> str:
    """Return how a sentence is pronounced, with blanks between its words.

    Words in Latin letters stay as they are written.
    """
    said = ""
    for word in words(sentence):
        is_mark = word.said[0] in _MARKS
        said += (
            word.said if is_mark or not said or said[-1] in _MARKS else f" {word.said}"
        )
    return said
