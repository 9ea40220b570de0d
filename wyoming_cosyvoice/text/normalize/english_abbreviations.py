"""What is written short in English: titles, streets, weekdays, measures."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.short_words import SHORT_WORDS
from wyoming_cosyvoice.text.normalize import english_words, letters
from wyoming_cosyvoice.text.normalize.base import Said
from wyoming_cosyvoice.text.normalize.verbaliser import Match, Place, Verbaliser


class EnglishAbbreviations(Verbaliser):
    """Says what is written short."""

    def say_abbreviation(self, match: Match, place: Place) -> str | None:
        """Say an abbreviation in full."""
        text = match.group()
        said = self._in_full(text, place)
        return self._dotted(text, place) if said is None else said

    def _in_full(self, text: str, place: Place) -> str | None:
        name = text if text in english_words.KINDS else text.removesuffix(".")
        small = text.lower()
        is_capital = text[0].isupper() and text[1:].islower() and text.endswith(".")
        if (
            is_capital
            and name not in english_words.KINDS
            and small in english_words.KINDS
        ):
            said = self._in_full(small, place)
            return said and said[:1].upper() + said[1:]
        kind = english_words.KINDS.get(name)
        row = place.decide(SHORT_WORDS, self.column, kind) if kind else None
        if row is None or row.meaning == "kept":
            return None
        full = _FULL[row.meaning](name) if row.meaning in _FULL else row.meaning
        # Inside of a sentence a full stop belongs to the word.
        has_stop = name in english_words.KEEPS_STOP or name != text
        ends = has_stop and not place.after().strip()
        return Said.because(f"{full}." if ends else full, row.reason)

    def _dotted(self, text: str, place: Place) -> str | None:
        """Say U.S.A. letter by letter."""
        if re.fullmatch(r"(?:[A-Za-z]\.){2,}[A-Za-z]?", text) is None:
            return None
        said = letters.spell(text.replace(".", ""))
        return said if place.after().strip() else said + "."

    def say_party(self, match: Match, place: Place) -> str | None:
        """Say the party and the state of a politician: (D-Mass.)."""
        if place.before(1) != "(" and place.before(2) != ", ":
            return None
        written = match["state"]
        state = english_words.STATES_OF_POLITICIANS.get(written.replace(".", ""))
        if state is None:
            return None
        ends = written.endswith(".") and not place.after().strip()
        return f"{match['party']} {state}" + ("." if ends else "")

    def say_weekday_name(self, match: Match, place: Place) -> str | None:
        """Say Tue, and Sat or Sun where they are not words."""
        name = match["name"]
        full = english_words.WEEKDAYS[name[:3]]
        if name not in english_words.DAYS_AND_WORDS:
            return full
        row = place.decide(SHORT_WORDS, self.column, "weekday")
        is_day = row is not None and row.meaning == "full"
        return Said.because(full, row.reason) if row and is_day else None


def _one(name: str) -> str:
    """Return what one of a measure is called."""
    full = english_words.SHORT[name]
    return english_words.ODD_SINGULARS.get(full, full.removesuffix("s"))


_FULL = {
    "full": english_words.SHORT.__getitem__,
    "one": _one,
    "book": english_words.BOOKS.__getitem__,
}
