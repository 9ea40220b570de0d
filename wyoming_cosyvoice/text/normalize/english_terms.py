"""Terms of mathematics, medicine and sports as English says them: 5!, log2(8), q4h."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser
from wyoming_cosyvoice.text.patterns import pattern


class EnglishTerms(Verbaliser):
    """Says the terms of a trade."""

    def say_factorial(self, match: Match, place: Place) -> str | None:
        """Say 5! where something is computed with it."""
        number = match["a"]
        said = self.cardinal(number) if number.isdecimal() else number
        return f"{said} factorial"

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
        if match["unit"] == "W" and said and _SIZE.search(place.before()):
            return re.sub(r" watts?\Z", " wide", said)
        return said

    def say_sets(self, match: Match, place: Place) -> str | None:
        """Say the sets of a match with the points of their tie-breaks: 6-4, 7-6(3)."""
        said = super().say_sets(match, place)
        sets = _SET.findall(match["sets"])
        if said is None or len(sets) == 1 or not any(points for *_, points in sets):
            return said
        return ", ".join(
            self.ratio([first, second])
            + (f", {self.cardinal(points)}" if points else "")
            for first, second, points in sets
        )


_SPANS = {"h": "hour", "d": "day", "w": "week", "m": "minute"}
_SIZE = pattern(r"\b[Ss](?:ize|z\.?)s?:?\s\Z")
_SET = pattern(r"([0-9]+)-([0-9]+)(?:\(([0-9]+)\))?")
