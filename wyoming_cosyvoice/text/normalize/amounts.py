"""Money, percentages and quantities: how much something is."""

from __future__ import annotations

import re
from collections import deque

from wyoming_cosyvoice.text.decisions import magnitudes
from wyoming_cosyvoice.text.decisions.table import Row
from wyoming_cosyvoice.text.decisions.unit_letters import (
    DOUBTFUL_UNITS,
    INCHES,
    PLAIN_UNIT,
    PRIMES,
    UNIT_LETTERS,
)
from wyoming_cosyvoice.text.normalize.base import Language, Match, Place, Said
from wyoming_cosyvoice.text.normalize.money import CURRENCIES, Currency
from wyoming_cosyvoice.text.normalize.units import DIVISORS, RAISED, UNITS, Unit
from wyoming_cosyvoice.text.patterns import pattern


class Amounts(Language):
    """Says how much."""

    # ---- money, percentages, quantities --------------------------------------------

    def say_money(self, match: Match, place: Place) -> str | None:
        """Say an amount of money."""
        currency = self.currency(match["currency"].strip(), place)
        sign = match["sign"] or match.groupdict().get("sign2") or ""
        amount = match["amount"]
        if re.search(r",[0-9]{2}$", amount):
            # A comma before two digits is a decimal comma: €1,50, €1.250,00.
            amount = amount.replace(".", "").replace(",", ".")
        amount = amount.replace(",", "")
        scale = self._scale(match["scale"])
        is_rate = match["per"] and not scale
        said = (
            self.rate(amount, currency)
            if is_rate
            else self.money(amount, scale, currency)
        )
        second = (match.groupdict().get("second") or "").replace(",", "")
        if second:
            last = self.money(second, self._scale(match["scale2"]), currency)
            # $12-15 names its currency once, at the end.
            first = said if scale or match["per"] else self.number(amount)
            return self.sign(sign) + self.join_range([first, last])
        if match["per"]:
            said = self._with_divisor(said, match["per"])
        elif (match["scale"] or "").startswith("-") or self._describes(match, place):
            said = self.describing(said, currency)
        return self.sign(sign) + said + self._to(match)

    say_money_after = say_money

    def _scale(self, written: str | None) -> str:
        """Return what multiplies an amount; the 8 of $12万8 is said with it."""
        scale = (written or "").strip(" -")
        if scale[-1:].isdecimal():
            return scale[:-1] + self.cardinal(scale[-1])
        return scale

    def multiplied(self, amount: str, scale: str) -> str | None:
        """Say an amount that K, M, B or their words multiply, if it is whole."""
        exponent = magnitudes.EXPONENTS.get(scale, _TRILLION)
        if exponent >= _TRILLION or scale in "wW":
            return None
        whole = magnitudes.value(amount, scale)
        return None if whole is None else self.cardinal(whole)

    def _describes(self, match: Match, place: Place) -> bool:
        """Whether an amount describes what follows: a $5 bill."""
        return False

    def describing(self, said: str, currency: Currency) -> str:
        """Say an amount in front of what it describes."""
        return said

    def say_loss(self, match: Match, place: Place) -> str | None:
        """Say an amount in brackets, which bookkeepers write for a loss: $(0.12)."""
        currency = self.currency(match["currency"], place)
        amount, scale = match["amount"].replace(",", ""), (match["scale"] or "").strip()
        return self.sign("-") + self.money(amount, scale, currency)

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

    def say_percent_pair(self, match: Match, place: Place) -> str | None:
        """Say two percentages with one sign: 40/60%."""
        return self.several([self.percent([match[name]], "%") for name in "ab"])

    def say_quantity(self, match: Match, place: Place) -> str | None:
        """Say one or two numbers with a unit."""
        symbol = match["unit"]
        gap = match["gap"] or ""
        written = f"{match['a']}{gap}{symbol}"
        per = match.groupdict().get("per")
        written += f"/{per}" if per else ""
        row: Row | None = PLAIN_UNIT
        if symbol in DOUBTFUL_UNITS or len(symbol) == 1:
            row = place.decide(UNIT_LETTERS, self.column, written)
        if row is None or row.meaning == "word":
            return None
        symbol = symbol if row.meaning == "unit" else row.meaning
        numbers = [match["a"]]
        if "b" in match.groupdict():
            if match["first"] not in (None, match["unit"]):
                return self._from_one_unit(match)
            numbers.append(match["b"])
        is_one = gap == "-" or self._describes(match, place)
        form = self.unit_form(UNITS[symbol], "1" if is_one else numbers[-1])
        scale = match.groupdict().get("word") or match.groupdict().get("han")
        if match.groupdict().get("short"):
            said = self.place_in(
                form, self.magnitude(numbers[0], match["short"].strip())
            )
        elif scale:
            said = self.place_in(form, self.number(numbers[0]) + self.blank + scale)
        else:
            said = self.quantity(
                numbers, form, is_temperature=TEMPERATURE.fullmatch(symbol) is not None
            )
        if per:
            said = self._with_divisor(said, per)
        return Said.because(said, row.reason)

    def _from_one_unit(self, match: Match) -> str:
        """Say a range whose ends have two units: 45 min-1 hr."""
        ends = ((match["a"], match["first"]), (match["b"], match["unit"]))
        said = [
            self.quantity([n], self.unit_form(UNITS[symbol], n), is_temperature=False)
            for n, symbol in ends
        ]
        return self.join_range(said)

    def say_per_quantity(self, match: Match, place: Place) -> str | None:
        """Say so much in so much: 250 mg/5 mL."""
        unit, per = match["unit"], match["per"]
        is_picture = unit == "K" and not match["gap"]  # 4K/60fps
        if place.before(1) == "/" or is_picture:
            return None
        joined = UNITS.get(f"{unit}/{match['n']}{per}")
        if joined:
            form = self.unit_form(joined, match["a"])
            return self.quantity([match["a"]], form, is_temperature=False)
        is_pair = unit == per or any({unit, per} <= same for same in _SAME_KIND)
        amount, measure = (
            self.quantity([n], self.unit_form(UNITS[symbol], n), is_temperature=is_pair)
            for n, symbol in ((match["a"], unit), (match["n"], per))
        )
        if is_pair:
            return self.several([amount, measure])
        return self.amount_per(amount, measure)

    def amount_per(self, amount: str, measure: str) -> str:
        """Say that there is ``amount`` in every ``measure``."""
        return amount + self.per(measure)

    def say_compound(self, match: Match, place: Place) -> str | None:
        """Say a quantity whose unit is put together: 9.8 m/s², 12 N·m."""
        parts = match.groupdict()
        unit, per, power = match["unit"], parts.get("per"), parts.get("power") or ""
        written = f"{unit}/{per}"
        if per and written in UNITS and not any(parts[name] for name in _MORE):
            return None
        form = self.unit_form(UNITS[unit], match["a"])
        if parts["times"]:
            form = f"{self._single(unit)}{self.blank}{self.unit_form(UNITS[parts['times']], match['a'])}"
        numbers = [match["a"], parts["b"]] if parts.get("b") else [match["a"]]
        said = self.quantity(numbers, form, is_temperature=False)
        if not per:
            return said
        thing = self.divisor(per, power)
        if parts["per2"]:
            thing = f"{thing}{self.blank}{self._single(parts['per2'])}"
        said += self.per(thing)
        return said + self.per(self._single(parts["last"])) if parts["last"] else said

    def divisor(self, symbol: str, power: str | None) -> str:
        """Return what a unit behind a slash is called: m/s²."""
        thing = self._single(symbol)
        if not power:
            return thing
        exponent = {"²": "2", "³": "3"}.get(power, power.lstrip("^"))
        return self._column(RAISED[exponent]).replace("{}", thing)

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
        row = magnitudes.MAGNITUDES.decide(
            self.column, number + letter, place.before(40), after
        )
        if row is None or row.meaning != "multiplies":
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
        side = self._column(_SIDES[match["side"]]) if match["side"] else ""
        said = [*said, side] if self.column == "en" else [side, *said]
        return self.gap.join(filter(None, said))

    def say_circle(self, match: Match, place: Place) -> str | None:
        """Say π before a unit: 25π cm²."""
        form = self.unit_form(UNITS[match["unit"]], "2").replace("{}", "")
        return f" {self.words.symbols['π']} {form}"

    def say_inch(self, match: Match, place: Place) -> str | None:
        """Say inches: a 55" screen; not the end of what is quoted."""
        if _is_quoted(place, '"'):
            return None
        row = place.decide(INCHES, self.column, match["a"])
        is_size = row is not None and row.meaning == "size"
        symbol = "inHg" if match["mercury"] else "in"
        form = self.unit_form(UNITS[symbol], "1" if is_size else match["a"])
        numbers = [number for number in (match["from"], match["a"]) if number]
        return self.quantity(numbers, form, is_temperature=False) + self.side(
            match["side_a"]
        )

    def side(self, name: str | None) -> str:
        """Say which side of a thing is measured: 30"W."""
        return f" {name} " if name else ""

    def say_inch_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction of an inch: 1/4", 2 1/2"."""
        if _is_quoted(place, '"'):
            return None
        row = place.decide(INCHES, self.column, match.group())
        is_one = not match["whole"] or (row is not None and row.meaning == "size")
        said = self.fraction(match["whole"] or "", match["n"], match["d"])
        return self.place_in(self.unit_form(UNITS["in"], "1" if is_one else "2"), said)

    def say_measured_by(self, match: Match, place: Place) -> str | None:
        """Say 12' x 14' and 1.5" x 3.5"."""
        unit = UNITS["in" if match["mark"] == '"' else "ft"]
        numbers = [match[name] for name in "abc" if match[name]]
        sides = [match[f"side_{name}"] for name in "abc"]
        said = [
            self.quantity([n], self.unit_form(unit, n), is_temperature=False)
            + self.side(side).rstrip()
            for n, side in zip(numbers, sides, strict=False)
        ]
        return f"{self.blank or self.gap}{self.by}{self.blank or self.gap}".join(said)

    @property
    def by(self) -> str:
        """The word between the sides of an area."""
        return self.words.signs["×"]

    def say_prime(self, match: Match, place: Place) -> str | None:
        """Say feet and minutes: a 12' ladder, a goal in the 90+3' minute."""
        row = place.decide(PRIMES, self.column, match["a"])
        if row is None or (row.meaning != "number" and _is_quoted(place, "'")):
            return None
        if row.meaning == "minutes":
            form = self.unit_form(UNITS["min"], match["a"])
            return Said.because(
                self.quantity([match["a"]], form, is_temperature=False), row.reason
            )
        more = match["a"].split("+")
        said = f"{self.blank}{self.words.plus}{self.blank}".join(map(self.number, more))
        if row.meaning == "number":
            return Said.because(said, row.reason)
        if match["from"]:
            said = self.range_of([match["from"], match["a"]])
        form = self.unit_form(UNITS["ft"], "1" if row.meaning == "size" else more[0])
        return Said.because(self.place_in(form, said), row.reason)

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


_TRILLION = 12
_SIDES = {
    "N": "北纬|北緯|북위|north", "S": "南纬|南緯|남위|south",
    "E": "东经|東経|동경|east", "W": "西经|西経|서경|west",
}  # fmt: skip


def _is_quoted(place: Place, mark: str) -> bool:
    """Whether a quotation has begun before; marks behind digits are measures."""
    before = place.text[max(0, place.start - _LONGEST_QUOTE) : place.start + 1]
    marks = re.finditer(
        rf"(?P<begun>(?<![0-9A-Za-z]){mark}(?=\w))|(?<=[^\s0-9]){mark}(?!\w)", before
    )
    last = deque(marks, maxlen=1)
    return bool(last) and last[0]["begun"] is not None


_LONGEST_QUOTE = 300
_SAME_KIND = tuple(
    frozenset(units.split())
    for units in (
        "°C °F °c °f",
        "ft m in cm mm yd mi km nmi",
        "lb lbs kg oz g",
        "gal L l oz ml mL",
        "mph km/h kph kn kt kts m/s",
    )
)
"""Units of the same thing: a slash between them gives it twice."""
_MORE = ("power", "times", "per2", "last")
"""The parts of a unit that no unit of the table has."""
TEMPERATURE = pattern("°[CcF]?|deg[CF]")
