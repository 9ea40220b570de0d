"""Amounts that are written in the American way: $3-5 million, 425F, 3yo, 30"W x 18"D."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.attributes import ATTRIBUTES
from wyoming_cosyvoice.text.decisions.unit_letters import TEMPERATURES, UNIT_LETTERS
from wyoming_cosyvoice.text.normalize import english_words
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.money import CURRENCIES
from wyoming_cosyvoice.text.normalize.units import UNITS
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser
from wyoming_cosyvoice.text.patterns import pattern

_SIDES = {
    "W": "wide", "D": "deep", "H": "high", "L": "long",
    "w": "wide", "d": "deep", "h": "high", "l": "long",
}  # fmt: skip
_HUNDREDS = {
    "10": "tens",
    "100": "hundreds",
    "1000": "thousands",
    "1000000": "millions",
}


class EnglishAmounts(Verbaliser):
    """Says how much something is."""

    def say_money_range(self, match: Match, place: Place) -> str | None:
        """Say $3-5 million: the scale and the currency are of both."""
        scale = (match["scale"] or "").strip(" -")
        is_one_amount = scale or (not match["again"] and "." not in match["a"])
        if not is_one_amount or (match["to"] == " to " and not scale):
            return None
        numbers = [match["a"].replace(",", ""), match["b"].replace(",", "")]
        if float(numbers[0]) >= float(numbers[1]):
            return None
        currency = CURRENCIES[match["currency"]]
        said = f"{self.number(numbers[0])} to {self.money(numbers[1], scale, currency)}"
        if match["per"]:
            said = self._with_divisor(said, match["per"])
        return said

    def say_for_money(self, match: Match, place: Place) -> str | None:
        """Say 3/$10: three for ten dollars."""
        return f"{self.cardinal(match['n'])} for "

    def say_hundreds(self, match: Match, place: Place) -> str | None:
        """Say 100s of people."""
        return _HUNDREDS[match["n"].replace(",", "")]

    def say_sections(self, match: Match, place: Place) -> str | None:
        """Say the signs before one section or several."""
        return "section " if match["signs"] == "§" else "sections "

    def say_scientific(self, match: Match, place: Place) -> str | None:
        """Say 1.5e-6."""
        return f"{self.number(match['a'])} times ten to the power of {self.number(match['n'])}"

    def say_temperature(self, match: Match, place: Place) -> str | None:
        """Say 425F and 75-80F where it is a temperature."""
        written = f"{match['a']}{match['gap']}{match['unit']}"
        row = place.decide(TEMPERATURES, self.column, written)
        if row is None or row.meaning != "temperature":
            return None
        numbers = [number for number in (match["a"], match["b"]) if number]
        form = self.unit_form(UNITS[f"°{match['unit']}"], numbers[-1])
        return Said.because(
            self.quantity(numbers, form, is_temperature=True), row.reason
        )

    def say_short_measure(self, match: Match, place: Place) -> str | None:
        """Say 3yo, 6mo and 12ct, whose measure touches the number."""
        number, measure = match["a"], match["unit"]
        if measure in ("yo", "y.o."):
            return f"{self.number(number)} year old"
        is_packed = _PACKED.match(place.after(9)) is not None
        if (match["gap"] == " " and not is_packed) or place.has_meaning(
            "carat", UNIT_LETTERS, self.column, f"{number}{match['gap']}{measure}"
        ):
            return None
        is_one = (
            number == "1"
            or match["gap"] == "-"
            or is_packed
            or place.after(4).startswith((" old", "-old"))
            or place.has_meaning("attribute", ATTRIBUTES, self.column, match.group())
        )
        full = english_words.AFTER_NUMBER[measure]
        one = english_words.ODD_SINGULARS.get(full, full.removesuffix("s"))
        return f"{self.number(number)} {one if is_one else full}"

    def _describes(self, match: Match, place: Place) -> bool:
        return place.has_meaning("attribute", ATTRIBUTES, self.column, match.group())

    def side(self, name: str | None) -> str:
        return f" {_SIDES.get(name, name)} " if name else ""


_PACKED = pattern(r"\s(?:pack|box|bag|case|carton|jar|tub)\b")
