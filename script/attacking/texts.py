"""Look for short texts that, repeated, cost the front end more time than they should.

    script/attack texts [--texts 400] [--seed 1]

Repeats pairs and triples of characters to a length, reads them as a server does, and
prints those that cost too much processor time or more than their share when they are
longer. Uses one processor, no network, and ends on its own.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.tokenizer import open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = 10_000
"""Characters of a long text."""

MOST_S = 0.5
"""Processor time that a long text may take."""

MOST_GROWTH = 4.5
"""How much longer four times the text may take."""

KNOWN = (
    "½", "Ⅷ", "%", "²", "ﬁ", "$", "11/!", "1x", "1e", "1+1!", "a.", "a. ", "<a",
    "1-", "1:1", "A ", "é", "a", "你", "①", "½¼", "@a", "a@", "((", "[a](", "1 1/",
    "~1", "a'",
)  # fmt: skip
"""Texts that once took too long, or look as if they might."""

_CHARACTERS = [
    *(chr(code) for code in range(0x20, 0x7F)),
    *"½⅓Ⅷ①⑽²³⁻⁹₂℃㎡㎏㍱㏂㏑ﬁﬀｱﾞ０％",
    *"＄～〜、。，！？：（）「」《》",
    *"…—–·•→←⇒≤≥√∞µΩπ§€£¥₩№™",
    *"你二万年月日点分元号第的了两あんアンー々年月時円가나번월일시분원개éüßñøĳ",
    "\n", "\u0301", "\u200b", "\u3000", "😀", "1️⃣",
]  # fmt: skip
_LANGUAGES = (None, "zh", "en", "ja", "ko", "yue")
# Below this a measured time says nothing about growth.
_LEAST_S = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading one text cost: a quarter of its length, and all of it."""

    unit: str
    language: str | None
    quarter_s: float
    whole_s: float

    @property
    def is_too_much(self) -> bool:
        """Whether it took too long, or grew faster than the text."""
        grew = self.whole_s > MOST_GROWTH * max(self.quarter_s, _LEAST_S)
        return self.whole_s > MOST_S or grew

    def __str__(self) -> str:
        times = f"{self.quarter_s:.3f} s, {self.whole_s:.3f} s"
        return f"{self.unit!r} ({self.language or 'no language'}): {times}"


def counters() -> list[Callable[[str], int]]:
    """Return what counts text tokens: byte pairs, and the starter's phoneme units."""
    units = resources.files("wyoming_cosyvoice.starter") / "phonemes.txt"
    pairs = open_tokenizer("whisper-bpe")
    phonemes = open_tokenizer("phonemes", Path(str(units)))
    phonemes.count("ready 好", "zh")  # opens its data files
    return [
        lambda text: pairs.count(text, "zh"),
        lambda text: phonemes.count(text, "zh"),
    ]


def units(count: int, seed: int) -> Iterator[str]:
    """Yield the known texts, then ``count`` pairs and triples of characters."""
    yield from KNOWN
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    for _ in range(count):
        yield "".join(rng.choices(_CHARACTERS, k=rng.choice((1, 2, 2, 3))))


def measure(unit: str, language: str | None, count: Callable[[str], int]) -> Cost:
    """Read a unit repeated to a quarter of the length, and to the whole."""
    quarter, whole = (
        _read_s(unit, size, language, count) for size in (LONG // 4, LONG)
    )
    cost = Cost(unit, language, quarter, whole)
    if cost.is_too_much:  # measured again: the machine may have been busy
        again = [_read_s(unit, size, language, count) for size in (LONG // 4, LONG)]
        cost = Cost(unit, language, min(quarter, again[0]), min(whole, again[1]))
    return cost


def _read_s(
    unit: str, size: int, language: str | None, count: Callable[[str], int]
) -> float:
    text = (unit * (size // len(unit) + 1))[:size]
    reader = SentenceReader(count_tokens=count, voice_language=language, max_tokens=100)
    start = time.process_time()
    reader.feed(text)
    reader.finish()
    return time.process_time() - start


def attack(count: int, seed: int) -> list[Cost]:
    """Measure many texts; return the costs, highest first."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    kinds = counters()
    costs = []
    for unit in units(count, seed):
        language = rng.choice(_LANGUAGES)
        costs += [measure(unit, language, kind) for kind in kinds]
    return sorted(costs, key=lambda cost: cost.whole_s, reverse=True)


def report(texts: int, seed: int) -> list[str]:
    """Print the most expensive texts; return those that cost too much."""
    costs = attack(texts, seed)
    too_much = [str(cost) for cost in costs if cost.is_too_much]
    for cost in costs[:5]:
        print("most expensive:", cost)
    print(f"{len(costs)} readings of {LONG} characters, {len(too_much)} cost too much")
    return too_much
