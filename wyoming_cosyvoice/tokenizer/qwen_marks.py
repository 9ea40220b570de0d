"""The special tokens of the later families, in the order of their numbers.

Only marks of sounds may occur in a user's text, and phones that the user's lexicon put
there. Phones are CMU phones of English with and without stress, then pinyin initials,
and finals with their tones (upstream tokenizer/tokenizer.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

END_OF_PROMPT = "<|endofprompt|>"

CONTROLS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", END_OF_PROMPT)
"""The first special tokens."""

_SOUND_WORDS = """
[breath] <strong> </strong> [noise] [laughter] [cough] [clucking] [accent]
[quick_breath] <laughter> </laughter> [hissing] [sigh] [vocalized-noise] [lipsmack]
[mn]
"""
_END_OF_SYSTEM = "<|endofsystem|>"
_PHONE_WORDS = """
AA AA0 AA1 AA2 AE AE0 AE1 AE2 AH AH0 AH1 AH2 AO AO0 AO1 AO2 AW AW0 AW1 AW2 AY AY0
AY1 AY2 B CH D DH EH EH0 EH1 EH2 ER ER0 ER1 ER2 EY EY0 EY1 EY2 F G HH IH IH0 IH1 IH2
IY IY0 IY1 IY2 JH K L M N NG OW OW0 OW1 OW2 OY OY0 OY1 OY2 P R S SH T TH UH UH0 UH1
UH2 UW UW0 UW1 UW2 V W Y Z ZH
"""
_PINYIN_WORDS = """
a ai an ang ao b c ch d e ei en eng f g h i ian in ing iu ià iàn iàng iào iá ián
iáng iáo iè ié iòng ióng iù iú iā iān iāng iāo iē iě iōng iū iǎ iǎn iǎng iǎo iǒng iǔ
j k l m n o ong ou p q r s sh t u uang ue un uo uà uài uàn uàng uá uái uán uáng uè
ué uì uí uò uó uā uāi uān uāng uē uě uī uō uǎ uǎi uǎn uǎng uǐ uǒ vè w x y z zh à ài
àn àng ào á ái án áng áo è èi èn èng èr é éi én éng ér ì ìn ìng í ín íng ò òng òu ó
óng óu ù ùn ú ún ā āi ān āng āo ē ēi ēn ēng ě ěi ěn ěng ěr ī īn īng ō ōng ōu ū ūn ǎ
ǎi ǎn ǎng ǎo ǐ ǐn ǐng ǒ ǒng ǒu ǔ ǔn ǘ ǚ ǜ
"""

SOUNDS = tuple(_SOUND_WORDS.split())
"""Marks allowed in a text."""

ARPABET = tuple(f"[{phone}]" for phone in _PHONE_WORDS.split())
PHONES = (*ARPABET, *(f"[{phone}]" for phone in _PINYIN_WORDS.split()))
"""Phones that specify the pronunciation of a word."""

SYLLABLE = r"\[[a-z]{1,6}[1-5]\]"
"""Pattern of a pinyin syllable as the lexicon writes it: ``[chong2]``."""

_PARTS = re.compile(r"\[((?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?)([a-z]+)([1-5])\]")
_TONES = {
    marked[-1]: dict(zip("12345", marked, strict=True))
    for marked in ("āáǎàa", "ēéěèe", "īíǐìi", "ōóǒòo", "ūúǔùu", "ǖǘǚǜv")
}


def syllable_phones(syllable: str) -> list[str]:
    """Return the marks of a syllable: ``[chong2]`` is ``[ch]`` and ``[óng]``.

    As upstream's table has it, the mark of a tone is where pinyin has it, but ``ü``
    before ``è`` is written as ``v``.
    """
    match = _PARTS.fullmatch(syllable)
    if match is None:
        return []
    initial, final, tone = match.groups()
    # The tone is written on a or e, on the o of ou, or else on the last vowel.
    vowels = [letter for letter in final if letter in _TONES]
    place = next((v for v in "ae" if v in vowels), "o" if "ou" in final else vowels[-1])
    head, _, tail = final.rpartition(place)
    toned = f"{head}{_TONES[place][tone]}{tail}"
    return [f"[{part}]" for part in (initial, toned) if part]


@dataclass(frozen=True, slots=True)
class Markup:
    """What a family's tokenizer has besides byte pairs."""

    marks: tuple[str, ...]
    """The special tokens that follow the controls."""
    opening: str
    """Prefix of every instruction, even an empty one."""
    reads_phones: bool = False
    """Whether words of a lexicon may be given in phones."""
    takes_katakana: bool = False
    """Whether Japanese has to be written as it is pronounced; kanji come out in Chinese
    otherwise (upstream example.py, "you must translate it to katakana")."""


COSYVOICE2 = Markup(SOUNDS, opening="")
COSYVOICE3 = Markup(
    (*SOUNDS, _END_OF_SYSTEM, *PHONES),
    opening="You are a helpful assistant.",
    reads_phones=True,
    takes_katakana=True,
)

MARKUP = {"qwen-bpe-2": COSYVOICE2, "qwen-bpe-3": COSYVOICE3}
"""By the kind of a pack's tokenizer."""
