"""The sentences of the evaluation, which no corpus of the training has.

The first list is what all figures before November 2026 were measured with. The second
was written after the weights were trained, and each of its sentences has a kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class JudgedSentence:
    """A sentence as it is read aloud, without digits."""

    text: str
    kind: str = ""


def first_list(language: str) -> list[JudgedSentence]:
    """Read the sentences of ``en``, ``zh``, ``ja`` or ``mixed``."""
    path = HERE / f"sentences_{language}.txt"
    return [JudgedSentence(line) for line in path.read_text("utf-8").splitlines()]


def second_list(language: str) -> list[JudgedSentence]:
    """Read the sentences of ``en`` or ``zh``.

    Raises: FileNotFoundError for other languages, which have no second list.
    """
    _, *lines = (HERE / f"second_{language}.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return [JudgedSentence(text, kind) for kind, text in rows]


def spread(found: list[JudgedSentence], limit: int | None) -> list[JudgedSentence]:
    """Return so many of the sentences, from all parts of the list."""
    if limit is None or limit >= len(found):
        return found
    return [found[i * len(found) // limit] for i in range(limit)]
