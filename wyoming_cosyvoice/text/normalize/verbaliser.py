"""What the five languages share: which written form means what.

A verbaliser turns the matches of the scanner into words. This class decides what a match
is (a date or a fraction, a clock or a score, a quantity or a code); the language says it.
A ``say_`` method returns None to decline.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from wyoming_cosyvoice.text.normalize import context, letters
from wyoming_cosyvoice.text.normalize.money import CURRENCIES, Currency
from wyoming_cosyvoice.text.normalize.units import DIVISORS, UNITS, Unit

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a match stands, for the rules that need its neighbours."""

    text: str
    start: int
    end: int

    def before(self, size: int = 20) -> str:
        """Return what stands before the match."""
        return self.text[max(0, self.start - size) : self.start]

    def after(self, size: int = 16) -> str:
        """Return what stands after the match."""
        return self.text[self.end : self.end + size]


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


class Verbaliser(ABC):
    """Say written forms in one language; subclasses give the words."""

    column: str
    """The column of the unit and currency tables."""
    words: Words
    blank = ""
    """What stands between the words of a number."""
    gap = ""
    """What stands between the parts of a version or an equation."""
    halves: ClassVar[dict[str, str]] = {}
    """What AM and PM are called where they come before the time."""
    around_the_clock: str
    numero: str
    power_form: str
    times_more = ""
    """What the x of 3x is called."""

    # ---- what a language has to say -------------------------------------------------

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

    # ---- numbers --------------------------------------------------------------------

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
        """Say what stands before the point of ``.5``."""
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

    # ---- markup ---------------------------------------------------------------------

    def say_marked(self, match: Match, place: Place) -> str | None:
        """Say what SSML's ``say-as`` marks."""
        body = match["body"].strip()
        plain = body.replace(",", "")
        match match["how"]:
            case "characters" | "spell-out" | "verbatim":
                return self.spell(body)
            case "digits" | "telephone":
                return self._signed_digits(body)
            case "cardinal" | "number" if re.fullmatch(r"[-+]?\d+(\.\d+)?", plain):
                return self.number(plain)
            case "ordinal" if plain.isdecimal():
                return self.ordinal(plain)
        return None

    def spell(self, text: str) -> str:
        """Say each character by its name."""
        said = []
        for char in text:
            if char.isdecimal():
                said.append(self.digits(char))
            elif char.isalpha():
                said.append(char.upper() if char.isascii() else char)
            elif not char.isspace():
                names = self.words.address
                said.append(names.get(char, self.words.symbols.get(char, "")))
        return " ".join(filter(None, said))

    # ---- addresses and names --------------------------------------------------------

    def say_url(self, match: Match, place: Place) -> str | None:
        """Say host and path, but not a query."""
        host = match["host"].partition("@")[2] or match["host"]
        path = (match["path"] or "").partition("?")[0].partition("#")[0].rstrip("/")
        if len(path) > _LONGEST_PATH:
            path = ""
        return self.address(host + path)

    say_host = say_url

    def say_email(self, match: Match, place: Place) -> str | None:
        """Say an e-mail address."""
        return self.address(match.group())

    def say_file(self, match: Match, place: Place) -> str | None:
        """Say a file name with its ending."""
        return self.address(match.group())

    def say_entity(self, match: Match, place: Place) -> str | None:
        """Say an identifier of Home Assistant as the words that it is made of."""
        return self.address(re.sub(r"[._]", " ", match.group()))

    def address(self, text: str) -> str:
        """Say an address: words as words, digits one by one, marks by their names."""
        said = []
        for part in re.findall(r"[A-Za-z]+|[0-9]+|[^\w\s]|_", text):
            if part[0].isdigit():
                said.append(self.digits(part))
            elif part[0].isalpha():
                said.append(letters.in_address(part))
            else:
                said.append(self.words.address.get(part, ""))
        return " ".join(filter(None, said))

    def say_mac(self, match: Match, place: Place) -> str | None:
        """Say a hardware address character by character."""
        return self.spell(re.sub(r"[:-]", "", match.group()))

    def say_ip(self, match: Match, place: Place) -> str | None:
        """Say an IP address digit by digit."""
        text = match.group()
        if any(int(part) > _BYTE for part in re.split(r"[./:]", text)[:4]):
            return None
        dot = f" {self.words.dot} "
        host, mark, tail = re.fullmatch(r"([0-9.]+)([:/]?)([0-9]*)", text).groups()  # type: ignore[union-attr]
        said = dot.join(self.digits(part) for part in host.split("."))
        if mark == "/":
            return f"{said} {self.words.address['/']} {self.cardinal(tail)}"
        return f"{said} {self.words.address[':']} {self.digits(tail)}" if mark else said

    # ---- dates and times ------------------------------------------------------------

    def say_date(self, match: Match, place: Place) -> str | None:
        """Say an ISO date or one with slashes or full stops."""
        month, day = int(match["mo"]), int(match["d"])
        is_version = match["sep"] == "." and context.is_version(place.before(), place.after())
        if not _is_date(month, day) or is_version:
            return None
        said = self.date(match["y"], month, day)
        return said + (self._to(match) or " ")

    def say_date_year_last(self, match: Match, place: Place) -> str | None:
        """Say a date whose year comes last; the month is first where it can be."""
        month, day = int(match["a"]), int(match["b"])
        if month > _MONTHS:
            month, day = day, month
        return self.date(match["y"], month, day) if _is_date(month, day) else None

    def say_date_short(self, match: Match, place: Place) -> str | None:
        """Say a date with two digits for the year, the month first."""
        month, day = int(match["mo"]), int(match["d"])
        return self.date(match["y"], month, day) if _is_date(month, day) else None

    def say_year_month(self, match: Match, place: Place) -> str | None:
        """Say a year with a month."""
        if match["sep"] == "." and context.is_version(place.before(), place.after()):
            return None
        return self.date(match["y"], int(match["mo"]), 0)

    say_month_year = say_year_month

    def say_month_day(self, match: Match, place: Place) -> str | None:
        """Say a month with a day where the text around it asks for a date."""
        month, day = int(match["mo"]), int(match["d"])
        has_zeros = len(match["mo"]) == len(match["d"]) == 2 and (
            match["mo"][0] == "0" or (match["d"][0] == "0" and match["sep"] != ".")
        )
        if not _is_date(month, day):
            return None
        if has_zeros and match["sep"] != ".":
            return self.date("", month, day)
        if context.asks_for_date(place.before(), place.after(), match["sep"]):
            return self.date("", month, day)
        return None

    def say_duration(self, match: Match, place: Place) -> str | None:
        """Say h:mm:ss as a span of time where the text around it says so."""
        if not context.is_duration(place.before(), place.after()):
            return None
        if match["s"] is None:
            if int(match["h"]) <= _HOURS:
                return None
            return self.duration(0, int(match["h"]), int(match["m"]))
        return self.duration(int(match["h"]), int(match["m"]), int(match["s"]))

    def say_clock(self, match: Match, place: Place) -> str | None:
        """Say a time of day."""
        if context.is_score(place.before(), place.after()):
            return None
        second = int(match["s"]) if match["s"] else None
        half = (match["half"] or "").lower()
        said = self.clock(int(match["h"]), int(match["m"]), second, half)
        return said + self._to(match)

    def say_hour(self, match: Match, place: Place) -> str | None:
        """Say a full hour with AM or PM."""
        said = self.clock(int(match["h"]), int(match["m"] or 0), None, match["half"].lower())
        return said + self._to(match)

    def say_ratio(self, match: Match, place: Place) -> str | None:
        """Say a score or a proportion."""
        parts = [match["a"], match["b"], match["c"]]
        return self.ratio([part for part in parts if part])

    # ---- money, percentages, quantities ---------------------------------------------

    def say_money(self, match: Match, place: Place) -> str | None:
        """Say an amount of money."""
        currency = self.currency(match["currency"].strip(), place)
        sign = match["sign"] or match.groupdict().get("sign2") or ""
        # A comma before two digits is a decimal comma: €1,50.
        amount = re.sub(r",(?=[0-9]{2}$)", ".", match["amount"]).replace(",", "")
        said = self.money(amount, (match["scale"] or "").strip(), currency)
        if match["per"]:
            said = self._with_divisor(said, match["per"])
        return self.sign(sign) + said + self._to(match)

    say_money_after = say_money

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
        if not context.is_unit(symbol, match["gap"], match["a"], place.before(), place.after()):
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
            said = self.quantity(numbers, form, is_temperature=symbol.startswith("°"))
        if match.groupdict().get("per"):
            said = self._with_divisor(said, match["per"])
        return said

    def _minutes(self, symbol: str, place: Place) -> str:
        """Return min for the m of 1h5m and of 5m30s."""
        is_after_hours = re.search(r"[0-9]\s?h\s?$", place.before(5))
        is_before_seconds = re.match(r"\s?[0-9]{1,2}\s?s(?![A-Za-z])", place.after(6))
        return "min" if symbol == "m" and (is_after_hours or is_before_seconds) else symbol

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

    # ---- codes and versions ---------------------------------------------------------

    def say_phone(self, match: Match, place: Place) -> str | None:
        """Say a phone number digit by digit."""
        text = match.group()
        if not context.is_phone(text, place.before(), place.after()):
            return None
        groups = re.findall(r"[0-9]+", text)
        if not text.startswith("+"):
            return self.phone(groups)
        code = f"{self.country_code}{self.blank}{self.phone(groups[:1])}{self.blank}"
        return code + self.phone(groups[1:])

    @property
    def country_code(self) -> str:
        """What the plus sign of a phone number is called."""
        return self.words.plus

    def phone(self, groups: list[str]) -> str:
        """Say the groups of a phone number."""
        return self.blank.join(self.digits(group) for group in groups)

    def say_phone_word(self, match: Match, place: Place) -> str | None:
        """Say a phone number that is partly a word: 1-800-FLOWERS."""
        parts = match.group().split("-")
        return self.blank.join(
            self.digits(part) if part.isdecimal() else letters.in_identifier(part)
            for part in parts
        )

    def say_code(self, match: Match, place: Place) -> str | None:
        """Say a code digit by digit."""
        text = match.group()
        if context.is_code(text, place.before(), place.after()):
            return self.phone(re.findall(r"[0-9]+", text))
        return None

    def say_version(self, match: Match, place: Place) -> str | None:
        """Say a version part by part."""
        text, _, tag = match.group().partition(match["tag"] or "\0")
        parts = re.findall(r"[0-9]+", text)
        if not parts:
            return None
        joint = f"{self.gap}{self.words.point}{self.gap}"
        said = joint.join(self._version_part(part) for part in parts)
        if text[0].isalpha():
            said = f"v {said}" if text[1:2] != "e" else f"version {said}"
        if match["tag"]:
            name = letters.in_address(match["tag"])
            build = self.cardinal(match["build"]) if match["build"] else ""
            said = f"{said} {name} {build}".strip()
        return said

    def _version_part(self, part: str) -> str:
        if len(part) == _YEAR_DIGITS and part.startswith("20"):
            return self.year(part)
        return self.digits(part) if part[0] == "0" else self.cardinal(part)

    def year(self, text: str) -> str:
        """Say a year."""
        return self.digits(text)

    def say_calendar_version(self, match: Match, place: Place) -> str | None:
        """Say a version such as 2024.12."""
        if not context.is_version(place.before(), place.after()):
            return None
        joint = f"{self.blank}{self.words.point}{self.blank}"
        return f"{self.year(match['y'])}{joint}{self.cardinal(match['n'])}"

    # ---- counting -------------------------------------------------------------------

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
        feet = self.quantity([match["ft"]], self.unit_form(UNITS["ft"], match["ft"]), is_temperature=False)
        inches = self.quantity([match["inch"]], self.unit_form(UNITS["in"], match["inch"]), is_temperature=False)
        return f"{feet}{self.gap}{inches}"

    def say_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction."""
        whole, below = match["whole"] or "", match["d"]
        if not int(below):
            return None
        said = self.sign(match["sign"] or "") + self.fraction(whole, match["n"], below)
        if match["unit"] is None:
            return said
        number = "2" if whole else match["n"]
        return self.place_in(self.unit_form(UNITS[match["unit"]], number), said)

    def say_ordinal(self, match: Match, place: Place) -> str | None:
        """Say an English ordinal in any language."""
        return self.ordinal(match["n"].replace(",", ""))

    def say_times_by(self, match: Match, place: Place) -> str | None:
        """Say dimensions and products."""
        parts = [self.number(match[name]) for name in "abc" if match[name]]
        return f"{self.blank}{self.words.signs['×']}{self.blank}".join(parts)

    def say_counted(self, match: Match, place: Place) -> str | None:
        """Say a number as the word behind it wants it."""
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

    # ---- words in Latin letters -----------------------------------------------------

    def say_identifier(self, match: Match, place: Place) -> str | None:
        """Say a name that mixes letters and digits: CA1234, GPT-4o, PM2.5, 5G."""
        if re.match(r"[a-z]{3,}-", match.group()):
            return None
        thousands = re.fullmatch(r"([0-9]{1,6})k", match.group())
        if thousands:
            return self.cardinal(thousands[1] + "000")
        if self.times_more and re.fullmatch(r"[0-9]{1,6}[x×]", match.group()):
            return self.cardinal(match.group()[:-1]) + self.times_more
        said = []
        if re.fullmatch(r"[BCDOP]2[BCDOPG]", match.group()):
            return f"{match.group()[0]} to {match.group()[2]}"
        for part in re.findall(r"[A-Za-z]+|[0-9]+\.[0-9]+|[0-9]+", match.group()):
            if part[0].isalpha():
                said.append(letters.in_identifier(part))
            elif "." in part:
                said.append(self.number(part))
            else:
                said.append(self.identifier_number(part))
        return " ".join(said)

    def identifier_number(self, text: str) -> str:
        """Say a number inside a name: short ones whole, long ones digit by digit."""
        is_short = len(text) <= _SHORT_NUMBER and text[0] != "0"
        return self.cardinal(text) if is_short else self.digits(text)

    def say_half_clock(self, match: Match, place: Place) -> str | None:
        """Say AM or PM before a time."""
        return self.halves.get(match["half"].lower())

    def say_numero(self, match: Match, place: Place) -> str | None:
        """Say No. before a number."""
        return self.numero

    def say_ampersand(self, match: Match, place: Place) -> str | None:
        """Say AT&T."""
        left, right = match.group().split("&")
        return f"{letters.spell(left)} and {letters.spell(right)}"

    def say_sharp(self, match: Match, place: Place) -> str | None:
        """Say C#."""
        return f"{match['note']} sharp"

    def say_standard(self, match: Match, place: Place) -> str | None:
        """Say H.264."""
        return f"{match['letter']} {self.identifier_number(match['n'])}"

    def say_roman(self, match: Match, place: Place) -> str | None:
        """Say a Roman numeral where the text around it makes it one."""
        value = letters.roman_value(match["n"])
        if not value or not context.is_roman(match["n"], place.before(), place.after()):
            return None
        return self.roman(str(value), place)

    def roman(self, text: str, place: Place) -> str:
        """Say the value of a Roman numeral."""
        return self.cardinal(text)

    def say_suffixed(self, match: Match, place: Place) -> str | None:
        """Say an initialism with a letter behind a hyphen: USB-C."""
        return letters.with_suffix(match.group())

    def say_word(self, match: Match, place: Place) -> str | None:
        """Say a word; capitals are spelt or said as the word that they are."""
        return letters.word(match.group(), place.before(40), place.after(40))

    # ---- signs ----------------------------------------------------------------------

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
        if re.search(r"[0-9][^\s0-9]{0,6}$", place.before(8)):
            return f" {self.words.to} "
        return None

    def say_math(self, match: Match, place: Place) -> str | None:
        """Say a sign between operands."""
        name = self.words.signs.get(match.group())
        if name and context.is_between_operands(match.group(), place.before(), place.after()):
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


_LONGEST_PATH = 40
_BYTE = 255
_MONTHS = 12
_HOURS = 24
_YEAR_DIGITS = 4
_SHORT_NUMBER = 2
_DAYS = 31


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= day <= _DAYS
