"""Match spoken words with the words of the written sentence.

"It is 22°C." is spoken as "It is twenty-two degrees Celsius."; subtitles need the
written text with the times of the spoken words. Common words are matched first; the
words between them belong together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# A character of a script without spaces, or anything else up to a space.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
_EDGE = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Match:
    """A part of the written sentence and its spoken words."""

    text: str
    """Includes the following spaces and punctuation."""

    first: int
    """Index of the first spoken word."""

    last: int
    """Index after the last spoken word."""


def match_words(
    source: str, spoken: str, words: Sequence[tuple[int, int]]
) -> list[Match]:
    """Match spoken words, given by their positions in ``spoken``, with written ones.

    Every spoken word belongs to one match; their texts, in this order, are ``source``
    from the first word that is spoken to the last.
    """
    if not words:
        return []
    written = list(_WORD.finditer(source))
    said = list(_WORD.finditer(spoken))
    # For each spoken word, the range of written words that it represents.
    groups = _groups(
        [_plain(m.group()) for m in written], [_plain(m.group()) for m in said]
    )
    reach = []  # (first written word, index after the last) of each spoken word
    for start, end in words:
        places = [
            groups[number]
            for number, match in enumerate(said)
            if match.start() < end and match.end() > start and number in groups
        ]
        found = (min(p[0] for p in places), max(p[1] for p in places)) if places else ()
        reach.append(found)
    return _join(source, written, reach)


def _plain(word: str) -> str:
    """Normalise a word for comparison: no punctuation, no case."""
    return _EDGE.sub("", word).casefold() or word


def _groups(written: list[str], said: list[str]) -> dict[int, tuple[int, int]]:
    """Return which written words each spoken one represents."""
    found = {}
    matcher = SequenceMatcher(a=written, b=said, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            found.update({b1 + n: (a1 + n, a1 + n + 1) for n in range(b2 - b1)})
        elif kind == "replace":
            found.update(dict.fromkeys(range(b1, b2), (a1, a2)))
    return found


def _join(
    source: str, written: list[re.Match[str]], reach: list[tuple[int, int] | tuple[()]]
) -> list[Match]:
    """Turn the reach of each spoken word into stretches that follow each other."""
    spans: list[list[int]] = []  # first and last spoken, first and last written word
    for number, found in enumerate(reach):
        if not found or (spans and found[0] < spans[-1][3]):
            # It has no written word of its own: it belongs to the previous word.
            if spans:
                spans[-1][1] = number + 1
                spans[-1][3] = max(spans[-1][3], found[1] if found else 0)
            else:
                spans.append([number, number + 1, 0, 0])
        else:
            spans.append([number, number + 1, *found])
    if len(spans) > 1 and spans[0][3] == 0:
        spans[1][0] = spans[0][0]
        spans.pop(0)
    matches = []
    for place, (first, last, begin, end) in enumerate(spans):
        is_last = place + 1 == len(spans)
        start = written[begin].start() if end else 0
        stop = (
            _end_of_part(source, written, end)
            if is_last
            else written[spans[place + 1][2]].start()
        )
        matches.append(Match(source[start:stop], first, last))
    return matches


def _end_of_part(source: str, written: list[re.Match[str]], end: int) -> int:
    """Return where the text of the last match ends: behind the marks that follow it."""
    while end < len(written) and not re.search(r"\w", written[end].group()):
        end += 1
    return written[end].start() if 0 < end < len(written) else len(source)
