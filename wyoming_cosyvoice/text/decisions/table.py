"""Tables that decide between the readings of a written form.

A row says in which languages, behind what, for which form and before what it counts,
and what the form then means. Native speakers can read and extend the tables: long parts
of patterns have names, and each row shows a text that it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from wyoming_cosyvoice.text.patterns import pattern

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


class Table:
    """Rows in the order in which they are tried; the first that fits counts."""

    def __init__(self, title: str, *rows: Row) -> None:
        self.title = title
        self.rows = rows
        self._ready: dict[str, list[_Ready]] = {}

    def decide(
        self, language: str, written: str, before: str, after: str
    ) -> Row | None:
        """Return the first row that fits, None if there is none."""
        if language not in self._ready:
            self._ready[language] = self._compile(language)
        for row, row_before, row_written, row_after in self._ready[language]:
            if (
                (row_written is None or row_written.fullmatch(written))
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
            )
            for row in self.rows
            if row.languages == "*" or language in row.languages.split()
        ]
