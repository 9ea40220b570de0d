"""Terms of mathematics, medicine and sports as English says them: 5!, log2(8), q4h."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.spoons import SPOONS
from wyoming_cosyvoice.text.decisions.unit_letters import UNIT_LETTERS
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.units import UNITS
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser
from wyoming_cosyvoice.text.patterns import pattern


class EnglishTerms(Verbaliser):
    """Says the terms of a trade."""

    factorial_form = "{} factorial"

    def say_bracket_factorial(self, match: Match, place: Place) -> str | None:
        """Say (n-1)!."""
        parts = _OPERAND.findall(match["body"])
        said = (
            self.cardinal(part)
            if part.isdecimal()
            else self.words.signs.get(part, part)
            for part in parts
        )
        is_product = place.before(1).isalnum() or place.before(1) in ("!", ")")
        times = f" {self.words.signs['×']}" if is_product else ""
        return f"{times} the factorial of {self.gap.join(said)} "

    def say_lasting(self, match: Match, place: Place) -> str | None:
        """Say how long a treatment lasts: TID x 10 days."""
        before = place.before(12)
        if not _WORD_BEFORE.search(before) or _NO_TREATMENT.search(before):
            return None
        return "for "

    def say_spoon(self, match: Match, place: Place) -> str | None:
        """Say 1/4t and 2T of what is cooked."""
        row = place.decide(SPOONS, self.column, match.group())
        if row is None or row.meaning != "spoon":
            return None
        whole, below = match["whole"] or "", match["d"]
        said = (
            self.fraction(whole, match["n"], below)
            if below
            else self.number(match["a"])
        )
        is_one = (below and not whole) or match["a"] == "1"
        unit = UNITS["tsp" if match["spoon"] == "t" else "tbsp"]
        form = self.unit_form(unit, "1" if is_one else "2")
        return Said.because(f"{said} {form}", row.reason)

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say a quantity; the W of Size 8 W is a width."""
        if match["unit"] == "W" and place.has_meaning(
            "wide", UNIT_LETTERS, self.column, f"{match['a']}{match['gap'] or ''}W"
        ):
            return f"{self.range_of([match['a'], *_second(match)])} wide"
        return super().say_quantity(match, place)

    def say_waist(self, match: Match, place: Place) -> str | None:
        """Say the size of trousers: 34W x 32L."""
        return (
            f"{self.cardinal(match['a'])} waist by {self.cardinal(match['b'])} length"
        )

    def say_stay(self, match: Match, place: Place) -> str | None:
        """Say how long a journey takes: 4D/3N, in the order in which it is written."""
        is_one = place.before(4).lower().endswith(("a ", "an ", "the ", "our "))
        ends = (("days", "day"), ("nights", "night"))
        said = [
            f"{self.cardinal(match[many])} {one if is_one or match[many] == '1' else many}"
            for many, one in sorted(ends, key=lambda end: match.start(end[0]))
        ]
        return " ".join(said)

    def say_logarithm(self, match: Match, place: Place) -> str | None:
        """Say log2 8 and log_10(100)."""
        if place.before(1).isalnum():
            return None
        base, of = match["base"], match["within"] or match["of"]
        base = self.cardinal(base) if base.isdecimal() else base
        of = self.cardinal(of) if of.isdecimal() else of
        return f"log base {base} of {of}"

    def say_every(self, match: Match, place: Place) -> str | None:
        """Say q4h and q.4-6h of a prescription."""
        if place.before(1).isalnum():
            return None
        numbers = [number for number in (match["a"], match["b"]) if number]
        unit = _SPANS[match["unit"][0]]
        if numbers == ["1"]:
            return f"every {unit}"
        return f"every {self.range_of(numbers)} {unit}s"

    def say_mixed_ratio(self, match: Match, place: Place) -> str | None:
        """Say the first part of a proportion with a fraction: 1:1½, 1½:1."""
        if match["n"]:
            first = self.fraction(match["whole"] or "", match["n"], match["d"])
        else:
            first = self.cardinal(match["a"])
        return f"{first} {self.words.to} "

    def say_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction; the W of Size 8½ W is a width."""
        said = super().say_fraction(match, place)
        if match["unit"] == "W" and place.has_meaning(
            "wide", UNIT_LETTERS, self.column, match.group()
        ):
            return said and re.sub(r" watts?\Z", " wide", said)
        return said

    def say_sets(self, match: Match, place: Place) -> str | None:
        """Say the sets of a match with the points of their tie-breaks: 6-4, 7-6(3)."""
        said = super().say_sets(match, place)
        sets = _SET.findall(match["sets"])
        if said is None or not any(points for *_, points in sets):
            return said
        return ", ".join(
            self.ratio([first, second])
            + (f", {self.cardinal(points)}" if points else "")
            for first, second, points in sets
        )


_SPANS = {"h": "hour", "d": "day", "w": "week", "m": "minute"}
_OPERAND = pattern("[0-9]+|[a-z]|[-+]")
_WORD_BEFORE = pattern(r"[\w)]\s\Z")
_NO_TREATMENT = pattern(
    r"\b(?i:sets?|reps?|rounds?|for|of|find|let|if|where|by|and|or|is|equals)\s\Z"
)
_SET = pattern(r"([0-9]+)-([0-9]+)(?:\(([0-9]+)\))?")


def _second(match: Match) -> list[str]:
    """Return the end of a range, if a quantity has two."""
    return [match["b"]] if "b" in match.groupdict() else []
