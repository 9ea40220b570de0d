"""Fractions, scores, products and plain numbers: how many there are."""

from __future__ import annotations

import re
from abc import abstractmethod

from wyoming_cosyvoice.text.decisions import scores, slashes
from wyoming_cosyvoice.text.decisions.bare_numbers import BARE_NUMBERS
from wyoming_cosyvoice.text.decisions.dates import NAMED_DAYS
from wyoming_cosyvoice.text.decisions.hyphens import HYPHENS
from wyoming_cosyvoice.text.decisions.unit_letters import FEET
from wyoming_cosyvoice.text.normalize.amounts import TEMPERATURE, Amounts
from wyoming_cosyvoice.text.normalize.base import Match, Place, Said
from wyoming_cosyvoice.text.normalize.units import DIVISORS, UNITS
from wyoming_cosyvoice.text.patterns import pattern


class Counts(Amounts):
    """Says how many."""

    def say_equation(self, match: Match, place: Place) -> str | None:
        """Say the left side of an equation."""
        said: list[str] = []
        for part in _PART_OF_SUM.findall(match.group()):
            above, is_divided, below = part.partition("/")
            if above and is_divided:
                said.append(self._quotient(above, below))
                continue
            is_number = any(char.isdigit() for char in part)
            sign = part.lower().replace("x", "×").replace("·", "×").replace("*", "×")
            said.append(self.number(part) if is_number else self.words.signs[sign])
        return self.gap.join(said)

    def _quotient(self, above: str, below: str) -> str:
        if int(above) < int(below):
            return self.fraction("", above, below)
        parts = (self.number(above), self.words.signs["/"], self.number(below))
        return self.gap.join(parts)

    factorial_form = ""
    """What a number with the sign of a factorial is called: 5!."""

    def say_factorial(self, match: Match, place: Place) -> str | None:
        """Say 5! where something is computed with it."""
        said = self.cardinal(match["a"]) if match["a"].isdecimal() else match["a"]
        return self.factorial_form.format(said)

    def say_slash_list(self, match: Match, place: Place) -> str | None:
        """Say several numbers with slashes: 84/60/88."""
        return self.several([self.number(n) for n in match.group().split("/")])

    def say_always(self, match: Match, place: Place) -> str | None:
        """Say 24/7."""
        return self.around_the_clock

    def say_feet(self, match: Match, place: Place) -> str | None:
        """Say 5'10"; a runner's pace is minutes and seconds."""
        row = place.decide(FEET, self.column, match.group())
        if row is not None and row.meaning == "time":
            said = self.duration(0, int(match["ft"]), int(match["inch"]))
            said = self._with_divisor(said, match["per"]) if match["per"] else said
            return Said.because(said, row.reason)
        feet = self.quantity(
            [match["ft"]],
            self.unit_form(UNITS["ft"], match["ft"]),
            is_temperature=False,
        )
        form = self.unit_form(UNITS["in"], match["inch"])
        if match["n"]:
            part = self.fraction(match["inch"], match["n"], match["d"])
            return f"{feet}{self.gap}{self.place_in(form, part)}"
        inches = self.quantity([match["inch"]], form, is_temperature=False)
        return f"{feet}{self.gap}{inches}"

    def say_slashed(self, match: Match, place: Place) -> str | None:
        """Say two numbers with a slash as the table of slashes has it."""
        first, second, symbol = match["a"], match["b"], match["unit"]
        if symbol == "mmHg":
            return None
        if match["degrees"] or (symbol and TEMPERATURE.fullmatch(symbol)):
            return self._two_temperatures(match, place)
        if symbol in _SPEEDS:
            both = self.several([self.number(first), self.number(second)])
            return self.place_in(self.unit_form(UNITS[symbol], second), both)
        if symbol and (symbol in _SHARED or "." in first + second):
            form = self.unit_form(UNITS[symbol], second)
            return self.part_of(first, second, form)
        before, after = place.before(), place.after()
        if symbol:
            after = place.text[match.end("b") : match.end("b") + _REACH]
        row = slashes.decide(first, second, before, after, self.column)
        meaning = row.meaning if row else "other"
        if symbol and meaning == "date":
            return None
        said = self._said_slash(meaning, first, second)
        if meaning == "members":
            said = self.members(first, second, place.after(2).strip()[:1])
        if said and said[-1] in "分点점" and place.after(2).strip()[:1] == said[-1]:
            said = said[:-1]  # 9/10分: what follows is the last word of the rating
        if said and symbol and meaning != "other":
            number = "1" if meaning == "fraction" else second
            said = (
                f"{said} {symbol}"
                if meaning == "size"
                else self.place_in(self.unit_form(UNITS[symbol], number), said)
            )
        return Said.because(said, row.reason) if said and row else said

    def _said_slash(self, meaning: str, first: str, second: str) -> str | None:
        if meaning == "date":
            return self.date("", int(first), int(second))
        if meaning == "fraction":
            return self.fraction("", first, second)
        if meaning in ("pair", "size"):
            return self.several([self.number(first), self.number(second)])
        if meaning == "odds":
            return self.ratio([first, second])
        if meaning == "pressure" and self.column == "en":
            return self.blood_pressure(first, second)
        if meaning == "digits":
            return self.event(first, second)
        if meaning in _JOINED:
            return _JOINED[meaning].format(self.number(first), self.number(second))
        if meaning in ("of", "members"):
            return self.part_of(first, second, "")
        if meaning == "out_of":
            return self.rating(first, second.removesuffix(".0"))
        return None

    def _two_temperatures(self, match: Match, place: Place) -> str | None:
        numbers = [match["a"], match["b"]]
        unit = self.unit_form(UNITS[match["unit"] or "°"], "2")
        if match["a"] == "1":
            return None
        parts = [self.quantity([n], unit, is_temperature=True) for n in numbers]
        if self.column == "en":
            parts[0] = self.number(numbers[0])
        return f",{self.blank}".join(parts)

    def part_of(self, first: str, second: str, unit: str) -> str:
        """Say how far something has come: 2/5."""
        between = f"{unit}共" if unit else "，共"
        return f"{self.number(first)}{between}{self.number(second)}{unit}"

    def members(self, first: str, second: str, counter: str) -> str:
        """Say how many there are of how many, up to their last counter: 6/8人."""
        return self.part_of(first, second, "")

    def say_bundle(self, match: Match, place: Place) -> str | None:
        """Say what a shop gives for one: 1+1."""
        return None

    def rating(self, first: str, second: str) -> str:
        """Say a rating: 4.5/5."""
        return f"{self.number(first)}分，满分{self.number(second)}分"

    def event(self, first: str, second: str) -> str:
        """Say a day that is a name: 9/11."""
        return self.digits(first + second)

    def say_sets(self, match: Match, place: Place) -> str | None:
        """Say the sets of a match of tennis."""
        sets = re.findall(r"([0-9]+)-([0-9]+)", match["sets"])
        is_tennis = all(int(n) <= _TENNIS for games in sets for n in games)
        is_rising = all(int(a) < int(b) for a, b in sets)
        is_too_short = len(sets) == _TWO and self.column == "en"
        if not is_tennis and (is_rising or is_too_short):
            return None
        return f",{self.blank}".join(self.ratio(list(games)) for games in sets)

    def say_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction."""
        whole, below = match["whole"] or "", match["d"]
        if not int(below):
            return None
        # Of the sign ½, whose slash is another, there is nothing to decide.
        if "/" in match.group() and (
            match["unit"] == "mmHg"
            or slashes.meaning(match["n"], below, place.before(), "", self.column)
            == "pressure"
        ):
            said = self.blood_pressure(match["n"], below)
            unit = self.unit_form(UNITS["mmHg"], "2")
            return self.place_in(unit, said) if match["unit"] else said
        said = self.sign(match["sign"] or "") + self.fraction(whole, match["n"], below)
        if match["unit"] is None:
            return said
        number = "2" if whole else "1"
        return self.place_in(self.unit_form(UNITS[match["unit"]], number), said)

    def blood_pressure(self, upper: str, lower: str) -> str:
        """Say 120/80."""
        return f"{self.cardinal(upper)}、{self.cardinal(lower)}"

    def say_multiple(self, match: Match, place: Place) -> str | None:
        """Say the x of 1.5x."""
        if not self.times_more or _IN_FORMULA.search(place.before(2)):
            return None
        return self.number(match["a"]) + self.times_more

    def say_dotted(self, match: Match, place: Place) -> str | None:
        """Say a day that is a name: 3·15."""
        row = place.decide(NAMED_DAYS, self.column, match.group())
        if row is None:
            return None
        return Said.because(self.named_day(match["a"], match["b"]), row.reason)

    def named_day(self, month: str, day: str) -> str:
        """Say the month and the day of an event."""
        return self.digits(month + day)

    def say_ordinal(self, match: Match, place: Place) -> str | None:
        """Say an English ordinal in any language."""
        return self.ordinal(match["n"].replace(",", ""))

    def say_times_by(self, match: Match, place: Place) -> str | None:
        """Say dimensions and products."""
        parts = [self.number(match[name]) for name in "abc" if match[name]]
        said = f"{self.blank}{self.words.signs['×']}{self.blank}".join(parts)
        symbol = match["unit"]
        if not symbol:
            return said
        form = self.unit_form(
            UNITS[symbol], "1" if self._describes(match, place) else "2"
        )
        return self.place_in(form, said)

    def say_per_unit(self, match: Match, place: Place) -> str | None:
        """Say 12/kg: so many for each."""
        if match["per"] not in DIVISORS or place.before(1).isalnum():
            return None
        return self._with_divisor(self.number(match["a"]), match["per"])

    def say_counted(self, match: Match, place: Place) -> str | None:
        """Say a number as the word behind it wants it, or the score before a team."""
        is_score = match["b"] and _TEAM_AFTER.match(place.after())
        if is_score and match["a"].isdecimal():
            return self.ratio([match["a"], match["b"]]) + match["gap"]
        return self.counted(match, place)

    def say_range(self, match: Match, place: Place) -> str | None:
        """Say two numbers as a range, a score or a code."""
        numbers = [match["a"], match["b"]]
        is_tilde = "~" in match["to"]
        written = "~".join(numbers) if is_tilde else _compared(*numbers)
        row = place.decide(HYPHENS, self.column, written)
        said = self.joined_by_hyphen(row.meaning if row else "range", numbers)
        return Said.because(said, row.reason) if row else said

    def joined_by_hyphen(self, meaning: str, numbers: list[str]) -> str:
        """Say two numbers with a hyphen by what they are."""
        if meaning == "score":
            return self.ratio(numbers)
        if meaning == "years":
            return self.join_range([self._year_or_short(number) for number in numbers])
        if meaning == "name":
            return self.model_name(*numbers)
        if meaning == "age":
            return f"{self.cardinal(numbers[0])} oh"
        if meaning == "pair":
            return self.blank.join(map(self.number, numbers))
        return (
            self.address_numbers(numbers)
            if meaning == "address"
            else self.range_of(numbers)
        )

    def _year_or_short(self, number: str) -> str:
        return self.year(number) if len(number) > _TWO else self.short_year(number)

    @abstractmethod
    def year(self, text: str) -> str:
        """Say a year."""

    @abstractmethod
    def short_year(self, text: str) -> str:
        """Say the last two digits of a year."""

    name_joint = ""
    """What stands between the numbers of a name: 737-800."""

    def model_name(self, first: str, second: str) -> str:
        """Say the numbers of a name: 737-800, Figure 3-2."""
        return self.name_joint.join((self.digits(first), self.cardinal(second)))

    def say_number(self, match: Match, place: Place) -> str | None:
        """Say a number on its own; it may be a year, a room or a flight."""
        text = match["a"]
        row = place.decide(BARE_NUMBERS, self.column, text)
        if row is not None and not match["scale"]:
            said = self.bare_number(row.meaning, text)
        else:
            said = self.number(text)
        if match["scale"]:
            said += self.blank + self.thousand()
        said += " " if match["joint"] else ""
        return Said.because(said, row.reason) if row else said

    def bare_number(self, meaning: str, text: str) -> str:
        """Say a number that does not count by what it is."""
        return self.year(text) if meaning == "year" else self.digits(text)

    def thousand(self) -> str:
        """Say the k of 10k."""
        return "K"


_JOINED = {"wickets": "{} for {}", "rent": "{}에 {}"}
"""What stands between the numbers of 156/4 in cricket, and of deposit and rent."""
_SHARED = frozenset(
    """
    GB MB TB KB kB PB GiB MiB TiB mAh Wh kWh MWh kcal
    """.split()  # noqa: SIM905 - a list to be read and extended
)
"""Units of which a part is used: 15.6/16 GB."""
_SPEEDS = frozenset(
    symbol
    for symbol in UNITS
    if pattern("[kKMG]i?(?:[bB]it|[bB])(?:/s|ps)").fullmatch(symbol)
)
"""Units of what is loaded and sent, or read and written: 940/880 Mbps."""

_IN_FORMULA = pattern(r"[-+=*/×(²³][ ]?$")
_PART_OF_SUM = pattern(
    r"(?<![-*/×÷^0-9.])[0-9]{1,6}/[0-9]{1,6}(?![0-9./*×÷^])"
    r"|(?:^[-+±])?[0-9][0-9.,]*|[-+*/×÷xX·^]"
)

_TEAM_AFTER = pattern(scores.TEAM_AFTER)
_TWO = 2
_REACH = 16
"""Characters behind two numbers with a slash that tell what they are."""
_TENNIS = 7
"""The most games that a set of tennis has."""


def _compared(first: str, second: str) -> str:
    """Return two numbers with the sign that compares them: 3<5."""
    values = [float(number.replace(",", "").lstrip("±")) for number in (first, second)]
    sign = "<" if values[0] < values[1] else ">" if values[0] > values[1] else "="
    return f"{first}{sign}{second}"
