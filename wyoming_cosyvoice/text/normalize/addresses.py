"""Addresses of machines, files and people, and what markup asks to spell."""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.decisions.codes import NAMES
from wyoming_cosyvoice.text.normalize import letters
from wyoming_cosyvoice.text.normalize.base import Language, Match, Place, Said


class Addresses(Language):
    """Says what is spelt or read mark by mark."""

    # ---- markup --------------------------------------------------------------------

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

    # ---- addresses and names -------------------------------------------------------

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

    def say_call(self, match: Match, place: Place) -> str | None:
        """Say a function of a program: x.push(4)."""
        return self.address(match.group())

    def say_entity(self, match: Match, place: Place) -> str | None:
        """Say an identifier of Home Assistant as the words that it is made of."""
        row = place.decide(NAMES, self.column, match.group())
        if row is not None:
            return Said.because(self.address(match.group()), row.reason)
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

    def say_hex(self, match: Match, place: Place) -> str | None:
        """Say a number to the base of sixteen: 0x1F."""
        return f"{self.digits('0')} x {self.spell(match['body'])}"

    def say_mac(self, match: Match, place: Place) -> str | None:
        """Say a hardware address character by character."""
        return self.spell(re.sub(r"[:-]", "", match.group()))

    def say_uuid(self, match: Match, place: Place) -> str | None:
        """Say a UUID character by character, with a pause between its groups."""
        return self.several([self.spell(part) for part in match.group().split("-")])

    def say_doi(self, match: Match, place: Place) -> str | None:
        """Say the identifier of a paper: 10.1000/xyz123."""
        whole, _, rest = match.group().partition(".")
        return f"{self.cardinal(whole)} {self.address('.' + rest)}"

    def say_ip(self, match: Match, place: Place) -> str | None:
        """Say an IP address digit by digit."""
        text = match.group()
        if any(int(part) > _BYTE for part in re.split(r"[./:]", text)[:4]):
            return self._dotted_digits(text)
        dot = f" {self.words.dot} "
        host, mark, tail = re.fullmatch(r"([0-9.]+)([:/]?)([0-9]*)", text).groups()  # type: ignore[union-attr]
        said = dot.join(self.digits(part) for part in host.split("."))
        if mark == "/":
            return f"{said} {self.words.address['/']} {self.cardinal(tail)}"
        return f"{said} {self.words.address[':']} {self.digits(tail)}" if mark else said

    def _dotted_digits(self, text: str) -> str | None:
        """Say four groups with dots that are no address, but no version either."""
        groups = re.findall(r"[0-9]+", text)
        if any(len(group) > _LONGEST_GROUP for group in groups[:4]) or "/" in text:
            return None
        return f" {self.words.dot} ".join(self.digits(group) for group in groups)


_LONGEST_PATH = 40
_BYTE = 255
_LONGEST_GROUP = 3
