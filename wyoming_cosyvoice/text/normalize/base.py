"""What a language has to be able to say, and how numbers are put together.

The kinds of written forms are divided among ``names``, ``times`` and ``amounts``; each
decides what a match is, and asks the language for the words. ``verbaliser`` joins them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.normalize.money import Currency

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Token:
    """One written form and how it is said."""

    kind: str
    """The rule that read it."""
    written: str
    spoken: str
    reason: str = ""
    """The row of a table that decided between readings, in the words of the table."""


class Said(str):
    """A spoken form, and the row of a table that chose it."""

    __slots__ = ("reason",)
    reason: str

    @classmethod
    def because(cls, spoken: str, reason: str) -> Said:
        """Return ``spoken`` with the reason of the row."""
        said = cls(spoken)
        said.reason = reason
        return said


class Place(NamedTuple):
    """The place of a match, for rules that need its context."""

    text: str
    start: int
    end: int

    def before(self, size: int = 20) -> str:
        """Return the text before the match."""
        return self.text[max(0, self.start - size) : self.start]

    def after(self, size: int = 16) -> str:
        """Return the text after the match."""
        return self.text[self.end : self.end + size]

    def decide(self, table: Table, language: str, written: str) -> Row | None:
        """Return the row of a table that fits a form at this place."""
        return table.decide(language, written, self.before(_REACH), self.after(_REACH))

    def has_meaning(
        self, meaning: str, table: Table, language: str, written: str
    ) -> bool:
        """Whether a table gives a form at this place this meaning."""
        row = self.decide(table, language, written)
        return row is not None and row.meaning == meaning


_REACH = 40
"""Characters of context before and after a form."""


@dataclass(frozen=True, slots=True)
class Words:
    """The small words of one language."""

    minus: str
    plus: str
    plus_minus: str
    point: str
    to: str
    dot: str
    symbols: dict[str, str]
    """What a symbol is called between words; the others are dropped."""
    signs: dict[str, str]
    """What a mathematical sign is called between operands."""
    address: dict[str, str]
    """What the marks inside addresses are called."""
    and_more: str
    """What a plus sign behind a count is called: 10k+."""
    arc: tuple[str, str, str]
    """Degrees, minutes and seconds of arc."""
    trends: tuple[tuple[str, str], tuple[str, str]]
    """What arrows up and down are called: of a measured value, of a price."""


class Language(ABC):
    """Say written forms in one language; subclasses give the words."""

    column: str
    """The column of the unit and currency tables."""
    words: Words
    blank = ""
    """What separates the words of a number."""
    gap = ""
    """What separates the parts of a version or an equation."""
    halves: ClassVar[dict[str, str]] = {}
    """What AM and PM are called where they come before the time."""
    around_the_clock: str
    numero: str
    power_form: str
    absolute: str
    """What is said of a number between two strokes."""
    of_stars = ("{}", "{}")
    """What so many stars are called before a thing and alone: a 5★ hotel, 4.5★."""
    times_more = ""
    """What the x of 3x is called."""

    # ---- what a language has to say ------------------------------------------------

    @abstractmethod
    def cardinal(self, text: str) -> str:
        """Say an integer."""

    @abstractmethod
    def digits(self, text: str) -> str:
        """Say each digit of a code."""

    @abstractmethod
    def ordinal(self, text: str) -> str:
        """Say an ordinal."""

    @abstractmethod
    def date(self, year: str, month: int, day: int) -> str:
        """Say a date; an empty year or a zero is not said."""

    @abstractmethod
    def clock(self, hour: int, minute: int, second: int | None, half: str) -> str:
        """Say a time of day; ``half`` is "a", "p" or empty."""

    @abstractmethod
    def duration(self, hours: int, minutes: int, seconds: int) -> str:
        """Say a span of time."""

    @abstractmethod
    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        """Say a fraction; ``whole`` may be empty."""

    @abstractmethod
    def ratio(self, parts: list[str]) -> str:
        """Say a score or a proportion."""

    @abstractmethod
    def percent(self, numbers: list[str], mark: str) -> str:
        """Say one or two percentages."""

    @abstractmethod
    def quantity(self, numbers: list[str], unit: str, *, is_temperature: bool) -> str:
        """Say one or two numbers with a unit."""

    @abstractmethod
    def money(self, amount: str, scale: str, currency: Currency) -> str:
        """Say an amount; ``scale`` is a word such as million, or empty."""

    def counted(self, match: Match, place: Place) -> str | None:
        """Say a number before a word that decides how it is said, or decline."""
        return None

    def per(self, thing: str) -> str:
        """Say what a slash and a unit mean: per month."""
        raise NotImplementedError

    def written(self, said: str) -> str:
        """Write spoken words in the script of the text."""
        return said

    def following(self, spoken: str, rest: str) -> tuple[str, int]:
        """Say what follows a spoken form differently: its text and how much it takes."""
        return "", 0

    # ---- numbers -------------------------------------------------------------------

    def number(self, text: str) -> str:
        """Say a number with sign, thousands separators and decimals."""
        sign = self.sign(text)
        text = text.lstrip("+-±").replace(",", "")
        whole, _, decimals = text.partition(".")
        said = self.cardinal(whole) if whole else self.no_whole()
        if decimals:
            parts = (said, self.words.point, self.decimals(decimals))
            said = self.blank.join(part for part in parts if part)
        return sign + said

    def no_whole(self) -> str:
        """Say the missing digit before the point of ``.5``."""
        return self.cardinal("0")

    def decimals(self, text: str) -> str:
        """Say the digits after the point."""
        return self.digits(text)

    def sign(self, text: str) -> str:
        """Say the sign that ``text`` begins with."""
        names = {
            "-": self.words.minus,
            "+": self.words.plus,
            "±": self.words.plus_minus,
        }
        name = names.get(text[:1], "")
        return name + self.blank if name else ""

    def range_of(self, numbers: list[str]) -> str:
        """Say one number, or two with the word for a range between them."""
        return self.join_range([self.number(number) for number in numbers])

    def several(self, said: list[str]) -> str:
        """Join consecutive spoken forms."""
        return f",{self.blank or self.gap}".join(said)

    def address_numbers(self, numbers: list[str]) -> str:
        """Say the numbers of a house: 5-3."""
        return "の".join(self.number(number) for number in numbers)

    def join_range(self, said: list[str]) -> str:
        """Join spoken forms by the word for a range."""
        return f"{self.blank}{self.words.to}{self.blank}".join(said)

    def _to(self, match: Match) -> str:
        """Say the range mark that a match ends with."""
        if not match.groupdict().get("to"):
            return ""
        return f"{self.blank}{self.words.to}{self.blank}"

    def _signed_digits(self, text: str) -> str:
        return self.digits("".join(char for char in text if char.isdigit()))
