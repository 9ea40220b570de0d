"""Numbers in words, and counted nouns, in German, Spanish, French, Italian and Russian.

``num2words`` gives the numbers; what depends on a noun, its gender or its case is said
here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.text.normalize.european_words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.text.normalize.noun import Noun


class EuropeanNumbers:
    """Says the numbers of one language; as digits where num2words is not installed."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._point = WORDS[language].point
        self._spell = _num2words()

    @property
    def are_spelled(self) -> bool:
        """Whether num2words is installed."""
        return self._spell is not None

    def cardinal(self, number: int, noun: Noun | None = None) -> str:
        """Say a whole number, before a noun in its gender."""
        if self._language == "ru":
            return self.say(number, gender=noun.gender if noun else "m")
        spoken = self.say(number)
        if noun is None:
            return spoken
        if self._language == "de" and spoken.endswith("eins"):
            return spoken[:-1] + ("e" if noun.gender == "f" and number == 1 else "")
        if self._language == "es" and spoken.endswith("uno"):
            stem = spoken.removesuffix("uno")
            if noun.gender == "f":
                return f"{stem}una"
            return f"{stem[:-1]}iún" if stem.endswith("ti") else f"{stem}un"
        if self._language == "fr" and spoken.endswith("un") and noun.gender == "f":
            return f"{spoken}e"
        if self._language == "it" and spoken == "uno":
            return "una" if noun.gender == "f" else "un"
        return spoken

    def decimal(self, whole: str, part: str, noun: Noun | None = None) -> str:
        """Say a number whose whole and decimal digits are given."""
        number = int(re.sub(r"\D", "", whole))
        if not part:
            return self.cardinal(number, noun)
        if self._language == "ru":
            return self.say(float(f"{number}.{part}"))
        is_digits = self._language == "de" or part[0] == "0" or len(part) > 2
        decimals = map(int, part if is_digits else [part])
        return " ".join([self.say(number), self._point, *map(self.say, decimals)])

    def counted(self, whole: str, part: str, noun: Noun) -> str:
        """Say how many of a thing."""
        return f"{self.decimal(whole, part, noun)} {self.form(whole, part, noun)}"

    def form(self, whole: str, part: str, noun: Noun) -> str:
        """Return the form of a noun behind a number."""
        number = int(re.sub(r"\D", "", whole))
        if self._language == "ru":
            if part:
                return noun.few
            last = 5 if number % 100 // 10 == 1 else number % 10
            return noun.one if last == 1 else noun.few if 2 <= last <= 4 else noun.many
        # In French two begins the plural, in the others all but one.
        is_one = number < 2 if self._language == "fr" else number == 1 and not part
        return noun.one if is_one else noun.many

    def year(self, text: str) -> str:
        """Say a year."""
        number = int(text)
        if self._language == "de" and 1100 <= number < 2000:
            return self.say(number, to="year")
        return self.say(number)

    def say(self, number: float, **how: Any) -> str:
        """Return a number in words; ``how`` are the options of ``num2words``."""
        if self._spell is None:
            return str(number)
        return str(self._spell(number, lang=self._language, **how))


def _num2words() -> Callable[..., Any] | None:
    """Return what spells numbers; None where it is not installed."""
    try:
        from num2words import num2words  # noqa: PLC0415
    except ImportError:
        return None
    spell: Callable[..., Any] = num2words
    return spell
