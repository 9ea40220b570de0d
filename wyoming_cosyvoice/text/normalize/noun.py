"""The form of the tables of German, Spanish, French, Italian and Russian.

A thing that is counted has its forms for one and for many, and its gender; in Russian
there is a form for two to four between them. ``m``, ``f`` and ``n`` are genders.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that is counted."""

    gender: str
    one: str
    few: str
    """For two to four in Russian, and for what is not whole; else as ``many``."""
    many: str


def nouns(table: str) -> dict[str, Noun]:
    """Read a table of signs, gender and forms, a noun in each line."""
    nouns = {}
    for row in filter(None, map(str.strip, table.strip().splitlines())):
        signs, gender, *forms = row.split("|")
        one, many = forms[0], forms[-1]
        noun = Noun(gender, one, forms[1] if len(forms) > 1 else many, many)
        nouns.update(dict.fromkeys(signs.split(), noun))
    return nouns


@dataclass(frozen=True, slots=True)
class Words:
    """What one language needs."""

    months: tuple[str, ...]
    """The form after the number of a day."""
    units: dict[str, Noun]
    money: dict[str, tuple[Noun, Noun]]
    """A currency and its hundredths, by their signs."""
    signs: dict[str, str]
    """Between and behind numbers."""
    abbreviations: dict[str, str]
    """Written with a full stop, as they are said."""
    point: str
    minus: str
    to: str
    percent: str
    at: str
    dot: str
