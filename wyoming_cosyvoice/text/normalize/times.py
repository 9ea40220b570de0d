"""Dates, times of day and spans of time."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize import context, slash
from wyoming_cosyvoice.text.normalize.base import Language, Match, Place


class Times(Language):
    """Says dates and times."""

    # ---- dates and times -----------------------------------------------------------

    def say_date(self, match: Match, place: Place) -> str | None:
        """Say an ISO date or one with slashes or full stops."""
        month, day = int(match["mo"]), int(match["d"])
        is_version = match["sep"] == "." and context.is_version(
            place.before(), place.after()
        )
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

    def say_slash_dates(self, match: Match, place: Place) -> str | None:
        """Say the days of 11/28-12/3."""
        days = ((match["mo"], match["d"]), (match["mo2"], match["d2"]))
        meanings = {
            slash.meaning(*day, place.before(), place.after(), self.column)
            for day in days
        }
        if not all(slash.is_date(*day) for day in days) or "date" not in meanings:
            return None
        said = [self.date("", int(month), int(day)) for month, day in days]
        return f"{said[0]}{self._to(match)}{said[1]}"

    def say_duration(self, match: Match, place: Place) -> str | None:
        """Say h:mm:ss as a span of time where the text around it says so."""
        before, after = place.before(), place.after()
        if not (context.is_duration(before, after) or context.is_timed(before, after)):
            return None
        if match["s"] is None:
            is_timed = context.is_timed(before, after)
            if int(match["h"]) <= _HOURS and not is_timed:
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
        said = self.clock(
            int(match["h"]), int(match["m"] or 0), None, match["half"].lower()
        )
        return said + self._to(match)

    def say_hour_range(self, match: Match, place: Place) -> str | None:
        """Say the first hour of 2-4pm."""
        hour = self.cardinal(match["h"])
        if match["m"] and int(match["m"]):
            hour += f"{self.gap}{self.cardinal(match['m'])}"
        return hour + self._to(match)

    def say_ratio(self, match: Match, place: Place) -> str | None:
        """Say a score or a proportion, or the minutes and seconds of a run."""
        is_time = match["c"] is None and len(match["b"]) == _TWO_DIGITS
        if is_time and context.is_run_time(place.before(40), place.after()):
            return self.run_time(match["a"], match["b"])
        parts = [match["a"], match["b"], match["c"]]
        return self.ratio([part for part in parts if part])

    def run_time(self, minutes: str, seconds: str) -> str:
        """Say the minutes and seconds of 44:50."""
        return self.duration(0, int(minutes), int(seconds))


_TWO_DIGITS = 2
_MONTHS = 12
_HOURS = 24
_DAYS = 31


def _is_date(month: int, day: int) -> bool:
    return 1 <= month <= _MONTHS and 1 <= day <= _DAYS
