"""Money, percentages, quantities, fractions and plain numbers."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import context, magnitudes, slash, teams
from wyoming_cosyvoice.text.normalize.base import Language, Match, Place, Said
from wyoming_cosyvoice.text.normalize.money import CURRENCIES, Currency
from wyoming_cosyvoice.text.normalize.units import DIVISORS, RAISED, UNITS, Unit
from wyoming_cosyvoice.text.patterns import pattern


class Amounts(Language):
    """Says how much and how many."""

    # ---- money, percentages, quantities --------------------------------------------

    def say_money(self, match: Match, place: Place) -> str | None:
        """Say an amount of money."""
        currency = self.currency(match["currency"].strip(), place)
        sign = match["sign"] or match.groupdict().get("sign2") or ""
        # A comma before two digits is a decimal comma: €1,50.
        amount = re.sub(r",(?=[0-9]{2}$)", ".", match["amount"]).replace(",", "")
        scale = (match["scale"] or "").strip()
        is_rate = match["per"] and not scale
        said = (
            self.rate(amount, currency)
            if is_rate
            else self.money(amount, scale, currency)
        )
        if match["per"]:
            said = self._with_divisor(said, match["per"])
        return self.sign(sign) + said + self._to(match)

    say_money_after = say_money

    def rate(self, amount: str, currency: Currency) -> str:
        """Say an amount of money that something costs by the piece."""
        return self.money(amount, "", currency)

    def currency(self, symbol: str, place: Place) -> Currency:
        """Return the currency that a sign means in this language."""
        return CURRENCIES[symbol]

    def say_percent(self, match: Match, place: Place) -> str | None:
        """Say a percentage or a range of them."""
        numbers = [match["a"]]
        if "b" in match.groupdict():
            numbers.append(match["b"])
        return self.percent(numbers, match["mark"])

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say one or two numbers with a unit."""
        symbol = self._minutes(match["unit"], place)
        if not context.is_unit(
            symbol, match["gap"], match["a"], place.before(), place.after()
        ):
            return None
        numbers = [match["a"]]
        if "b" in match.groupdict():
            if match["first"] not in (None, match["unit"]):
                return None
            numbers.append(match["b"])
        form = self.unit_form(UNITS[symbol], numbers[-1])
        scale = match.groupdict().get("word") or match.groupdict().get("han")
        if scale:
            said = self.place_in(form, self.number(numbers[0]) + self.blank + scale)
        else:
            said = self.quantity(
                numbers, form, is_temperature=_TEMPERATURE.fullmatch(symbol) is not None
            )
        if match.groupdict().get("per"):
            said = self._with_divisor(said, match["per"])
        return said

    def say_compound(self, match: Match, place: Place) -> str | None:
        """Say a quantity whose unit is put together: 9.8 m/s², 12 N·m."""
        parts = match.groupdict()
        unit, per, power = match["unit"], parts.get("per"), parts.get("power") or ""
        power = {"²": "2", "³": "3"}.get(power, power.lstrip("^"))
        written = f"{unit}/{per}"
        if per and not (power or parts["times"] or parts["per2"]) and written in UNITS:
            return None
        form = self.unit_form(UNITS[unit], match["a"])
        if parts["times"]:
            form = f"{self._single(unit)}{self.blank}{self.unit_form(UNITS[parts['times']], match['a'])}"
        numbers = [match["a"], parts["b"]] if parts.get("b") else [match["a"]]
        said = self.quantity(numbers, form, is_temperature=False)
        if not per:
            return said
        thing = self._single(per)
        if power:
            thing = self._column(RAISED[power]).replace("{}", thing)
        if parts["per2"]:
            thing = f"{thing}{self.blank}{self._single(parts['per2'])}"
        return said + self.per(thing)

    def _single(self, symbol: str) -> str:
        """Return what one of a unit is called."""
        if symbol in DIVISORS:
            return self._column(DIVISORS[symbol])
        return self.unit_form(UNITS[symbol], "1").replace("{}", "")

    def _column(self, cells: str) -> str:
        return cells.split("|")[("zh", "ja", "ko", "en").index(self.column)]

    def say_magnitude(self, match: Match, place: Place) -> str | None:
        """Say 3M, 25K and 10w where the letter multiplies."""
        number, letter = match["a"], match["scale"] or match["word"]
        after = (match["plus"] or "") + place.after()
        row = magnitudes.decide(number, letter, place.before(40), after, self.column)
        if row is None or not row.multiplies:
            return None
        said = self.magnitude(number, letter)
        more = self.words.and_more if match["plus"] else ""
        return Said.because(said + more + self._to(match), row.reason)

    def magnitude(self, number: str, letter: str) -> str:
        """Say a number whose letter multiplies it."""
        whole = magnitudes.value(number, letter)
        if whole is None or (letter in "wW" and "." in number):
            return (
                self.number(number)
                + self.cardinal("1" + "0" * magnitudes.EXPONENTS[letter])[1:]
            )
        return self.cardinal(whole)

    def say_repeated_unit(self, match: Match, place: Place) -> str | None:
        """Leave out a unit that stands again behind its number."""
        return " "

    def say_arc(self, match: Match, place: Place) -> str | None:
        """Say degrees, minutes and seconds of arc."""
        degrees, minutes, seconds = self.words.arc
        said = [self.place_in(degrees, self.number(match["d"]))]
        said.append(self.place_in(minutes, self.number(match["m"])))
        if match["s"]:
            said.append(self.place_in(seconds, self.number(match["s"])))
        return self.gap.join(said)

    def say_inch(self, match: Match, place: Place) -> str | None:
        """Say inches: a 55" screen; not the end of what is quoted."""
        if place.text.count('"', 0, place.start) % 2:
            return None
        is_size = place.after(1) == " " and place.after(2)[1:].isalpha()
        form = self.unit_form(UNITS["in"], "1" if is_size else match["a"])
        return self.quantity([match["a"]], form, is_temperature=False)

    def _minutes(self, symbol: str, place: Place) -> str:
        """Return min for the m of 1h5m and of 5m30s."""
        is_after_hours = re.search(r"[0-9]\s?h\s?$", place.before(5))
        is_before_seconds = re.match(r"\s?[0-9]{1,2}\s?s(?![A-Za-z])", place.after(6))
        return (
            "min" if symbol == "m" and (is_after_hours or is_before_seconds) else symbol
        )

    def unit_form(self, unit: Unit, number: str) -> str:
        """Return what the unit is called after ``number``."""
        return str(getattr(unit, self.column))

    def place_in(self, form: str, said: str) -> str:
        """Put a spoken number where the form of the unit wants it."""
        return form.replace("{}", said) if "{}" in form else said + self.blank + form

    def _with_divisor(self, said: str, divisor: str) -> str:
        names = DIVISORS[divisor].split("|")
        thing = names[("zh", "ja", "ko", "en").index(self.column)]
        return said + self.per(thing)

    # ---- counting ------------------------------------------------------------------

    def say_equation(self, match: Match, place: Place) -> str | None:
        """Say the left side of an equation."""
        said = []
        for part in re.findall(r"(?:^[-+±])?[0-9][0-9.,]*|[-+*/×÷xX·^]", match.group()):
            is_number = any(char.isdigit() for char in part)
            sign = part.lower().replace("x", "×").replace("·", "×").replace("*", "×")
            said.append(self.number(part) if is_number else self.words.signs[sign])
        return self.gap.join(said)

    def say_always(self, match: Match, place: Place) -> str | None:
        """Say 24/7."""
        return self.around_the_clock

    def say_feet(self, match: Match, place: Place) -> str | None:
        """Say 5'10"."""
        feet = self.quantity(
            [match["ft"]],
            self.unit_form(UNITS["ft"], match["ft"]),
            is_temperature=False,
        )
        inches = self.quantity(
            [match["inch"]],
            self.unit_form(UNITS["in"], match["inch"]),
            is_temperature=False,
        )
        return f"{feet}{self.gap}{inches}"

    def say_slashed(self, match: Match, place: Place) -> str | None:
        """Say two numbers with a slash as the table of slashes has it."""
        first, second, symbol = match["a"], match["b"], match["unit"]
        if context.is_blood_pressure(place.before()) or symbol == "mmHg":
            return None
        if match["degrees"] or (symbol and _TEMPERATURE.fullmatch(symbol)):
            return self._two_temperatures(match, place)
        if symbol and (symbol in _SHARED or "." in first + second):
            form = self.unit_form(UNITS[symbol], second)
            return self.part_of(first, second, form)
        before, after = place.before(), place.after()
        if symbol:
            after = place.text[match.end("b") : match.end("b") + len(after)]
        row = slash.decide(first, second, before, after, self.slash_column)
        meaning = row.meaning if row else "other"
        if symbol and meaning == "date":
            return None
        said = self._said_slash(meaning, first, second)
        if said and said[-1] == "分" == place.after(1):
            said = said[:-1]  # 9/10分: what follows is the last word of the rating
        if said and symbol and meaning != "other":
            said = self.place_in(self.unit_form(UNITS[symbol], second), said)
        return Said.because(said, row.reason) if said and row else said

    @property
    def slash_column(self) -> str:
        """The language of the rows in the table of slashes."""
        return self.column

    def _said_slash(
        self, meaning: slash.Meaning, first: str, second: str
    ) -> str | None:
        if meaning == "date":
            return self.date("", int(first), int(second))
        if meaning == "fraction":
            return self.fraction("", first, second)
        if meaning == "digits":
            return self.event(first, second)
        if meaning == "of":
            return self.part_of(first, second, "")
        return self.rating(first, second) if meaning == "out_of" else None

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

    def rating(self, first: str, second: str) -> str:
        """Say a rating: 4.5/5."""
        return f"{self.number(first)}分，满分{self.number(second)}分"

    def event(self, first: str, second: str) -> str:
        """Say a day that is a name: 9/11."""
        return self.digits(first + second)

    def say_sets(self, match: Match, place: Place) -> str | None:
        """Say the sets of a match of tennis."""
        sets = re.findall(r"([0-7])-([0-7])(?:\([0-9]+\))?", match["sets"])
        return f",{self.blank}".join(self.ratio(list(games)) for games in sets)

    def say_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction."""
        whole, below = match["whole"] or "", match["d"]
        if not int(below):
            return None
        if match["unit"] == "mmHg" or context.is_blood_pressure(place.before()):
            said = self.blood_pressure(match["n"], below)
            unit = self.unit_form(UNITS["mmHg"], "2")
            return self.place_in(unit, said) if match["unit"] else said
        said = self.sign(match["sign"] or "") + self.fraction(whole, match["n"], below)
        if match["unit"] is None:
            return said
        number = "2" if whole else match["n"]
        return self.place_in(self.unit_form(UNITS[match["unit"]], number), said)

    def blood_pressure(self, upper: str, lower: str) -> str:
        """Say 120/80."""
        return f"{self.cardinal(upper)}、{self.cardinal(lower)}"

    def say_multiple(self, match: Match, place: Place) -> str | None:
        """Say the x of 1.5x."""
        return self.number(match["a"]) + self.times_more if self.times_more else None

    def say_dotted(self, match: Match, place: Place) -> str | None:
        """Say a day that is a name: 3·15."""
        return self._signed_digits(match.group())

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
        form = self.unit_form(UNITS[symbol], "2")
        return self.place_in(form, said)

    def say_per_unit(self, match: Match, place: Place) -> str | None:
        """Say 12/kg: so many for each."""
        if match["per"] not in DIVISORS or place.before(1).isalnum():
            return None
        return self._with_divisor(self.number(match["a"]), match["per"])

    def say_counted(self, match: Match, place: Place) -> str | None:
        """Say a number as the word behind it wants it, or the score before a team."""
        is_score = match["b"] and teams.TEAM_AFTER.match(place.after())
        if is_score and match["a"].isdecimal():
            return self.ratio([match["a"], match["b"]])
        return self.counted(match, place)

    def say_range(self, match: Match, place: Place) -> str | None:
        """Say two numbers as a range, a score or a code."""
        first, second = match["a"], match["b"]
        if context.is_score(place.before(), place.after()) and first.isdecimal():
            return self.ratio([first, second])
        return self.range_of([first, second])

    def say_number(self, match: Match, place: Place) -> str | None:
        """Say a number on its own."""
        said = self.number(match["a"])
        if match["scale"]:
            said += self.blank + self.thousand()
        return said + (" " if match["joint"] else "")

    def thousand(self) -> str:
        """Say the k of 10k."""
        return "K"


_SHARED = frozenset(
    """
    GB MB TB KB kB PB GiB MiB TiB mAh Wh kWh MWh kcal Mbps
    """.split()  # noqa: SIM905 - a list to be read and extended
)
"""Units of which a part is used: 15.6/16 GB."""
_TEMPERATURE = pattern("°[CcF]?|deg[CF]")
