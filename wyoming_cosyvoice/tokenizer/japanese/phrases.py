"""Accent phrases: which words share one rise and fall of the pitch, and where it falls.

Both follow from parts of speech and from what the dictionary says of each word's accent
(Sagisaka and Sato, 1983), as in Open JTalk. Parts of speech have the dictionary's names.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wyoming_cosyvoice.tokenizer.japanese.counters import COUNTERS
from wyoming_cosyvoice.tokenizer.japanese.sounds import count_morae

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wyoming_cosyvoice.tokenizer.japanese.lattice import Word


class Kind(NamedTuple):
    """A part of speech and the group of it that matters here."""

    part: str
    group: str = ""


@dataclass(slots=True)
class Phrase:
    """Words, their morae, and the mora after which the pitch falls; 0: it does not."""

    words: list[Word]
    morae: int
    accent: int


# Each begins at this number of the dictionary and reaches to the next.
_KINDS = {
    0: Kind("記号"), 1: Kind("感動詞"), 4: Kind("記号"), 11: Kind("形容詞"), 52: Kind("形容詞", "接尾"),
    117: Kind("形容詞", "非自立"), 169: Kind("助詞"), 319: Kind("助詞", "接続助詞"), 347: Kind("助詞"),
    394: Kind("助動詞"), 580: Kind("接続詞"), 582: Kind("接頭詞"), 586: Kind("動詞"), 622: Kind("動詞", "する"), 636: Kind("動詞"), 905: Kind("動詞", "接尾"),
    933: Kind("動詞", "非自立"), 1340: Kind("副詞"), 1343: Kind("名詞", "サ変接続"), 1344: Kind("名詞"),
    1347: Kind("名詞", "形容動詞語幹"), 1348: Kind("名詞"), 1350: Kind("名詞", "姓"), 1351: Kind("名詞", "名"),
    1352: Kind("名詞"), 1355: Kind("名詞", "数"), 1356: Kind("名詞"), 1357: Kind("名詞", "接尾"), 1366: Kind("名詞"), 1375: Kind("名詞", "副詞可能"),
    1376: Kind("連体詞"),
}  # fmt: skip
_FIRST = list(_KINDS)
_ATTACHED = ("助詞", "助動詞")
_ALONE = ("副詞", "接続詞", "連体詞", "感動詞", "記号")
# Nouns that no noun follows, and that follow no noun, in one phrase.
_LAST_NOUNS = ("副詞可能", "接尾", "姓", "形容動詞語幹")
_FIRST_NOUNS = ("副詞可能", "名", "形容動詞語幹", "数")
_FIGURES = "〇零一二三四五六七八九十百千万億兆点"
# Where the dictionary has no rule, or one for fewer preceding words.
_RULES = {
    "ください": "F2@3", "下さい": "F2@3",
    **dict.fromkeys(
        ("です", "でしょ", "でしょう", "でし"),
        "助動詞%F2@0/助詞%F2@0/名詞%F2@1/動詞%F1/形容詞%F2@0",
    ),
}  # fmt: skip
_RULE = re.compile(r"(?:(?P<part>[^%/]+)%)?(?P<rule>[CFP]\d)(?:@(?P<more>-?\d+))?")


def kind(number: int) -> Kind:
    """Return the kind of a number of the dictionary."""
    return _KINDS[_FIRST[bisect(_FIRST, number) - 1]]


def phrases(words: Iterable[Word]) -> list[Phrase]:
    """Divide words, none of them a mark, into accent phrases."""
    found: list[Phrase] = []
    for word in words:
        if not found or _begins_phrase(kind(found[-1].words[-1].kind), kind(word.kind)):
            accent = word.accent or _number_accent(word)
            found.append(Phrase([word], count_morae(word.said), accent))
        else:
            phrase = found[-1]
            phrase.accent = _accent(phrase, word)
            phrase.words.append(word)
            phrase.morae += count_morae(word.said)
    return found


def _begins_phrase(before: Kind, word: Kind) -> bool:
    """Whether a word of one kind begins a new phrase after the one before it."""
    if word.part in _ATTACHED or word.group == "接尾":
        return False
    if word.group == "非自立":
        return not (
            before.part in ("動詞", "形容詞")
            or before.group in ("接続助詞", "サ変接続")
        )
    if (before.group, word.group) == ("サ変接続", "する"):
        return False
    if before.part in (*_ATTACHED, *_ALONE) or word.part in (*_ALONE, "接頭詞"):
        return True
    if before.part == "名詞":
        is_noun = word.part == "名詞"
        return not is_noun or before.group in _LAST_NOUNS or word.group in _FIRST_NOUNS
    return before.part in ("形容詞", "動詞") and word.part in ("名詞", "形容詞")


def _number_accent(word: Word) -> int:
    """Return the accent of a number with a counter: the last vowel before that."""
    counter = COUNTERS.get(word.written.lstrip(_FIGURES))
    if counter is None or counter.said == "エン":
        return 0
    number = word.said[: -len(counter.said)]
    return count_morae(number) - number.endswith(("ー", "ン", "ッ"))


def _accent(phrase: Phrase, word: Word) -> int:  # noqa: PLR0911 - one rule a line
    """Return the accent of a phrase with one more word."""
    morae = phrase.morae
    chain = _RULES.get(word.written, word.chain)
    rule, more = _rule(chain, kind(phrase.words[-1].kind).part)
    match rule:
        case "F2" if phrase.accent == 0:
            return morae + more
        case "F3" if phrase.accent != 0:
            return morae + more
        case "F4":
            return morae + more
        case "F5" | "C4":
            return 0
        case "C1" | "P1" if word.accent or rule == "C1":
            return morae + word.accent
        case "P1":
            return 0
        case "P2":
            return morae + (word.accent or 1)
        case "C2":
            return morae + 1
        case "C3":
            return morae
    return phrase.accent


def _rule(chain: str, part_before: str) -> tuple[str, int]:
    """Return the rule of a word behind a part of speech, and the morae it adds."""
    for match in _RULE.finditer(chain):
        if match["part"] in (None, part_before):
            return match["rule"], int(match["more"] or 0)
    return "", 0
