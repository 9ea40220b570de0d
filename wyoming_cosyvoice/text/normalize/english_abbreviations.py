"""What is written short in English: titles, streets, weekdays, measures."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.normalize import english_words, letters, saints
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser
from wyoming_cosyvoice.text.patterns import pattern

_NUMBER_AFTER = pattern(r"\s?[0-9#]")
_NUMBER_BEFORE = pattern(r"[0-9]\s?\Z|\bsq(?:\.|uare)?\s\Z")
_CAPITAL_AFTER = pattern(r"\s[A-Z]")
_STREET_BEFORE = pattern(
    r"\b(?:Ave|St|Street|Avenue|Rd|Road|Blvd|Boulevard|Drive|Dr|Lane|Ln|Way|Place|Pl)\.?,?\s\Z"
)
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_DAY_BEFORE = pattern(
    rf"{_DAY}[a-z]*\.?\s?(?:[-–~/&,]|and|or|to)\s?\Z"
    r"|\b(?i:on|every|each|until|till|by|next|last|this|from|through|closed|open|since|opens|due)\s\Z"
)
_DAY_AFTER = pattern(
    rf"\s?(?:[-–~/&,]|and\b|or\b|to\b)\s?{_DAY}|,?\s(?:[0-9]|at\b|noon|night|morning|evening|[A-Z][a-z]{{2}}\s[0-9])|:\s"
)
_ALSO_WORDS = ("Mon", "Sat", "Sun", "Wed")


class EnglishAbbreviations(Verbaliser):
    """Says what is written short."""

    def say_abbreviation(self, match: Match, place: Place) -> str | None:
        """Say an abbreviation in full."""
        text = match.group()
        said = self._in_full(text, place)
        if said is None:
            return self._dotted(text, place)
        ends = text in english_words.KEEPS_STOP and not place.after().strip()
        return said + "." if ends else said

    def _in_full(self, text: str, place: Place) -> str | None:
        before, after = place.before(), place.after()
        if text in ("St.", "St"):
            if saints.is_saint(before, after):
                return "Saint"
            return "Street" if text[-1] == "." or saints.is_street(before) else None
        if text in english_words.AFTER_NUMBER:
            is_measure = _NUMBER_BEFORE.search(before)
            return english_words.AFTER_NUMBER[text] if is_measure else None
        if text in english_words.STREETS:
            is_street = saints.is_street(before)
            return english_words.STREETS[text] if is_street else None
        if text in english_words.QUARTERS and _STREET_BEFORE.search(before):
            return english_words.QUARTERS[text]
        needs_number = text in english_words.NEED_NUMBER
        if needs_number and not _NUMBER_AFTER.match(after):
            return None
        if text in ("Mt", "Ft") and not _CAPITAL_AFTER.match(after):
            return None
        return english_words.ABBREVIATIONS.get(text)

    def _dotted(self, text: str, place: Place) -> str | None:
        """Say U.S.A. letter by letter."""
        if re.fullmatch(r"(?:[A-Za-z]\.){2,}[A-Za-z]?", text) is None:
            return None
        said = letters.spell(text.replace(".", ""))
        return said if place.after().strip() else said + "."

    def say_weekday_name(self, match: Match, place: Place) -> str | None:
        """Say Tue, and Sat or Sun where they are no words."""
        name = match["name"]
        is_day = _DAY_BEFORE.search(place.before()) or _DAY_AFTER.match(place.after())
        if name in _ALSO_WORDS and not is_day:
            return None
        return english_words.WEEKDAYS[name[:3]]
