"""Chinese characters -> the phoneme units of the starter voice.

A syllable becomes its initial, if it has one, and its final with the tone: ``调到`` is
``t- iao2 d- ao4``; a space unit separates words. Tones are the lexical ones: the
voice has learned tone sandhi from its teacher's sound, so 你好 stays ``n- i3 h- ao3``.

Readings come from ``pinyin_zh``, which knows some 47,000 phrases; ``polyphones_zh``
corrects what depends on the words beside a character. What a smart home says often, and
both read otherwise, stands in ``data/readings.txt``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from wyoming_cosyvoice.tokenizer import pinyin_zh, polyphones_zh, words_zh
from wyoming_cosyvoice.tokenizer.read_word import ReadWord
from wyoming_cosyvoice.tokenizer.sounds_en import SPACE

TONES = "12345"

_DATA = Path(__file__).with_name("data") / "readings.txt"


@cache
def readings() -> dict[str, list[str]]:
    """Return the syllables of the words that the list and the rules read otherwise."""
    rows = [
        line.split("\t")
        for line in _DATA.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    return {word: said.split() for word, said in rows}


@cache
def _longest_reading() -> int:
    return max(map(len, readings()))


def syllables(characters: str) -> list[str]:
    """Read a run of Chinese characters as pinyin syllables with tone digits, 1 to 5.

    Characters that have no known reading are left out.
    """
    return [syllable for syllable in read_characters(characters) if syllable]


def read_characters(characters: str) -> list[str]:
    """Read each character; without a known reading it is empty."""
    return _read(characters, words_zh.split(characters))


def _read(characters: str, parts: list[str]) -> list[str]:
    """Read each character of a run, which consists of these words."""
    # Word by word: otherwise a phrase may begin in one and end in the next, as 把头 in
    # 把头发.
    found = [syllable for word in parts for syllable in _as_in_phrases(word)]
    polyphones_zh.apply(characters, found, parts)
    known, longest = readings(), _longest_reading()
    start = 0
    while start < len(characters):
        for length in range(min(longest, len(characters) - start), 1, -1):
            reading = known.get(characters[start : start + length])
            if reading is not None:
                found[start : start + length] = reading
                start += length
                break
        else:
            start += 1
    found = [syllable if syllable[-1:] in TONES else "" for syllable in found]
    polyphones_zh.colour(characters, found)
    return found


@lru_cache(4096)  # a home says little else
def _as_in_phrases(word: str) -> tuple[str, ...]:
    return tuple(pinyin_zh.read(word))


_CODA = re.compile(r"(a)(?:n|i)$")


def units(syllable: str) -> list[str]:
    """Split a pinyin syllable into its units: ``tiao2`` is ``["t-", "iao2"]``.

    One with an ``r`` before its tone, as ``zher4``, has a coloured vowel.
    """
    return list(_split(syllable))


@lru_cache(4096)  # more than there are syllables
def _split(syllable: str) -> tuple[str, ...]:
    if syllable[-2] == "r" and not syllable.startswith("er"):
        # The vowel is coloured, and loses the n or i behind it.
        return (*_split(_CODA.sub(r"\1", syllable[:-2]) + syllable[-1]), "er5")
    initial, final = pinyin_zh.split(syllable)
    if not final:  # the syllables ng and m have no final of their own
        return ("en" + syllable[-1],)
    return (f"{initial}-", final) if initial else (final,)


def to_units(characters: str) -> list[str]:
    """Turn a run of Chinese characters into phoneme units, a space between words."""
    return [unit for word in words(characters) for unit in word.units]


def words(characters: str) -> list[ReadWord]:
    """Read a run of Chinese characters word by word, with a space between words."""
    parts = words_zh.split(characters)
    read = _read(characters, parts)
    found: list[ReadWord] = []
    begin = 0
    for word in parts:
        end = begin + len(word)
        said = [
            unit for syllable in read[begin:end] if syllable for unit in units(syllable)
        ]
        if found and said:
            found.append(ReadWord((SPACE,), begin, begin))
        if said:
            found.append(ReadWord(tuple(said), begin, end))
        begin = end
    return found
