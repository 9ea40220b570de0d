"""Chinese polyphones, resolved by their context.

A list of phrases (``pinyin_zh``) cannot cover particles (地 得 着 了), surnames before
titles, and productive verbs. Each rule is a pattern around one character with its
reading there; the last matching rule wins.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from wyoming_cosyvoice.tokenizer import pinyin_zh, words_zh

_DATA = Path(__file__).with_name("data") / "polyphones.txt"
_BEFORE_DI = frozenset("在把从的到向将对块片下上每扫拖当此各本该土草田园陆工场基产")
_DIGITS = r"[零〇一二三四五六七八九]"
_GETS = re.compile(
    "$|不[到出偿知]|[了到出分奖罪第知意过病以体力空逞当道胜救益票宠的很太真]"
)
_TWICE = re.compile(r"(.)\1地(?!址|板|铁|图|毯|震)")
_ROOM = re.compile(rf"{_DIGITS}{{3,5}}(?=号?(?:房|室|病房|教室|房间|包间|会议室))")

# After these, 儿 means child and is not erhua.
_CHILD_AFTER = frozenset("女婴幼孤少胎健男宠患生小孩混血育托")
_CHILD_BEFORE = frozenset("子童歌科媳女孙戏")


def apply(characters: str, readings: list[str], words: list[str]) -> None:
    """Correct the readings of a run's characters, one each, in place.

    ``words`` are the run's words in order.
    """
    _adverbs(characters, readings, words)
    _by_rule(characters, readings, _in_phrases(words))
    _must(characters, readings, words)
    for match in _TWICE.finditer(characters):
        readings[match.end() - 1] = "de5"
    for match in _ROOM.finditer(characters):
        for at in range(*match.span()):
            if characters[at] == "一":
                readings[at] = "yao1"


def _adverbs(characters: str, readings: list[str], words: list[str]) -> None:
    """Read 地: the adverbial particle, or the noun."""
    place = 0
    for word in words:
        if word == "地" and 0 < place < len(characters) - 1:
            is_adverb = characters[place - 1] not in _BEFORE_DI
            readings[place] = "de5" if is_adverb else "di4"
        place += len(word)


def _in_phrases(words: list[str]) -> list[bool]:
    """Return for each character whether its word is a phrase of the list."""
    known = {word: pinyin_zh.is_phrase(word) for word in words}
    return [known[word] for word in words for _ in word]


def _by_rule(characters: str, readings: list[str], in_phrase: list[bool]) -> None:
    """Apply the rules; a default reading does not replace that of a phrase."""
    for character, pattern, reading in _rules():
        if character not in characters:
            continue
        is_usual = pattern.pattern == character
        for match in pattern.finditer(characters):
            if not (is_usual and in_phrase[match.start()]):
                readings[match.start()] = reading


def _must(characters: str, readings: list[str], words: list[str]) -> None:
    """Read 得 as "must" between a subject and a verb."""
    place = 0
    for before, word in pairwise(words):
        place += len(before)
        is_noun = len(before) > 1 and not words_zh.is_verbal(before)
        if word == "得" and is_noun and not _GETS.match(characters, place + 1):
            readings[place] = "dei3"


def colour(characters: str, readings: list[str]) -> None:
    """Merge each erhua 儿 with the syllable before it: ``zher4``."""
    for at in range(1, len(characters)):
        is_child = (
            characters[at - 1] in _CHILD_AFTER
            or characters[at + 1 : at + 2] in _CHILD_BEFORE
        )
        before = readings[at - 1]
        if characters[at] == "儿" and before and not is_child:
            readings[at - 1] = f"{before[:-1]}r{before[-1]}"
            readings[at] = ""


@cache
def _rules() -> list[tuple[str, re.Pattern[str], str]]:
    """Return each rule's character, pattern and reading."""
    found = []
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            pattern, reading = line.split("\t")
            # The character outside of all lookarounds.
            plain = _LOOKAROUND.sub("", pattern)
            character = re.sub(r"[^\u4e00-\u9fff]", "", plain)[0]
            found.append((character, re.compile(pattern), reading))
    return found


_LOOKAROUND = re.compile(r"\(\?[<=!][^()]*(?:\([^()]*\)[^()]*)*\)")
