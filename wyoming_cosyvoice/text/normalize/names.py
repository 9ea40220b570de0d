"""Codes, versions and words in Latin letters."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.codes import CODES
from wyoming_cosyvoice.text.decisions.identifiers import IDENTIFIERS
from wyoming_cosyvoice.text.decisions.numerals import NORMS, ROMANS, VERSIONS
from wyoming_cosyvoice.text.decisions.phones import PHONES
from wyoming_cosyvoice.text.normalize import letters
from wyoming_cosyvoice.text.normalize.addresses import Addresses
from wyoming_cosyvoice.text.normalize.base import Match, Place, Said


class Names(Addresses):
    """Says what is a name, even if it has digits."""

    # ---- names with numbers --------------------------------------------------------

    def say_time_zone(self, match: Match, place: Place) -> str | None:
        """Say UTC-5 and GMT+5:30."""
        sign = self.zone_signs["-+±".index(match["sign"])]
        said = f"{letters.spell(match['name'])} {sign}{self.blank}{self.cardinal(match['h'])}"
        if match["m"] and int(match["m"]):
            said += f"{self.gap or self.words.point}{self.cardinal(match['m'])}"
        return said

    @property
    def zone_signs(self) -> tuple[str, str, str]:
        """What the signs before the hours of a time zone are called."""
        words = self.words
        return words.minus, words.plus, words.plus_minus

    def say_norm(self, match: Match, place: Place) -> str | None:
        """Say the number of a standard: GB/T 7714-2015, ISO 9001:2015."""
        written = f"{match['body']} {match['n']}"
        if place.has_meaning("number", NORMS, self.column, written):
            return f"{letters.spell(match['body'])} {self.cardinal(match['n'])}"
        body = " ".join(letters.spell(part) for part in match["body"].split("/"))
        said = [body, match["part"] or "", self.digits(match["n"])]
        if match["sub"]:
            said += [self.words.point, self.digits(match["sub"])]
        if match["y"]:
            said += [self.norm_dash, self.year(match["y"])]
        return " ".join(filter(None, said))

    versus = ""
    """What vs is called, if not as in English."""
    norm_dash = ""
    """What stands between the number of a standard and its year."""

    def say_wireless(self, match: Match, place: Place) -> str | None:
        """Say 802.11ax."""
        point = f"{self.gap}{self.words.point}{self.gap}"
        said = f"{self.standard_802}{point}{self.cardinal(match['n'])}"
        letters_ = (match["letters"] or "").replace("/", "")
        return f"{said} {' '.join(letters_)}".strip()

    @property
    def standard_802(self) -> str:
        """What 802 is called in the name of a standard."""
        return self.digits("802")

    def say_sized(self, match: Match, place: Place) -> str | None:
        """Say version and size of a model: Llama 3.1-8B."""
        if not re.search(r"[A-Za-z]\s?$", place.before(2)):
            return None
        return f"{self.number(match['v'])} {self.number(match['size'])} {match['letter'].upper()}"

    # ---- codes and versions --------------------------------------------------------

    def say_phone(self, match: Match, place: Place) -> str | None:
        """Say a phone number digit by digit."""
        text = match.group()
        row = place.decide(PHONES, self.column, text)
        if row is None or row.meaning != "phone":
            return None
        groups = re.findall(r"[0-9]+", text)
        said = self.phone(groups)
        if text.startswith("+"):
            parts = (self.country_code, self.phone(groups[:1]), self.phone(groups[1:]))
            said = self.blank.join(parts)
        return Said.because(said, row.reason)

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
        if len(text) == 1 and place.before(1) not in _EXTENSION:
            return None
        row = place.decide(CODES, self.column, text)
        if row is None or row.meaning == "number":
            return None
        groups = re.findall(r"[0-9]+", text)
        if row.meaning == "numbers":
            return Said.because(
                self.several([*map(self.short_number, groups)]), row.reason
            )
        if row.meaning == "address":
            return Said.because(self.address_numbers(groups), row.reason)
        return Said.because(self.phone(groups), row.reason)

    def short_number(self, text: str) -> str:
        """Say a number that may begin with a zero: 08."""
        return self.digits(text) if text[0] == "0" else self.cardinal(text)

    def say_version(self, match: Match, place: Place) -> str | None:
        """Say a version part by part."""
        text, _, _ = match.group().partition(match["tag"] or "\0")
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

    def say_season(self, match: Match, place: Place) -> str | None:
        """Say the years of the season 2025-26."""
        name = "F Y " if match.group().startswith("FY") else ""
        if not match["y2"]:
            return name + self.year(match["y"])
        years = [self.year(match["y"]), self.short_year(match["y2"])]
        return name + self.join_range(years)

    def short_year(self, text: str) -> str:
        """Say the last two digits of a year."""
        return self.digits(text)

    def say_short_version(self, match: Match, place: Place) -> str | None:
        """Say a version of two parts: Home Assistant 2024.12, Python 3.13."""
        row = place.decide(VERSIONS, self.column, match.group())
        if row is None:
            return None
        joint = f"{self.blank}{self.words.point}{self.blank}"
        parts = map(self._version_part, match.group().split("."))
        return Said.because(joint.join(parts), row.reason)

    # ---- words in Latin letters ----------------------------------------------------

    def say_identifier(self, match: Match, place: Place) -> str | None:
        """Say a name that mixes letters and digits: CA1234, GPT-4o, PM2.5, 5G."""
        text = match.group()
        row = place.decide(IDENTIFIERS, self.column, text)
        meaning = row.meaning if row else ""
        if meaning == "word":
            return None
        return self._identifier_as(meaning, text) or self._parts_of(text)

    def _identifier_as(self, meaning: str, text: str) -> str:
        """Say a name that a row of the table tells about; empty without one."""
        match meaning:
            case "thousands":
                return self.cardinal(text.replace("k", "000"))
            case "short thousands":
                return self.cardinal(text[0] + "000") + self.cardinal(text[2])
            case "from to":
                return f"{text[0]} to {text[2]}"
            case "countdown" | "difference":
                minus = self.words.signs["-"]
                return f"{text[0]} {minus} {self.cardinal(text[2:])}"
            case "counted":
                number, unit = re.findall("[0-9]+|[A-Za-z]+", text)
                return f"{self.cardinal(number)} {unit}"
            case "range":
                ends = map(self._parts_of, text.split("-"))
                return f" {self.words.to} ".join(ends)
            case "spelt":
                return self.spell(text.replace("-", ""))
        return ""

    def _parts_of(self, text: str) -> str:
        said = []
        for part in re.findall(r"[A-Za-z]+|[0-9]+\.[0-9]+|[0-9]+", text):
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

    def say_stars(self, match: Match, place: Place) -> str | None:
        """Say the stars of a hotel or a review: 5★."""
        of_thing, alone = self.of_stars
        is_of_thing = match["n"].isdecimal() and match["thing"] is not None
        form = of_thing if is_of_thing else alone
        return form.format(self.number(match["n"]))

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
        row = place.decide(ROMANS, self.column, match["n"]) if value else None
        if row is None or row.meaning != "numeral":
            return None
        return Said.because(self.roman(str(value), place), row.reason)

    def roman(self, text: str, place: Place) -> str:
        """Say the value of a Roman numeral."""
        return self.cardinal(text)

    def say_limit(self, match: Match, place: Place) -> str | None:
        """Say MAX and MIN, which touch their numbers: MAX160km/h."""
        return match["word"].lower()

    def say_suffixed(self, match: Match, place: Place) -> str | None:
        """Say an initialism with a letter behind a hyphen: USB-C."""
        return letters.with_suffix(match.group())

    def say_word(self, match: Match, place: Place) -> str | None:
        """Say a word; capitals are spelt or said as the word that they are."""
        if self.versus and match.group() in ("vs", "VS"):
            return self.versus
        return letters.word(match.group(), place.before(40), place.after(40))


_YEAR_DIGITS = 4
_SHORT_NUMBER = 2
_EXTENSION = frozenset(("转", "轉", "〒"))
"""What a code of one digit stands behind."""
