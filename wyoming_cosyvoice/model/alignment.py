"""Keeps a language model at its place in the text, where its tokens say where it is.

The speech tokens of the starter voice name a phone and how much longer it lasts
(models/starter/corpora/tokens.py). So it is known of each token whether it goes on with
the phone that is being said, begins the next one of the text, or leaves the text: a
word twice, a word left out, an end too early. The model chooses among the first two,
and so decides how long and how high a phone is, but not which. A monotonic alignment,
as Tacotron's successors have it, by a rule instead of by training.

Official models have tokens that name nothing, and are not held.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.model.phone_times import SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Tokens = NDArray[np.int64]

_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
# A comma, the space after it and the end of the text may be a pause each.
_MOST_PAUSES = 3
# What a sentence may end with beyond its least silence, in tokens.
_MOST_TAIL = 4


@dataclass(frozen=True, slots=True)
class Phone:
    """The speech tokens of one phone.

    Token ``first + left * pitches + pitch`` says that ``left`` steps of it are to come.
    """

    first: int
    steps: int
    pitches: int
    lasts: tuple[int, ...] = ()
    """How many tokens in a row each step stands for, the last one for any number; if
    this is empty, each may stand for any number."""

    def tokens(self, least: int, most: int) -> Tokens:
        """Return the tokens with that many steps left, both included."""
        begin = self.first + max(least, 0) * self.pitches
        return np.arange(begin, self.first + (most + 1) * self.pitches)

    def lasting(self, left: int) -> int | None:
        """Return how many tokens in a row a step stands for; None is any number."""
        return self.lasts[left] if left < len(self.lasts) else None

    def steps_left(self, token: int) -> int | None:
        """Return how many steps a token leaves; None if it is another phone's."""
        left = (token - self.first) // self.pitches
        return left if 0 <= left < self.steps else None


class Alignment:
    """Which phones the text tokens stand for, and which the speech tokens."""

    def __init__(
        self,
        silence: Phone,
        readings: dict[tuple[int, ...], tuple[Phone, ...]],
        end_token: int,
        *,
        lead: int = 0,
        tail: int = 0,
    ) -> None:
        """Take the reading of each text token, or of two in a row.

        A sentence begins with at least ``lead`` tokens of silence, and ends with at
        least ``tail``.
        """
        self.silence = silence
        self.end_token = end_token
        self.lead = lead
        self.tail = tail
        self._readings = readings

    @classmethod
    def open(cls, path: Path, end_token: int) -> Alignment:
        """Read the file: ``{"speech": [[phone, steps, pitches], ...], "text": {...}}``.

        "speech" is in the order of the tokens, silence first; what may follow are the
        least tokens that are to come at each step. "text" gives the phones,
        with spaces between, of a text token ("17") or of two in a row ("17 203");
        "lead" and "tail", which may be missing, are the least silence before and after
        a sentence, in tokens.
        Raises: ModelCorrupt.
        """
        try:
            content = json.loads(path.read_bytes())
            phones, first = {}, 0
            for name, steps, pitches, *counts in content["speech"]:
                lasts = tuple(b - a for least in counts for a, b in pairwise(least))
                phone = Phone(first, int(steps), int(pitches), lasts)
                phones[str(name)] = phone
                first += phone.steps * phone.pitches
            readings = {
                tuple(map(int, key.split())): tuple(phones[n] for n in names.split())
                for key, names in content["text"].items()
            }
            silence = next(iter(phones.values()))
            lead, tail = (int(content.get(name, 0)) for name in ("lead", "tail"))
        except _DAMAGE as error:
            raise ModelCorrupt(f"{path.name} cannot be read: {error}.") from error
        except StopIteration as error:
            raise ModelCorrupt(f"{path.name} names no phone.") from error
        counts = [n for p in phones.values() for n in (p.steps, p.pitches, *p.lasts)]
        if min(counts) < 1 or first > end_token:
            raise ModelCorrupt(f"{path.name} does not fit {end_token} speech tokens.")
        for count in (lead, tail):
            if not 0 <= count <= silence.steps:
                raise ModelCorrupt(f"{path.name} asks for {count} tokens of silence.")
        return cls(silence, readings, end_token, lead=lead, tail=tail)

    @property
    def text_tokens(self) -> list[int]:
        """The text tokens that are a phone or more each."""
        found = [
            key[0] for key, phones in self._readings.items() if len(key) == 1 and phones
        ]
        return sorted(found)

    def follow(self, text_tokens: Sequence[int]) -> Place | None:
        """Begin a sentence; None if it has a text token whose sound is not known."""
        wanted: list[Phone] = []
        origins: list[int] = []
        tokens = tuple(text_tokens)
        place = 0
        while place < len(tokens):
            for width in (2, 1):
                reading = self._readings.get(tokens[place : place + width])
                if reading is not None:
                    wanted += reading
                    # Of a pair it is the second that has most of the sound.
                    origins += [place + width - 1] * len(reading)
                    place += width
                    break
            else:
                return None
        return Place(self, wanted, origins) if wanted else None


class Place:
    """Where a sentence is: which phone is being said, and how much longer."""

    def __init__(
        self,
        alignment: Alignment,
        wanted: Sequence[Phone],
        origins: Sequence[int],
    ) -> None:
        """Take the phones to say, and the index of the text token of each."""
        self._alignment = alignment
        self._wanted = wanted
        self._origins = origins
        self._next = 0  # the place of the phone that comes after the present one
        self._phone: Phone | None = None
        self._token = 0
        self._left = 0
        self._said = 0  # tokens of the present step
        self._begins = True  # whether the present step is the phone's first
        self._pauses = 0

    @property
    def text_token(self) -> int:
        """The index of the text token that is being spoken; ``SILENCE`` in a pause."""
        if self._next == 0 or self._phone is self._alignment.silence:
            return SILENCE
        return self._origins[self._next - 1]

    def allowed(self) -> Tokens:
        """Return the speech tokens that may come now, the end among them."""
        phone, left = self._phone, self._left
        if phone is not None and left > 0:
            lasts = phone.lasting(left)
            if lasts is None:
                return phone.tokens(left - 1, left)
            if self._said == lasts:
                return phone.tokens(left - 1, left - 1)
            # A phone may begin in the middle of a step.
            return phone.tokens(left - 1 if self._begins else left, left)
        silence, lead = self._alignment.silence, self._alignment.lead
        if phone is None and lead:
            return silence.tokens(lead - 1, silence.steps - 1)
        if self._next == len(self._wanted) and self._alignment.tail:
            return self._ending()
        choices = []
        if self._pauses < _MOST_PAUSES:
            choices.append(silence.tokens(0, silence.steps - 1))
        if self._next < len(self._wanted):
            coming = self._wanted[self._next]
            choices.append(coming.tokens(0, coming.steps - 1))
        else:
            choices.append(np.array([self._alignment.end_token]))
        return np.concatenate(choices)

    def _ending(self) -> Tokens:
        """Return what may come after the last phone: silence, then the end."""
        if self._pauses:
            return np.array([self._alignment.end_token])
        silence, least = self._alignment.silence, self._alignment.tail
        return silence.tokens(least - 1, min(least + _MOST_TAIL, silence.steps) - 1)

    def expected(self) -> list[int]:
        """Return what comes if the phone only counts down, at the pitch that it has.

        Nothing is expected of a step that may stand for any number of tokens.
        """
        phone, left = self._phone, self._left
        if phone is None or left == 0 or (phone.lasts and phone.lasting(left) is None):
            return []
        step = phone.first + (self._token - phone.first) % phone.pitches
        expected = []
        if not self._begins:
            rest = (phone.lasting(left) or 1) - self._said
            expected += [step + left * phone.pitches] * rest
        for later in range(left - 1, -1, -1):
            expected += [step + later * phone.pitches] * (phone.lasting(later) or 1)
        return expected

    def advance(self, token: int) -> None:
        """Go on by one of the tokens that were allowed."""
        self._token = token
        if self._phone is not None and self._left > 0:
            left = self._phone.steps_left(token) or 0
            self._begins = self._begins and left == self._left
            self._said = self._said + 1 if left == self._left else 1
            self._left = left
            return
        self._said, self._begins = 1, True
        silence = self._alignment.silence
        if (pause := silence.steps_left(token)) is not None:
            self._phone, self._left = silence, pause
            self._pauses += 1
        elif self._next < len(self._wanted):
            self._phone = self._wanted[self._next]
            self._left = self._phone.steps_left(token) or 0
            self._next += 1
            self._pauses = 0
