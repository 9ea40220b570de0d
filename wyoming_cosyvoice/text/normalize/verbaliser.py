"""All that can be said, joined: the class that the five languages are made of."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.comparisons import COMPARISONS, HEARTS
from wyoming_cosyvoice.text.decisions.comparisons import SIGNS as COMPARED
from wyoming_cosyvoice.text.decisions.keys import KEYS
from wyoming_cosyvoice.text.decisions.keys import NAMES as KEY_NAMES
from wyoming_cosyvoice.text.decisions.signs import LINKS, RATES, SIGNS, TRENDS
from wyoming_cosyvoice.text.normalize.base import Match, Place, Said, Words
from wyoming_cosyvoice.text.normalize.counts import Counts
from wyoming_cosyvoice.text.normalize.names import Names
from wyoming_cosyvoice.text.normalize.times import Times
from wyoming_cosyvoice.text.normalize.units import DIVISORS, UNITS
from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.scripts import LATIN

_LETTER = pattern(f"[{LATIN}]")
_VALUE_BEFORE = pattern(r"[0-9][^\s0-9]{0,6}\s?$")
_VALUE_AFTER = pattern(r"\s?[-+]?[$€£¥₩]?[0-9]")
_PRICED = pattern(r"[万萬亿億만억元块塊円원度次人蚊분회回L升]")

__all__ = ["Match", "Place", "Verbaliser", "Words"]


class Verbaliser(Names, Times, Counts):
    """Says the matches of the scanner.

    A ``say_`` method belongs to the rule of its name. It returns None to decline, and the
    next rule is tried.
    """

    def say_link(self, match: Match, place: Place) -> str | None:
        """Say the mark between the ends of a range of dates or times."""
        mark = match.group().strip()
        row = place.decide(LINKS, self.column, mark)
        if row is not None:
            return Said.because(f" {self.link} ", row.reason)
        if mark == "~" and not place.after(1).isdecimal():
            return " "
        return None

    @property
    def link(self) -> str:
        """The word between the first and the last of several dates."""
        return self.words.to

    def say_per(self, match: Match, place: Place) -> str | None:
        """Say the slash of a price or a rate: 99 yuan per month."""
        row = RATES.decide(
            self.column, "/", place.before(40), place.text[place.start + 1 :][:8]
        )
        if match["per"] is None:
            return Said.because(self.per(""), row.reason) if row else None
        is_rate = place.before(1) == "%" and match["per"].isascii()
        if row is None and not is_rate and not _PRICED.search(place.before(1)):
            return None
        names = DIVISORS[match["per"]].split("|")
        return self.per(names[("zh", "ja", "ko", "en").index(self.column)])

    def say_charge(self, match: Match, place: Place) -> str | None:
        """Say the charge of an ion: Cl⁻, Ca²⁺."""
        if not place.before(1).isalnum():
            return None
        return f" {self.number(match['n']) if match['n'] else ''} {self.sign(match['sign'])} "

    def say_power(self, match: Match, place: Place) -> str | None:
        """Say a raised number behind a letter or a number."""
        if not place.before(1).isalnum() and place.before(1) != ")":
            return None
        text = match["n"] or {"²": "2", "³": "3"}[match["raised"]]
        said = self.power(text)
        if match["each"]:
            return said + self.per(self.divisor(match["each"], None))
        if match["unit"] is None:
            return said + " "
        # m/s is in the table with the place of its number, which is elsewhere here.
        unit, _, per = match["unit"].partition("/")
        said += (self.blank or self.gap) + self.unit_form(UNITS[unit], "2")
        per = per or match["per"]
        return said + self.per(self.divisor(per, match["square"])) if per else said

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
        is_heart = place.has_meaning("heart", HEARTS, self.column, match.group())
        return " " if is_heart else None

    def say_operator(self, match: Match, place: Place) -> str | None:
        """Say what joins conditions: && and ||."""
        name = self.words.symbols.get(match.group())
        return f" {name} " if name else None

    def say_absolute(self, match: Match, place: Place) -> str | None:
        """Say what stands between two strokes: |-5|."""
        body = re.sub(r"(?<=\w)([-+])", r" \1 ", match["body"])
        parts = [self._operand(part) for part in body.split()]
        return f" {self.absolute.format(self.gap.join(parts))} "

    def _operand(self, text: str) -> str:
        if text in self.words.signs:
            return self.words.signs[text]
        return (
            self.sign(text) + text[1:]
            if text[-1].isalpha() and text[0] == "-"
            else (text if text.isalpha() else self.number(text))
        )

    def say_trend(self, match: Match, place: Place) -> str | None:
        """Say whether a value beside an arrow has gone up or down."""
        row = place.decide(TRENDS, self.column, match.group())
        if row is None:
            return ", "
        if row.meaning == "negative":
            return Said.because(self.words.minus, row.reason)
        up, down = self.words.trends[row.meaning == "price"]
        return Said.because(f" {up if match.group() in '↑▲△' else down} ", row.reason)

    def say_math(self, match: Match, place: Place) -> str | None:
        """Say a sign between operands."""
        sign = match.group().replace("==", "=")
        name = self.words.signs.get(sign)
        if sign in COMPARED:
            row = place.decide(COMPARISONS, self.column, sign)
            if row and name and row.meaning == "before a value":
                return Said.because(f" {name.removeprefix('is ')} ", row.reason)
            if row:
                return Said.because(f" {name} ", row.reason)
            return ", " if sign == ">" else " "
        row = place.decide(SIGNS, self.column, sign)
        if row is not None and row.meaning == "negative":
            return Said.because(f" {self.words.minus} ", row.reason)
        if row is not None and row.meaning == "pause":
            return Said.because(", ", row.reason)
        if row is not None and row.meaning == "per":
            return Said.because(self.per(""), row.reason)
        if name and row is not None and row.meaning == "said":
            return Said.because(f" {name} ", row.reason)
        return None

    def say_symbol(self, match: Match, place: Place) -> str:
        """Say a symbol by its name, or leave a blank in its place."""
        if match.group() in "#*":
            row = place.decide(KEYS, self.column, match.group())
            if row is not None and row.meaning == "number":
                return Said.because(f" {self.numero} ", row.reason)
            if row is not None and row.meaning == "named":
                return Said.because("号", row.reason)
            if row is not None:
                key = KEY_NAMES[self.column][match.group()]
                return Said.because(f" {key.removesuffix(place.after(1))} ", row.reason)
        if match.group() in ",.!?;:'\"()（）":
            return match.group()
        if match.group() == "-" and _LETTER.match(place.before(1)):
            # Jean-Luc, co-op: the model and its dictionaries know it as one word.
            return "-" if _LETTER.match(place.after(1)) else " "
        name = self.words.symbols.get(match.group())
        if name is None and match.group().isalpha():
            return match.group()
        return f" {name} " if name else " "
