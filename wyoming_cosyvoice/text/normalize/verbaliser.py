"""All that can be said, joined: the class that the five languages are made of."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import context
from wyoming_cosyvoice.text.normalize.amounts import Amounts
from wyoming_cosyvoice.text.normalize.base import Match, Place, Words
from wyoming_cosyvoice.text.normalize.names import Names
from wyoming_cosyvoice.text.normalize.times import Times
from wyoming_cosyvoice.text.normalize.units import DIVISORS

__all__ = ["Match", "Place", "Verbaliser", "Words"]


class Verbaliser(Names, Times, Amounts):
    """Says the matches of the scanner.

    A ``say_`` method belongs to the rule of its name. It returns None to decline, and the
    next rule is tried.
    """

    def say_link(self, match: Match, place: Place) -> str | None:
        """Say the mark between the ends of a range of dates or times."""
        mark = match.group().strip()
        if context.is_linking(place.before(), place.after(), mark):
            return f" {self.link} "
        if mark == "~" and not place.after(1).isdecimal():
            return " "
        return None

    @property
    def link(self) -> str:
        """The word between the first and the last of several dates."""
        return self.words.to

    def say_per(self, match: Match, place: Place) -> str | None:
        """Say the slash of a price or a rate: 99 yuan per month."""
        if not context.is_rate(place.before()):
            return None
        names = DIVISORS[match["per"]].split("|")
        return self.per(names[("zh", "ja", "ko", "en").index(self.column)])

    def say_power(self, match: Match, place: Place) -> str | None:
        """Say a raised number behind a letter or a number."""
        if not place.before(1).isalnum() and place.before(1) != ")":
            return None
        text = match["n"] or {"²": "2", "³": "3"}[match["raised"]]
        return self.power(text) + " "

    def power(self, text: str) -> str:
        """Say the exponent of a power."""
        return self.power_form.format(self.number(text))

    def say_arrow(self, match: Match, place: Place) -> str | None:
        """Say an arrow between two values."""
        if re.search(r"[0-9][^\s0-9]{0,6}\s?$", place.before(8)):
            return f" {self.words.to} "
        return None

    def say_math(self, match: Match, place: Place) -> str | None:
        """Say a sign between operands."""
        name = self.words.signs.get(match.group())
        if name and context.is_between_operands(
            match.group(), place.before(), place.after()
        ):
            return f" {name} "
        return None

    def say_symbol(self, match: Match, place: Place) -> str:
        """Say a symbol by its name, or leave a blank in its place."""
        if match.group() in ",.!?;:'\"()（）":
            return match.group()
        name = self.words.symbols.get(match.group())
        if name is None and match.group().isalpha():
            return match.group()
        return f" {name} " if name else " "
