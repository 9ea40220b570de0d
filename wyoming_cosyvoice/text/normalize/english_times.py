"""Dates and times in English."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.short_words import SHORT_WORDS
from wyoming_cosyvoice.text.normalize import english_words
from wyoming_cosyvoice.text.normalize import numbers_en as numbers
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser
from wyoming_cosyvoice.text.patterns import any_of, pattern

_PART_OF_DECADE = r"\b(?:early|mid|late|low|lower|high|upper)[\s-]"
_DECADE_BEFORE = pattern(
    rf"(?:\bthe\s|{_PART_OF_DECADE}|[0-9]s?\s?[-–]\s?|'|\bin his\s|\bin her\s|^)$",
    re.IGNORECASE,
)


_TIME_BEFORE = pattern(
    r"(?:[ap][-–]|\b(?:at|by|until|til|till|from|@|after|before|since|around)\s?)\Z"
)
_DAY_LETTERS = {
    "M": "Monday", "T": "Tuesday", "Tu": "Tuesday", "W": "Wednesday", "Th": "Thursday", "F": "Friday",
    "Sa": "Saturday", "Sat": "Saturday", "S": "Saturday", "Su": "Sunday", "Sun": "Sunday",
}  # fmt: skip
_HOUR_BEFORE = pattern(r"(?<![0-9:.-])(?:1[0-2]|[1-9])(?::[0-5]0)?\s?[-–]\s?\Z")
_SHORT_HALF = pattern(r"[0-9:]{1,5}[ap](?![A-Za-z])")
_NUMBERED = any_of("""
    figs? figures? pp? pages? secs? sections? tables? nos? rooms? units? apts? steps? chapters? items? questions?
    problems? exercises? parts?
""")
_NO_HOURS = pattern(rf"\b(?i:{_NUMBERED})\.?\s\Z")
_DAY_ORDER = list(dict.fromkeys(_DAY_LETTERS.values()))
_LETTERS_OF_DAYS = {
    "MWF": ("Monday", "Wednesday", "Friday"), "MTWThF": ("Monday to", "Friday"),
    "TTh": ("Tuesday", "Thursday"), "TuTh": ("Tuesday", "Thursday"), "MW": ("Monday", "Wednesday"),
}  # fmt: skip


class EnglishTimes(Verbaliser):
    """Says days, years and times of day in English."""

    def year(self, text: str) -> str:
        return numbers.year(text)

    # ---- dates and times ------------------------------------------------------------

    def date(self, year: str, month: int, day: int) -> str:
        parts = [english_words.MONTHS[month - 1]] if month else []
        if day:
            parts.append(self.ordinal(str(day)))
        if year:
            parts.append(self.year(year))
        return " ".join(parts)

    def say_month_date(self, match: Match, place: Place) -> str | None:
        """Say January 5, 2026."""
        if not 1 <= int(match["d"]) <= _DAYS:
            return None
        said = self.date("", _month(match["month"]), int(match["d"]))
        if match["d2"]:
            said += " to " + self.ordinal(match["d2"])
        return f"{said}, {self.year(match['y'])}" if match["y"] else said

    def say_month_and_year(self, match: Match, place: Place) -> str | None:
        """Say January 2026."""
        return self.date(match["y"], _month(match["month"]), 0)

    def say_month_name(self, match: Match, place: Place) -> str | None:
        """Say a month that is written short."""
        return english_words.MONTHS[_month(match["month"]) - 1]

    def say_date_month(self, match: Match, place: Place) -> str | None:
        """Say 5 January 2026."""
        if not 1 <= int(match["d"]) <= _DAYS:
            return None
        article = "" if place.before(5).lower().endswith("the ") else "the "
        said = f"{article}{self.ordinal(match['d'])} of {english_words.MONTHS[_month(match['month']) - 1]}"
        return f"{said} {self.year(match['y'])}" if match["y"] else said

    def say_quarter(self, match: Match, place: Place) -> str | None:
        """Say 2Q24 and 1H23: the second quarter, the first half."""
        part = {"Q": "quarter", "H": "half"}[match["part"]]
        if part == "half" and match["n"] not in "12":
            return None
        article = "" if place.before(4).lower().endswith("the ") else "the "
        year = match["y"]
        said = self.year(year) if len(year) == _FOUR else self.cardinal(year)
        return f"{article}{self.ordinal(match['n'])} {part} of {said}"

    def say_year_month(self, match: Match, place: Place) -> str | None:
        """Say 2024-05; 2024.05 is a version or a decimal."""
        return None if match["sep"] == "." else super().say_year_month(match, place)

    say_month_year = say_year_month

    def say_decade(self, match: Match, place: Place) -> str | None:
        """Say 1980s and 90s."""
        text = match["y"] or match["short"]
        if match["short"] and not _DECADE_BEFORE.search(place.before()):
            return None
        if len(text) < _FOUR:
            return numbers.plural(self.cardinal(text))
        return numbers.plural(self.year(text))

    def say_date_year_last(self, match: Match, place: Place) -> str | None:
        """Say a date whose year comes last, in the order in which it is written."""
        day, month = int(match["a"]), int(match["b"])
        if _MONTHS_OF_YEAR < day <= _DAYS and 1 <= month <= _MONTHS_OF_YEAR:
            return f"the {self.ordinal(str(day))} of {self.date(match['y'], month, 0)}"
        return super().say_date_year_last(match, place)

    def say_date_short(self, match: Match, place: Place) -> str | None:
        """Say 01/07/98."""
        month, day, year = int(match["mo"]), int(match["d"]), match["y"]
        if not (1 <= month <= _MONTHS_OF_YEAR and 1 <= day <= _DAYS):
            return None
        said = (
            self.cardinal(year) if year[0] != "0" else "zero " + self.cardinal(year[1])
        )
        return f"{self.date('', month, day)} {said}"

    def say_short_hour(self, match: Match, place: Place) -> str | None:
        """Say 8a-6p and 6:55p."""
        before = place.before()
        begun = _HOUR_BEFORE.search(before)
        ends_range = begun and not _NO_HOURS.search(before[: begun.start()])
        is_time = match["to"] or match["m"] or _TIME_BEFORE.search(before)
        if not is_time and not ends_range:
            return None
        said = self.clock(int(match["h"]), int(match["m"] or 0), None, match["half"])
        return said + self._to(match)

    def say_clock(self, match: Match, place: Place) -> str | None:
        said = super().say_clock(match, place)
        return said.replace(" o'clock", "") if said and match["to"] else said

    def say_hour_range(self, match: Match, place: Place) -> str | None:
        """Say the first hour of 2-4pm and 7-8a; Fig. 3-4a is none."""
        is_short = _SHORT_HALF.match(place.after())
        if is_short and _NO_HOURS.search(place.before()):
            return None
        return super().say_hour_range(match, place)

    def say_day_list(self, match: Match, place: Place) -> str | None:
        """Say M/W/F and Tu/Th."""
        return ", ".join(_DAY_LETTERS[day] for day in match.group().split("/"))

    def say_day_letters(self, match: Match, place: Place) -> str | None:
        """Say M-F and MWF."""
        if match.groupdict().get("all"):
            days = _LETTERS_OF_DAYS[match["all"]]
            return ", ".join(days[:-1]) + f" and {days[-1]}"
        first, last = _DAY_LETTERS[match["first"]], _DAY_LETTERS[match["last"]]
        row = place.decide(SHORT_WORDS, self.column, "letters of days")
        if (
            row is None
            or row.meaning == "kept"
            or _DAY_ORDER.index(first) >= _DAY_ORDER.index(last)
        ):
            return None
        return Said.because(f"{first} to {last}", row.reason)

    def say_short_decade(self, match: Match, place: Place) -> str | None:
        """Say '90s."""
        return numbers.plural(self.cardinal(match["y"]))

    def say_short_year(self, match: Match, place: Place) -> str | None:
        """Say '99."""
        return (
            self.cardinal(match["y"])
            if match["y"][0] != "0"
            else "oh " + self.cardinal(match["y"][1])
        )

    def clock(self, hour: int, minute: int, second: int | None, half: str) -> str:
        if second is not None:
            said = self._long_clock(hour, minute, second)
            return f"{said} {half.upper()} M" if half else said
        if hour == 0:
            hour, half = 12, "a"
        parts = [self.cardinal(str(hour))]
        if minute:
            parts.append(self._minute(minute))
        elif not half:
            parts.append("o'clock" if hour <= _HALF_DAY else "hundred")
        if half:
            parts.append(f"{half.upper()} M")
        return " ".join(parts)

    def _long_clock(self, hour: int, minute: int, second: int) -> str:
        """Say hours, minutes and seconds; none of them is left out."""
        parts = [(hour, "hour"), (minute, "minute"), (second, "second")]
        said = [
            f"{self.cardinal(str(n))} {name}{'' if n == 1 else 's'}"
            for n, name in parts
        ]
        return f"{said[0]} {said[1]} and {said[2]}"

    def _minute(self, value: int) -> str:
        return ("oh " if value <= _DIGIT else "") + self.cardinal(str(value))

    def duration(self, hours: int, minutes: int, seconds: int) -> str:
        parts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        said = [
            f"{self.cardinal(str(value))} {name}{'' if value == 1 else 's'}"
            for value, name in parts
            if value
        ]
        if len(said) > 1:
            said[-1] = "and " + said[-1]
        return " ".join(said) or "zero seconds"


def _month(name: str) -> int:
    return [month[:3].lower() for month in english_words.MONTHS].index(
        name[:3].lower()
    ) + 1


_DAYS = 31
_DIGIT = 9
_FOUR = 4
_HALF_DAY = 12
_MONTHS_OF_YEAR = 12
