"""Dates, times of day and spans of time."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.colons import COLONS
from wyoming_cosyvoice.text.decisions.dates import DATES
from wyoming_cosyvoice.text.decisions.numerals import VERSIONS
from wyoming_cosyvoice.text.decisions.slashes import meaning
from wyoming_cosyvoice.text.normalize.base import Language, Match, Place, Said
from wyoming_cosyvoice.text.normalize.units import UNITS
from wyoming_cosyvoice.text.patterns import pattern


class Times(Language):
    """Says dates and times."""

    # ---- dates and times -----------------------------------------------------------

    def say_date(self, match: Match, place: Place) -> str | None:
        """Say an ISO date or one with slashes or full stops."""
        month, day = int(match["mo"]), int(match["d"])
        if not _is_date(month, day) or self._is_version(match, place):
            return None
        said = self.date(match["y"], month, day)
        if match["mo2"] and _is_date(int(match["mo2"]), int(match["d2"])):
            last = self.date("", int(match["mo2"]), int(match["d2"]))
            return said + self._to(match) + last
        return said + (self._to(match) or " ")

    def say_dotted_range(self, match: Match, place: Place) -> str | None:
        """Say the days of 11.28-12.5 where the text is about a period."""
        row = place.decide(DATES, self.column, match.group())
        days = [(int(match[m]), int(match[d])) for m, d in (("mo", "d"), ("mo2", "d2"))]
        is_possible = all(_is_date(*day) for day in days)
        if row is None or row.meaning != "period" or not is_possible:
            return None
        first, last = (self.date("", *day) for day in days)
        return Said.because(f"{first}{self._to(match)}{last}", row.reason)

    def say_date_year_last(self, match: Match, place: Place) -> str | None:
        """Say a date whose year comes last; the month is first where it can be."""
        month, day = int(match["a"]), int(match["b"])
        if month > _MONTHS:
            month, day = day, month
        if match["sep"] == "-" and match["y"][:2] not in ("19", "20"):
            return None
        return self.date(match["y"], month, day) if _is_date(month, day) else None

    def say_date_short(self, match: Match, place: Place) -> str | None:
        """Say a date with two digits for the year, the month first."""
        month, day = int(match["mo"]), int(match["d"])
        return self.date(match["y"], month, day) if _is_date(month, day) else None

    def say_dotted_date(self, match: Match, place: Place) -> str | None:
        """Say 26.03.15, a date where its parts have two digits or a weekday follows."""
        row = place.decide(DATES, self.column, match.group())
        is_date = _is_date(int(match["mo"]), int(match["d"]))
        if row is None or row.meaning != "short date" or not is_date:
            return None
        said = self.date(match["y"], int(match["mo"]), int(match["d"]))
        return Said.because(said, row.reason)

    def say_year_month(self, match: Match, place: Place) -> str | None:
        """Say a year with a month."""
        if self._is_version(match, place):
            return None
        return self.date(match["y"], int(match["mo"]), 0)

    say_month_year = say_year_month

    def _is_version(self, match: Match, place: Place) -> bool:
        return match["sep"] == "." and place.has_meaning(
            "version", VERSIONS, self.column, f"{match['y']}.{match['mo']}"
        )

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
        row = place.decide(DATES, self.column, match.group())
        if row is None or row.meaning != "date":
            return None
        said = self.date("", month, day)
        if place.after(1) in tuple("日号號"):
            said = said[:-1]  # 12.1日起
        return Said.because(said, row.reason)

    def say_slash_dates(self, match: Match, place: Place) -> str | None:
        """Say the days of 11/28-12/3."""
        days = ((match["mo"], match["d"]), (match["mo2"], match["d2"]))
        meanings = {
            meaning(*day, place.before(), place.after(), self.column) for day in days
        }
        is_possible = all(_is_date(int(month), int(day)) for month, day in days)
        if not is_possible or "date" not in meanings:
            return None
        said = [self.date("", int(month), int(day)) for month, day in days]
        return f"{said[0]}{self._to(match)}{said[1]}"

    def say_slash_days(self, match: Match, place: Place) -> str | None:
        """Say the days of 12/24-26, which are in one month."""
        month, day, last = int(match["mo"]), int(match["d"]), int(match["d2"])
        is_possible = _is_date(month, day) and day < last <= _DAYS
        if self.column == "en" or not is_possible:
            return None
        if meaning(match["mo"], match["d"], place.before(), "", self.column) != "date":
            return None
        ends = self.date("", month, day), self.date("", 0, last)
        said = f"{ends[0]}{self._to(match)}{ends[1]}"
        has_day = place.after(2).strip()[:1] in _DAY_WORDS
        return said[:-1] if has_day else said

    def say_verse(self, match: Match, place: Place) -> str | None:
        """Say a chapter and a verse: John 3:16."""
        row = place.decide(COLONS, self.column, f"{match['c']}:{match['v']}")
        if row is None or row.meaning != "verse":
            return None
        verses = [verse for verse in (match["v"], match["v2"]) if verse]
        chapter, said = self.number(match["c"]), self.range_of(verses)
        return Said.because(self.verse.format(chapter, said), row.reason)

    verse = "{} {}"
    """Where the chapter and the verse stand."""

    def say_duration(self, match: Match, place: Place) -> str | None:
        """Say h:mm:ss as a span of time where the text around it says so."""
        unit = match["unit"] or ""
        written = match.group().removesuffix(unit)
        if unit:
            row = COLONS.decide(
                self.column, written, place.before(40), unit + place.after()
            )
        else:
            row = place.decide(COLONS, self.column, written)
        if row is None or row.meaning not in _SPANS:
            return None
        parts = [int(match[name]) for name in "hms" if match[name]]
        said = self.duration(*parts if match["s"] else (0, *parts))
        return Said.because(said, row.reason)

    def say_clock(self, match: Match, place: Place) -> str | None:
        """Say a time of day."""
        row = place.decide(COLONS, self.column, match.group())
        if row is not None and row.meaning in _NO_TIMES and not match["half"]:
            return None
        second = int(match["s"]) if match["s"] else None
        half = (match["half"] or "").lower()
        half = "" if _SAYS_HALF.search(place.before(4)) else half
        said = self.clock(int(match["h"]), int(match["m"]), second, half)
        return said + self._to(match)

    def say_hour(self, match: Match, place: Place) -> str | None:
        """Say a full hour with AM or PM."""
        said = self.clock(
            int(match["h"]), int(match["m"] or 0), None, match["half"].lower()
        )
        return said + self._to(match)

    def say_hour_range(self, match: Match, place: Place) -> str | None:
        """Say the first hour of 2-4pm."""
        if self.column != "en":
            end = _END_OF_RANGE.match(place.after())
            half = end["half"].lower() if end else ""
            is_before_noon = end and int(match["h"]) % 12 > int(end["h"]) % 12
            half = "a" if is_before_noon and half == "p" else half
            said = self.clock(int(match["h"]), int(match["m"] or 0), None, half)
            return said + self._to(match)
        hour = self.cardinal(match["h"])
        if match["m"] and int(match["m"]):
            hour += f"{self.gap}{self.cardinal(match['m'])}"
        return hour + self._to(match)

    def say_ratio(self, match: Match, place: Place) -> str | None:
        """Say a score or a proportion, or the minutes and seconds of a run."""
        row = place.decide(COLONS, self.column, match.group())
        if row is not None and row.meaning == "apart":
            return None
        parts = [part for part in match.groups() if part]
        is_run = row is not None and (
            row.meaning == "run" or (row.meaning in _SPANS and "." in parts[-1])
        )
        said = self.run_time(*parts) if is_run else self.ratio(parts)
        return Said.because(said, row.reason) if row else said

    def run_time(self, minutes: str, seconds: str) -> str:
        """Say the minutes and seconds of 44:50 and 2:01.23."""
        if "." not in seconds:
            return self.duration(0, int(minutes), int(seconds))
        whole = self.duration(0, int(minutes), 0)
        unit = str(getattr(UNITS["s"], self.column))
        parts = (whole, self.number(seconds.lstrip("0") or "0"), unit)
        return self.gap.join(parts)


_SAYS_HALF = pattern(
    r"(?:[上下晏]午|[朝早晚]上|今晚|朝早|[上下晏]晝|凌晨|中午|午[前後]|오[전후]|새벽|저녁|밤)\s?$"
)
_END_OF_RANGE = pattern(r"(?P<h>[0-9]{1,2})(?:[:.][0-9]{2})?\s?(?P<half>[AaPp])")
_SPANS = frozenset(("timed", "span"))
_NO_TIMES = frozenset(("score", "run", "apart"))
_DAY_WORDS = frozenset("日号號일")
_MONTHS = 12
_DAYS = 31


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= day <= _DAYS
