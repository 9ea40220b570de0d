"""Tables that decide between the readings of a written form.

A row says in which languages, behind what, for which form and before what it counts,
and what the form then means. Native speakers can read and extend the tables: long parts
of patterns have names, and each row shows a text that it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wyoming_cosyvoice.text.patterns import first_letters, pattern

if TYPE_CHECKING:
    import re

NEAR = r".{0,20}"
"""What may come between a word of context and the form that it decides."""


@dataclass(frozen=True, slots=True)
class Row:
    """One decision. Patterns that are empty fit everything."""

    languages: str
    """Columns such as ``zh yue``, or ``*``."""
    before: str
    """What the text in front of the form ends with."""
    written: str
    """What the form is, all of it."""
    after: str
    """What the text behind the form begins with."""
    meaning: str
    """What the form is; the code that asks knows a few."""
    reason: str
    """Texts in which it is that."""


class _Ready(NamedTuple):
    """A row with its patterns; None fits everything."""

    row: Row
    before: re.Pattern[str] | None
    written: re.Pattern[str] | None
    after: re.Pattern[str] | None
    firsts: str
    """The letters of which the text behind begins with one; empty: any."""


class Table:
    """Rows in the order in which they are tried; the first that fits counts."""

    def __init__(self, title: str, *rows: Row) -> None:
        self.title = title
        self.rows = rows
        self._ready: dict[str, list[_Ready]] = {}
        # Rules that are tried in turn ask the same of a form that they share.
        self._last: tuple[tuple[str, ...], Row | None] = ((), None)

    def decide(
        self, language: str, written: str, before: str, after: str
    ) -> Row | None:
        """Return the first row that fits, None if there is none."""
        asked, row = self._last
        if asked != (question := (language, written, before, after)):
            row = self._first(*question)
            self._last = (question, row)
        return row

    def _first(
        self, language: str, written: str, before: str, after: str
    ) -> Row | None:
        if language not in self._ready:
            self._ready[language] = self._compile(language)
        first = after[:1] or "\0"
        for row, row_before, row_written, row_after, firsts in self._ready[language]:
            if (
                (not firsts or first in firsts)
                and (row_written is None or row_written.fullmatch(written))
                and (row_after is None or row_after.match(after))
                and (row_before is None or row_before.search(before))
            ):
                return row
        return None

    def means(
        self, meaning: str, language: str, written: str, before: str, after: str
    ) -> bool:
        """Whether the first row that fits has this meaning."""
        row = self.decide(language, written, before, after)
        return row is not None and row.meaning == meaning

    def _compile(self, language: str) -> list[_Ready]:
        """Return the rows of a language; patterns are compiled when they are needed."""
        return [
            _Ready(
                row,
                pattern(f"(?:{row.before})\\Z") if row.before else None,
                pattern(row.written) if row.written else None,
                pattern(row.after) if row.after else None,
                first_letters(row.after),
            )
            for row in self.rows
            if row.languages == "*" or language in row.languages.split()
        ]
