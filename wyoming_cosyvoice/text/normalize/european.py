"""German, Spanish, French, Italian and Russian: numbers and signs in words.

Plain rules, one pass each: abbreviations, dates, times, money, quantities, ordinals and
numbers, in this order. ``num2words`` gives the numbers; where it is not installed,
numbers stay as they are, since CosyVoice3 reads digits itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.normalize.base import Token
from wyoming_cosyvoice.text.normalize.european_numbers import EuropeanNumbers
from wyoming_cosyvoice.text.normalize.european_words import PERCENT_RU, WORDS
from wyoming_cosyvoice.text.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_GROUPS = {"fr": ".' ", "ru": ".' "}
"""Separators of thousands; a plain blank in French and Russian only."""
_DAY, _MONTH, _YEAR = (
    r"(?P<day>0?[1-9]|[12]\d|3[01])",
    r"(?P<month>0?[1-9]|1[0-2])",
    r"(?P<year>\d{4})",
)
_ISO = pattern(rf"(?<![\d-]){_YEAR}-{_MONTH}-{_DAY}(?![\d-])")
_NUMERIC = pattern(rf"(?<![\d./]){_DAY}[./]{_MONTH}[./](?:{_YEAR})?(?![\d/])")
_CLOCK = pattern(
    r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-4])(?::|(?<=\d)\s?h\s?)(?P<minute>[0-5]\d)"
    r"(?::[0-5]\d)?(?:\s?(?:Uhr|h|ч)\b)?(?![\d:])"
)
_HOURS = pattern(r"(?<![\d:.,])(?P<hour>[01]?\d|2[0-4])\s?(?P<word>Uhr|h)\b(?!\s?\d)")
_RANGE = pattern(r"(?<![\d.,-])(\d{1,4}(?:,\d+)?)\s?[-–—]\s?(?=\d{1,4}(?![\d-]))")
_SPELT = pattern(r"(?<![\d.,])(?:\+\d{6,15}|0\d{2,14}|\d{8,})(?![\d.,]\d)")
_MAIL = pattern(r"(?<!\S)[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_HOST = pattern(
    r"(?<![\w.-])(?:https?://)?(?:www\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]+)*\.[a-z]{2,8}\b(?:/[\w/-]*)?",
    re.IGNORECASE,
)
_ARTICLE_DE = pattern(r"\b(?:der|die|das|jede|diese)\s+$", re.IGNORECASE)
# 3º and 3° are one sign here: an ordinal before a thing, else degrees.
_FLOOR = r"[º°](?=\s(?!con|per|por|sin|bajo|sopra|sotto|fuera|fuori)[a-zà-ÿ]{4,})"
_ORDINALS = {
    "de": pattern(r"(?<![\d.,])(?P<n>\d{1,3})\.(?=\s[^\W\d_])"),
    "es": pattern(rf"(?<!\d)(?P<n>\d{{1,2}})(?P<end>\.[º°ª]|ª|er\b|{_FLOOR})"),
    "fr": pattern(r"(?<!\d)(?P<n>\d{1,3})(?P<end>ers?|ères?|res?|èmes?|es?|nde?)\b"),
    "it": pattern(rf"(?<!\d)(?P<n>\d{{1,2}})(?P<end>ª|{_FLOOR})"),
    "ru": pattern(r"(?<!\d)(?P<n>\d{1,4})-(?P<end>й|я|е|го|му|м|ю|х|ые|ми)\b"),
}
_YEAR_RU = pattern(r"(?<!\d)(?P<n>1\d{3}|20\d\d)(?P<end>\s?(?:год[ауе]?м?|г\.?))(?!\w)")
_WRITTEN_DATE = {
    name: pattern(
        rf"(?<!\d){_DAY}(?P<mark>\.|er)?\s(?P<de>de\s)?(?P<name>{'|'.join(words.months)})"
        rf"(?:\s(?:de\s)?{_YEAR})?(?!\d)", re.IGNORECASE,
    )
    for name, words in WORDS.items()
}  # fmt: skip
_SIGN = pattern(r"[+=×÷<>&±#№‰§²³]")
_DIGIT = pattern(r"\d")
_SILENT = pattern(r"[^\w\s.,;:!?…'’\-¿¡«»„“”\"()–—\u0300-\u036f\ue000-\uf8ff]|_")
_QUOTES = pattern('[«»„“”"()]|\\s[–—]\\s|[–—]')
_SPACES = pattern(r"\s+")
_BLANK_BEFORE = pattern(r"\s+(?=[.,;:!?…])")


def normalize_european(text: str, language: str) -> tuple[str, list[Token]]:
    """Return ``text`` in words, and what was written otherwise."""
    reader = _reader(language)
    changes: list[Token] = []
    for kind, rule, say in reader.rules:

        def replaced(
            match: re.Match[str],
            kind: str = kind,
            say: Callable[[re.Match[str]], str] = say,
        ) -> str:
            spoken = say(match)
            if spoken != match.group():
                changes.append(Token(kind, match.group(), spoken))
            return spoken

        text = rule.sub(replaced, text)
    text = _SILENT.sub(" ", _QUOTES.sub(_pause, text))
    return _BLANK_BEFORE.sub("", _SPACES.sub(" ", text)).strip(), changes


def _number(language: str) -> str:
    """Return the pattern of a number, with its sign, whole part and decimals."""
    groups = _GROUPS.get(language, ".'")
    whole = rf"\d{{1,3}}(?:[{groups}\u00a0\u202f]\d{{3}})+(?!\d)|\d+"
    sign = r"(?P<sign>(?<![\w\d])[-−+])?"
    return rf"{sign}(?P<whole>{whole})(?:[,.](?P<part>\d{{1,6}}))?"


def _pause(mark: re.Match[str]) -> str:
    return ", " if mark.group().strip() in "–—" else " "


@cache
def _reader(language: str) -> European:
    return European(language)


class European:
    """Says the written forms of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = WORDS[language]
        self._numbers = EuropeanNumbers(language)
        self.rules = list(self._rules())

    def _rules(
        self,
    ) -> list[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]]:
        words = self.words
        marks = sorted(words.abbreviations, key=len, reverse=True)
        short = re.compile(
            rf"(?:(?<!\w)(?:{'|'.join(map(re.escape, marks))})|(?<=\w)str\.)(?!\w)"
        )
        address = [("email", _MAIL, self._address), ("address", _HOST, self._address)]
        if not self._numbers.are_spelled:
            expand = ("abbreviation", short, self._expand)
            return [expand, *address, ("sign", _SIGN, self._sign)]
        number = _number(self.language)
        units = "|".join(map(re.escape, sorted(words.units, key=len, reverse=True)))
        money = "|".join(map(re.escape, words.money))
        year = ("year", _YEAR_RU, self._russian_year)
        return [
            *([year] if self.language == "ru" else []),
            ("abbreviation", short, self._expand),
            *address,
            ("date", _ISO, self._date),
            ("date", _NUMERIC, self._date),
            ("date", _WRITTEN_DATE[self.language], self._date),
            ("clock", _CLOCK, self._clock),
            ("clock", _HOURS, self._hours),
            ("number", _SPELT, self._digits),
            ("range", _RANGE, lambda m: f"{m[1]} {words.to} "),
            ("money", re.compile(rf"(?P<sym>[€$£₽])\s?{number}"), self._money),
            ("money", re.compile(rf"{number}\s?(?P<sym>{money})"), self._money),
            ("percent", re.compile(rf"{number}\s?%"), self._percent),
            ("ordinal", _ORDINALS[self.language], self._ordinal),
            ("quantity", re.compile(rf"{number}\s?(?P<unit>{units})(?![\w²³/])"), self._quantity),
            ("number", re.compile(number), self._plain),
            ("sign", _SIGN, self._sign),
        ]  # fmt: skip

    def _signed(self, match: re.Match[str], said: str) -> str:
        sign = match["sign"] or ""
        name = {"+": self.words.signs["+"], "": ""}.get(sign, self.words.minus)
        return f"{name} {said}".strip()

    def _digits(self, match: re.Match[str]) -> str:
        plus = f"{self.words.signs['+']} " if match.group().startswith("+") else ""
        return plus + " ".join(
            self._numbers.say(int(d)) for d in match.group().lstrip("+")
        )

    def _plain(self, match: re.Match[str]) -> str:
        whole, part = match["whole"], match["part"] or ""
        if not part and len(whole) == 4 and whole.isdecimal() and not match["sign"]:
            said = self._numbers.year(whole)
        else:
            said = self._numbers.decimal(whole, part)
        before = match.string[max(0, match.start() - 1) : match.start()]
        after = match.string[match.end() : match.end() + 1]
        left, right = (" " if char.isalpha() else "" for char in (before, after))
        return f"{left}{self._signed(match, said)}{right}"

    # ---- what is counted -------------------------------------------------------------

    def _quantity(self, match: re.Match[str]) -> str:
        noun = self.words.units[match["unit"]]
        return self._signed(
            match, self._numbers.counted(match["whole"], match["part"] or "", noun)
        )

    def _percent(self, match: re.Match[str]) -> str:
        whole, part = match["whole"], match["part"] or ""
        if self.language == "ru":
            return self._signed(match, self._numbers.counted(whole, part, PERCENT_RU))
        return self._signed(
            match, f"{self._numbers.decimal(whole, part)} {self.words.percent}"
        )

    def _money(self, match: re.Match[str]) -> str:
        numbers = self._numbers
        large, small = self.words.money[match["sym"]]
        whole, part = match["whole"], (match["part"] or "").ljust(2, "0")
        cents = int(part) if match["part"] and len(part) == 2 else 0
        if len(part) > 2:
            return self._signed(match, self._numbers.counted(whole, part, large))
        if cents and not int(re.sub(r"\D", "", whole)):
            return self._signed(match, self._numbers.counted(part, "", small))
        said = self._numbers.counted(whole, "", large)
        if cents:
            joint = {"es": "con ", "it": "e "}.get(self.language, "")
            russian = self.language == "ru"
            rest = numbers.counted(part, "", small) if russian else numbers.say(cents)
            said = f"{said} {joint}{rest}"
        return self._signed(match, said)

    # ---- dates, times, ordinals ------------------------------------------------------

    def _date(self, match: re.Match[str]) -> str:
        found = match.groupdict()
        month = found.get("name") or self.words.months[int(found["month"] or 1) - 1]
        day, year = int(found["day"]), found.get("year")
        if self.language == "de":
            before = match.string[max(0, match.start() - 12) : match.start()]
            ending = "" if _ARTICLE_DE.search(before) else "n"
            said = f"{self._numbers.say(day, to='ordinal')}{ending} {month}"
        elif self.language == "ru":
            said = (
                f"{self._numbers.say(day, to='ordinal', gender='n', case='g')} {month}"
            )
            if year:
                said += f" {self._numbers.say(int(year), to='ordinal', case='g')} года"
            return said
        else:
            first = {"fr": "premier", "it": "primo"}.get(self.language)
            number = first if day == 1 and first else self._numbers.say(day)
            said = f"{number} {'de ' if self.language == 'es' else ''}{month}"
        if year:
            said += (
                f" {'de ' if self.language == 'es' else ''}{self._numbers.year(year)}"
            )
        return said

    def _clock(self, match: re.Match[str]) -> str:
        hour, minute = int(match["hour"]), int(match["minute"])
        hours = self.words.units["h"]
        if self.language == "de":
            rest = f" {self._numbers.say(minute)}" if minute else ""
            return f"{'ein' if hour == 1 else self._numbers.say(hour)} Uhr{rest}"
        if self.language == "fr":
            rest = f" {self._numbers.say(minute)}" if minute else ""
            return f"{self._numbers.counted(str(hour), '', hours)}{rest}"
        if self.language == "ru":
            rest = f"{self._numbers.say(0)} " if minute < 10 else ""
            return f"{self._numbers.say(hour)} {rest}{self._numbers.say(minute)}"
        joint = " e " if self.language == "it" else " "
        rest = f"{joint}{self._numbers.say(minute)}" if minute else ""
        return f"{self._numbers.cardinal(hour, hours)}{rest}"

    def _hours(self, match: re.Match[str]) -> str:
        if match["word"] == "Uhr":
            hour = int(match["hour"])
            return f"{'ein' if hour == 1 else self._numbers.say(hour)} Uhr"
        return self._numbers.counted(match["hour"], "", self.words.units["h"])

    def _ordinal(self, match: re.Match[str]) -> str:
        number = int(match["n"])
        if self.language == "ru":
            case, gender = {
                "й": ("n", "m"), "я": ("n", "f"), "е": ("n", "n"), "го": ("g", "m"),
                "му": ("d", "m"), "м": ("p", "m"), "ю": ("a", "f"),
            }.get(match["end"], ("n", "m"))  # fmt: skip
            return self._numbers.say(number, to="ordinal", case=case, gender=gender)
        said = self._numbers.say(number, to="ordinal")
        if self.language == "de":
            before = match.string[max(0, match.start() - 12) : match.start()]
            return said + ("" if _ARTICLE_DE.search(before) else "n")
        ending = match["end"]
        if self.language == "fr":
            is_first = said == "premier"
            return "première" if is_first and ending.startswith(("è", "r")) else said
        if ending.endswith("ª"):
            return re.sub(r"o\b", "a", said)
        return re.sub(r"(primer|tercer)o$", r"\1", said) if ending == "er" else said

    def _russian_year(self, match: re.Match[str]) -> str:
        ending = match["end"].strip()
        before = match.string[max(0, match.start() - 4) : match.start()].lower()
        is_in = before.rstrip().endswith((" в", "в")) and before.endswith(" ")
        case = {"года": "g", "году": "p", "годом": "i", "годе": "p"}.get(ending, "n")
        if ending.startswith("г") and not ending.startswith("год"):
            case, ending = ("p", "году") if is_in else ("g", "года")
        return f"{self._numbers.say(int(match['n']), to='ordinal', case=case)} {ending}"

    # ---- signs and names -------------------------------------------------------------

    def _sign(self, match: re.Match[str]) -> str:
        return f" {self.words.signs.get(match.group(), '')} "

    def _expand(self, match: re.Match[str]) -> str:
        said = self.words.abbreviations.get(match.group(), match.group())
        rest = match.string[match.end() :]
        is_last = match.group().endswith(".") and not rest.strip()
        return f"{said}." if is_last else said

    def _address(self, match: re.Match[str]) -> str:
        words = self.words
        plain = re.sub(r"^https?://", "", match.group())
        return plain.replace("@", f" {words.at} ").replace(".", f" {words.dot} ")
