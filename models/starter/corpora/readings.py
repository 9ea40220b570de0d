"""Written sentences -> the input of a teacher: units, phones, symbols.

A *unit* is what the product's text tokenizer makes (``ˈO``, ``t-``, ``iao2``, ``,``).
A *phone* is what speech tokens are made of; a unit has one phone or, if it is a Chinese
final, up to three (glide, nucleus, coda). *Symbols* are the teacher's own input.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from misaki.transcription import pinyin_to_ipa
from misaki.zh import ZHG2P

from models.starter.corpora import japanese
from models.starter.corpora.piece import PUNCTUATION, SILENCE, SPACE, Piece
from wyoming_cosyvoice.tokenizer import g2p_zh
from wyoming_cosyvoice.tokenizer.sounds_en import split_phonemes

if TYPE_CHECKING:
    from collections.abc import Callable

_SAME_MARK = str.maketrans("，。、！？；：—…", ",.,!?;:,.")
# Sounds that differ too little, or too seldom, to be worth speech tokens of their own.
_MERGED = {"ɐ": "ə", "ᵊ": "ə", "ᵻ": "ɪ", "h0": "x", "m0": "m", "n0": "n", "ŋ0": "ŋ"}
_ASPIRABLE = frozenset(("p", "t", "k", "pʰ", "tʰ", "kʰ"))
_NO_SPACE = frozenset((SPACE, *PUNCTUATION))
_RUN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z' ]*[A-Za-z]|[A-Za-z]|[,.!?;:]")


def _english(word: str) -> str:
    """Name a phone of an English unit: no stress, merged as above."""
    phone = word.strip("ˈˌ")
    return _MERGED.get(phone, phone)


def _mandarin(element: str) -> str:
    """Name a phone of a Chinese syllable: no tone; stops are not the English ones."""
    phone = re.sub("[˥˩˧̯]", "", element)
    phone = _MERGED.get(phone, phone)
    return f"{phone}'" if phone in _ASPIRABLE else phone


def english_units(phonemes: str) -> list[str]:
    """Split a phoneme string of the English teacher into units."""
    return split_phonemes(phonemes.translate(_SAME_MARK))


def mandarin_units(text: str, english: Callable[[str], str]) -> list[str]:
    """Read a Chinese sentence, which may have English words in it, as units.

    ``english`` turns an English text into a phoneme string. Chinese is read as the
    product reads it, so that teacher and student see the same words.
    """
    units: list[str] = []
    for run in _RUN.findall(text.translate(_SAME_MARK)):
        if run in PUNCTUATION:
            units.append(run)
            continue
        is_chinese = run[0] >= "\u4e00"
        if units and (not is_chinese or units[-1] not in PUNCTUATION):
            units.append(SPACE)
        units += g2p_zh.to_units(run) if is_chinese else english_units(english(run))
    return units


def pieces(units: list[str]) -> list[Piece]:
    """Spell units for the teacher."""
    found: list[Piece] = []
    number = 0
    while number < len(units):
        unit = units[number]
        is_final = unit[-1] in g2p_zh.TONES
        if unit in PUNCTUATION:
            found.append(Piece(number, SILENCE, unit))
            # The teachers have learned a space after punctuation, in Chinese too.
            if units[number + 1 : number + 2] and units[number + 1] not in _NO_SPACE:
                found.append(Piece(number, SILENCE, " "))
        elif unit == SPACE:
            found.append(Piece(number, SPACE, " "))
        elif japanese.is_japanese(units, number):
            found.append(japanese.piece(units, number))
        elif unit.endswith("-") or is_final:
            syllable = (
                _pinyin(unit, "") if is_final else _pinyin(units[number + 1], unit[:-1])
            )
            elements = next(iter(pinyin_to_ipa(syllable)))
            where = number
            for index, element in enumerate(elements):
                if index == 1 and not is_final:
                    where = number + 1
                symbols = ZHG2P.retone(element).replace("̯", "")
                found.append(Piece(where, _mandarin(element), symbols))
            number = where
        else:
            found.append(Piece(number, _english(unit), unit))
        number += 1
    return found


def _pinyin(final: str, initial: str) -> str:
    """Return the pinyin of a syllable as it is written."""
    body, tone = final[:-1], final[-1]
    if initial:
        body = {"iou": "iu", "uei": "ui", "uen": "un"}.get(body, body)
        if initial in "jqx":
            body = body.replace("v", "u")
        return initial + body + tone
    whole = {"i": "yi", "in": "yin", "ing": "ying", "u": "wu", "v": "yu", "ê": "ê"}
    whole |= {"ve": "yue", "van": "yuan", "vn": "yun", "iou": "you", "uei": "wei"}
    whole |= {"uen": "wen", "ueng": "weng"}
    if body in whole:
        return whole[body] + tone
    if body[0] == "i":
        return "y" + body[1:] + tone
    if body[0] == "u":
        return "w" + body[1:] + tone
    return body + tone
