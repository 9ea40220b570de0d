"""English."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import english_words, letters
from wyoming_cosyvoice.text.normalize import numbers_en as numbers
from wyoming_cosyvoice.text.normalize.english_abbreviations import (
    EnglishAbbreviations,
)
from wyoming_cosyvoice.text.normalize.english_amounts import EnglishAmounts
from wyoming_cosyvoice.text.normalize.english_terms import EnglishTerms
from wyoming_cosyvoice.text.normalize.english_times import EnglishTimes
from wyoming_cosyvoice.text.normalize.money import Currency
from wyoming_cosyvoice.text.normalize.units import DIVISORS, Unit
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Words
from wyoming_cosyvoice.text.patterns import any_of, pattern

_RULERS = any_of("""
    king queen pope prince emperor tsar saint henry charles elizabeth edward george william
    james richard john paul benedict louis napoleon philip nicholas alexander catherine
    peter francis pius
""")
_REGENT = pattern(rf"\b{_RULERS}\s\Z", re.IGNORECASE)
_SHORT_CENTS = 2
_TWO_LETTERS = 2
_WORN = any_of("""
    sizes? sizing unisex tees? t-?shirts? shirts? tops? hoodies? jackets? sweaters? pants shorts leggings dress(?:es)?
    skirts? gloves? socks? coats? vests? jerseys? uniforms? scrubs stock adults? men'?s women'?s kids'? youth fits? waist
    available_in comes_in only_in X{0,2}[SL]-[2-5]?X{1,3}L
""")
_CLOTHES = pattern(rf"\b{_WORN}\b", re.IGNORECASE)
_LOCAL_PHONE = 7


class English(EnglishTerms, EnglishTimes, EnglishAmounts, EnglishAbbreviations):
    """American English."""

    column = "en"
    gap = " "
    around_the_clock = "twenty four seven"
    numero = "number "
    absolute = "the absolute value of {}"
    power_form = " to the power of {}"
    times_more = " times"
    of_stars = ("{} star", "{} stars")
    blank = " "
    words = Words(
        "minus",
        "plus",
        "plus or minus",
        "point",
        "to",
        "dot",
        english_words.SYMBOLS,
        english_words.SIGNS,
        english_words.ADDRESS,
        " plus",
        ("degrees", "minutes", "seconds"),
        (("up", "down"), ("up", "down")),
    )

    def cardinal(self, text: str) -> str:
        return numbers.cardinal(text)

    def digits(self, text: str) -> str:
        return numbers.digits(text)

    def ordinal(self, text: str) -> str:
        return numbers.ordinal(text)

    def no_whole(self) -> str:
        return ""

    # ---- fractions, percentages, quantities -----------------------------------------

    def fraction(self, whole: str, numerator: str, denominator: str) -> str:
        is_one = numerator == "1"
        if denominator in ("2", "4"):
            below = {"2": ("half", "halves"), "4": ("quarter", "quarters")}[
                denominator
            ][not is_one]
        else:
            below = self.ordinal(denominator)
            below = below if is_one else below + "s"
        if whole and is_one:
            return f"{self.cardinal(whole)} and {'an' if below[0] in 'aeiou' else 'a'} {below}"
        said = f"{self.cardinal(numerator)} {below}"
        return f"{self.cardinal(whole)} and {said}" if whole else said

    def part_of(self, first: str, second: str, unit: str) -> str:
        said = f"{self.number(first)} of {self.number(second)}"
        return f"{said} {unit}" if unit else said

    def rating(self, first: str, second: str) -> str:
        return f"{self.number(first)} out of {self.number(second)}"

    def event(self, first: str, second: str) -> str:
        return f"{self.cardinal(first)} {self.cardinal(second)}"

    def run_time(self, minutes: str, seconds: str) -> str:
        whole, _, decimals = seconds.partition(".")
        if not int(minutes) and decimals:
            return f"{self.number(seconds.lstrip('0'))} seconds"
        said = f"{self.cardinal(minutes)} {self._minute(int(whole))}"
        return f"{said} point {self.digits(decimals)}" if decimals else said

    def short_year(self, text: str) -> str:
        return self._minute(int(text))

    def blood_pressure(self, upper: str, lower: str) -> str:
        return f"{numbers.pairs(upper)} over {self.cardinal(lower)}"

    def say_fraction(self, match: Match, place: Place) -> str | None:
        """Say a fraction; 50/50 is none."""
        if match["n"] == match["d"] and not match["whole"]:
            return f"{self.cardinal(match['n'])} {self.cardinal(match['d'])}"
        return super().say_fraction(match, place)

    def ratio(self, parts: list[str]) -> str:
        return " to ".join(self.number(part) for part in parts)

    def percent(self, numbers: list[str], mark: str) -> str:
        return self.range_of(numbers) + (" per mille" if mark == "‰" else " percent")

    def quantity(self, numbers: list[str], unit: str, *, is_temperature: bool) -> str:
        return f"{self.range_of(numbers)} {unit}"

    def unit_form(self, unit: Unit, number: str) -> str:
        return unit.en if number.lstrip("+-±") == "1" else unit.en_plural

    def per(self, thing: str) -> str:
        return " per " + thing

    def money(self, amount: str, scale: str, currency: Currency) -> str:
        whole, _, cents = amount.partition(".")
        whole = whole or "0"
        if scale:
            name = english_words.SCALES.get(scale, scale)
            return f"{self.number(amount)} {name} {currency.en_plural}"
        cents = cents.rstrip("0") if len(cents) > _SHORT_CENTS else cents
        if not cents.strip("0"):
            return f"{self.cardinal(whole)} {currency.en if whole == '1' else currency.en_plural}"
        if len(cents) > _SHORT_CENTS or not currency.cent:
            return f"{self.number(amount.rstrip('0'))} {currency.en_plural}"
        cents = str(int(cents.ljust(_SHORT_CENTS, "0")))
        small = f"{self.cardinal(cents)} {currency.cent if cents == '1' else currency.cents}"
        if not int(whole):
            return small
        return f"{self.cardinal(whole)} {currency.en if whole == '1' else currency.en_plural} and {small}"

    def describing(self, said: str, currency: Currency) -> str:
        said = re.sub(rf"\b{currency.en_plural}\b", currency.en, said)
        return (
            re.sub(rf"\b{currency.cents}\b", currency.cent, said)
            if currency.cent
            else said
        )

    def rate(self, amount: str, currency: Currency) -> str:
        whole, _, cents = amount.partition(".")
        if not cents or len(cents) == _SHORT_CENTS or not whole.strip("0"):
            return self.money(amount, "", currency)
        return f"{self.number(amount)} {currency.en_plural}"

    def magnitude(self, number: str, letter: str) -> str:
        return f"{self.number(number)} {english_words.SCALES[letter]}"

    def phone(self, groups: list[str]) -> str:
        said = super().phone(groups)
        is_short = sum(map(len, groups)) < _LOCAL_PHONE
        return said if is_short else said.replace("zero", "oh")

    def say_phone_word(self, match: Match, place: Place) -> str | None:
        """Say 1-800-FLOWERS; the hundreds are whole, what has a vowel is a word."""
        said = []
        for part in match.group().split("-"):
            if part.isdecimal():
                is_hundred = part.endswith("00") and len(part) == _ROOM_DIGITS
                spoken = self.cardinal(part) if is_hundred else self.digits(part)
                said.append(spoken.replace("zero", "oh"))
            else:
                is_word = len(part) >= _FOUR and re.search("[AEIOUY]", part)
                said.append(part.lower() if is_word else letters.in_identifier(part))
        return self.blank.join(said)

    # ---- counting -------------------------------------------------------------------

    def bare_number(self, meaning: str, text: str) -> str:
        if meaning == "hours":
            return numbers.military(text)
        if meaning == "pairs":
            return numbers.year(text) if len(text) == _FOUR else numbers.pairs(text)
        return super().bare_number(meaning, text)

    def model_name(self, first: str, second: str) -> str:
        return f"{self.identifier_number(first)} {self.identifier_number(second)}"

    def power(self, text: str) -> str:
        """Say what stands behind a raised number: squared, cubed."""
        name = {"2": " squared", "3": " cubed"}.get(text)
        return name or super().power(text)

    def say_times_by(self, match: Match, place: Place) -> str | None:
        """Say dimensions with "by", products with "times"."""
        said = super().say_times_by(match, place)
        end = match.end("c") if match["c"] else match.end("b")
        written = match.string[match.start() : end].lower()
        sides = [match["a"], match["b"]]
        are_pixels = not (match["c"] or match["unit"]) and all(
            map(_IS_PIXELS.fullmatch, sides)
        )
        is_product = _IS_PRODUCT.match(place.after(8)) or _ASKED.search(place.before())
        is_size = match["unit"] in _OF_SIZES and (
            match["c"] or match["unit"] in ("in", "ft")
        )
        is_by = "x" in written or is_size or (are_pixels and not is_product)
        if said and is_by and (are_pixels or " " not in written or is_size):
            pixels = " by ".join(map(numbers.pairs, sides)) if are_pixels else ""
            said = pixels or said.replace(" times ", " by ")
        return numbers.plural(said) if said and match["many"] else said

    by = "by"

    def say_year_month(self, match: Match, place: Place) -> str | None:
        """Say 2010-11 in a sentence: two years rather than a month."""
        follows = int(match["mo"]) == (int(match["y"]) + 1) % 100
        if match["sep"] == "-" and follows and _IN_YEARS.search(place.before()):
            return self.join_range(
                [self.year(match["y"]), self.short_year(match["mo"])]
            )
        return super().say_year_month(match, place)

    def thousand(self) -> str:
        return "thousand"

    @property
    def standard_802(self) -> str:
        return numbers.pairs("802")

    def say_identifier(self, match: Match, place: Place) -> str | None:
        """Say a name that mixes letters and digits: CA1234, PM2.5, 5G, two MP3s."""
        text = match.group()
        if _IS_LINES.fullmatch(text):
            return f"{numbers.pairs(text[:-1])} {text[-1]}"
        if text.endswith("ers") and text[:-3].isdecimal():
            return f"{self.cardinal(text[:-3]).removesuffix('e')}ers"
        if _IS_AIRLINER.fullmatch(text):
            return numbers.plural(numbers.pairs(text[:-1]))
        if placed := _PLACED.fullmatch(text):
            return f"{letters.in_identifier(placed[1])} {self.ordinal(placed[2])}"
        said = super().say_identifier(match, place)
        if said is None or not re.fullmatch(
            r"[A-Z]+[a-z]*-?[0-9]+s|[a-z]{2,}-?[0-9]+s", match.group()
        ):
            return said
        number = said.removesuffix(" s")
        if number.endswith("y"):
            return f"{number[:-1]}ies"
        return number + ("es" if number.endswith("x") else "s")

    def identifier_number(self, text: str) -> str:
        return (
            numbers.pairs(text)
            if len(text) == _ROOM_DIGITS
            else super().identifier_number(text)
        )

    # ---- words ----------------------------------------------------------------------

    def say_function(self, match: Match, place: Place) -> str | None:
        """Say f(x): f of x."""
        if place.before(1).isalnum():
            return None
        name = _FUNCTIONS.get(match["name"], match["name"])
        of = match["of"]
        said = (
            self.number(of) if of.lstrip("-").isdecimal() else of.replace("-", "minus ")
        )
        return f"{name} of {said}"

    def say_formula(self, match: Match, place: Place) -> str | None:
        """Say the letters of a chemical formula: H2SO4, NaCl."""
        parts = re.findall("([A-Z][a-z]?)([0-9]*)", match.group())
        symbols = [symbol for symbol, _ in parts]
        has_number = any(number for _, number in parts)
        has_small = any(len(symbol) > 1 for symbol in symbols)
        is_one = len(set(symbols)) == 1 or not (has_number or has_small)
        if is_one or not _ELEMENTS.issuperset(symbols) or match.group() in _NO_FORMULAS:
            return None
        if not has_small and not _COMMON.issuperset(symbols):
            return None
        said = [
            f"{letters.spell(symbol)} {self.cardinal(number) if number else ''}"
            for symbol, number in parts
        ]
        return " ".join(" ".join(said).split())

    def say_sizes(self, match: Match, place: Place) -> str | None:
        """Say a range of sizes: S-3XL; S-L is one only among words of clothes."""
        first, last = match["first"], match["last"]
        if _size(first) >= _size(last):
            return None
        if len(first + last) == _TWO_LETTERS and not (
            _CLOTHES.search(place.before(60)) or _CLOTHES.search(place.after()[:40])
        ):
            return None
        ends = (self._parts_of(first), self._parts_of(last))
        return " to ".join(ends)

    def say_per_thing(self, match: Match, place: Place) -> str | None:
        """Say $5/person and 3 times/day; between words a slash is silent."""
        is_thing = (
            match["thing"] in english_words.PER_THINGS or match["thing"] in DIVISORS
        )
        if not is_thing or not _COUNT_BEFORE.search(place.before(24)):
            return None
        names = DIVISORS.get(match["thing"])
        thing = names.split("|")[-1] if names else match["thing"]
        return f" per {thing} "

    def say_dotted_name(self, match: Match, place: Place) -> str | None:
        """Say .NET and a .pdf file."""
        if (
            place.before(1)
            and not place.before(1).isspace()
            and place.before(1) not in "([\"'"
        ):
            return None
        return self.address(match.group())

    def roman(self, text: str, place: Place) -> str:
        if _REGENT.search(place.before()):
            return "the " + self.ordinal(text)
        return self.cardinal(text)

    def say_symbol(self, match: Match, place: Place) -> str:
        """Say a symbol; a number sign before a number is "number"."""
        if match.group() == "#" and place.after(1).isdecimal():
            return " number "
        return super().say_symbol(match, place)


_OF_SIZES = frozenset(("in", "ft", "cm", "mm", "m"))
_IS_PIXELS = pattern("[1-9][0-9]{2,3}")
_IS_PRODUCT = pattern(r"\s?=|\sis\b|\sequals")
_ASKED = pattern(
    r"(?i:what(?:'s|\sis)|calculate|compute|multiply|evaluate|product of)\s\Z"
)
_IS_LINES = pattern("[1-9][0-9]{2,3}[pi]")
_IS_AIRLINER = pattern("7[0-8]7s")
_PLACED = pattern("([A-Za-z]+)-([0-9]{1,3})(?:st|nd|rd|th)")
_IN_YEARS = pattern(r"(?i:\bin|\bthe|\bfor|\bduring|\bfrom|\bof)\s\Z")
_ELEMENTS = frozenset(
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Ti V Cr Mn Fe Co Ni Cu Zn Ga As Se Br
    Ag Cd In Sn Sb I Xe Ba Pt Au Hg Pb U
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_COMMON = frozenset("HCNOSPFK")
# Words and initialisms that are made of symbols of elements.
_NO_FORMULAS = frozenset(
    ("NaN", "CoPs", "InC", "NoCo", "PINs", "BiOS", "Co", "NiCo", "USB", "InSPO")
)
_COUNT_BEFORE = pattern(r"[0-9][0-9.,]*[x×]?(?:[ -]?[A-Za-z¢]{1,12}\.?){0,2}\Z")
_FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "ln": "the natural log", "log": "the log", "exp": "the exponential",
}  # fmt: skip
_FOUR = 4
_ROOM_DIGITS = 3


def _size(name: str) -> int:
    """Return the place of a size among all, M being 0: XS is -2, 3XL is 3."""
    if name == "M":
        return 0
    many = int(name[0]) if name[0].isdecimal() else name.count("X") + 1
    return -many if name.endswith("S") else many + name[0].isdecimal()
