"""All that can be said, joined: the class that the five languages are made of."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import comparison, context
from wyoming_cosyvoice.text.normalize.amounts import Amounts
from wyoming_cosyvoice.text.normalize.base import Match, Place, Said, Words
from wyoming_cosyvoice.text.normalize.names import Names
from wyoming_cosyvoice.text.normalize.times import Times
from wyoming_cosyvoice.text.normalize.units import DIVISORS
from wyoming_cosyvoice.text.patterns import pattern

_VALUE_BEFORE = pattern(r"[0-9][^\s0-9]{0,6}\s?$")
_VALUE_AFTER = pattern(r"\s?[-+]?[$€£¥₩]?[0-9]")
# What goes up and down, but is not traded.
_NO_PRICE = pattern(
    r"温度|溫度|气温|氣溫|湿度|濕度|水位|血压|血壓|体重|體重|心率|人口|気温|体温|기온|온도|습도|체온"
    r"|temperature|humidity|weight|heart rate",
    re.IGNORECASE,
)
_DEGREES = pattern(r"\s?[-+]?[0-9.]{1,6}\s?[°度도]")

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
        """Say "to" for an arrow between two values; between words it is a pause."""
        if _VALUE_BEFORE.search(place.before(8)) and _VALUE_AFTER.match(place.after()):
            return f" {self.words.to} "
        return ", "

    def say_heart(self, match: Match, place: Place) -> str | None:
        """Say nothing for a heart: I like it <3."""
        return None if comparison.compares(place.before()) else " "

    def say_trend(self, match: Match, place: Place) -> str | None:
        """Say whether a value beside an arrow has gone up or down."""
        before, after = place.before(), place.after()
        if not (_VALUE_AFTER.match(after) or _VALUE_BEFORE.search(before[-8:])):
            return ", "
        is_price = not _NO_PRICE.search(before) and not _DEGREES.search(after)
        up, down = self.words.trends[is_price]
        return f" {up if match.group() == '↑' else down} "

    def say_math(self, match: Match, place: Place) -> str | None:
        """Say a sign between operands."""
        sign = match.group()
        name = self.words.signs.get(sign)
        if sign in comparison.SIGNS:
            row = comparison.decide(place.before(), place.after())
            if row:
                return Said.because(f" {name} ", row.reason)
            return ", " if sign == ">" else " "
        if name and context.is_between_operands(sign, place.before(), place.after()):
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
