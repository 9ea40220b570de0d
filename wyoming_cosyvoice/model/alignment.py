"""Monotonic alignment of phone-like speech tokens with the text.

A speech token of the starter voice stands for a phone and its remaining duration
(models/starter/corpora/tokens.py). So each token either continues the current phone,
starts the next phone of the text, or departs from the text: a repeated word, a skipped
word, an early end. Only the first two are allowed, so the model decides the duration
and pitch of a phone, but not which phone comes next. This is the monotonic alignment of
Tacotron's successors, enforced by a rule instead of learned.

The tokens of official models are not phones and are not constrained.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.files import parse_json
from wyoming_cosyvoice.model.phone import Phone, tokens_of
from wyoming_cosyvoice.model.phone_times import SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.model.phone import Tokens
    from wyoming_cosyvoice.model.rising import Rise

_DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError)
# A comma, the space after it and the end of the text may each be a pause.
_MAX_PAUSES = 3
# Silence at the end beyond the minimum, in tokens.
_MAX_EXTRA_TAIL = 4
# Drafted tokens of a step that may have any number. With more, the language model
# computes more rows in vain than it saves steps.
_DRAFTED_STAY = 4


class Alignment:
    """Maps text tokens and speech tokens to phones."""

    def __init__(
        self,
        silence: Phone,
        readings: dict[tuple[int, ...], tuple[Phone, ...]],
        end_token: int,
        *,
        lead: int = 0,
        tail: int = 0,
    ) -> None:
        """Take the phones of each text token, or of two in a row.

        A sentence starts with at least ``lead`` tokens of silence and ends with at
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

        "speech" is in the order of the tokens, silence first; optional further entries
        are the minimum number of tokens left at each step. "text" maps a text token
        ("17") or two in a row ("17 203") to phones separated by spaces; the optional
        "lead" and "tail" are the minimum silence before and after a sentence, in
        tokens.
        Raises: ModelCorrupt.
        """
        try:
            content = parse_json(path.read_bytes())
            phones, first = {}, 0
            for name, steps, pitches, *counts in content["speech"]:
                durations = tuple(b - a for least in counts for a, b in pairwise(least))
                phone = Phone(first, int(steps), int(pitches), durations)
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
            raise ModelCorrupt(f"{path.name} does not list any phones.") from error
        counts = [
            n for p in phones.values() for n in (p.steps, p.pitches, *p.durations)
        ]
        if min(counts) < 1 or first > end_token:
            raise ModelCorrupt(f"{path.name} does not fit {end_token} speech tokens.")
        for count in (lead, tail):
            if not 0 <= count <= silence.steps:
                raise ModelCorrupt(f"{path.name} asks for {count} tokens of silence.")
        return cls(silence, readings, end_token, lead=lead, tail=tail)

    @property
    def text_tokens(self) -> list[int]:
        """The text tokens that have at least one phone of their own."""
        found = [
            key[0] for key, phones in self._readings.items() if len(key) == 1 and phones
        ]
        return sorted(found)

    def start(
        self, text_tokens: Sequence[int], rise: Rise | None = None
    ) -> TextCursor | None:
        """Return the cursor of a sentence; None if a text token has no known phones.

        In its ``rise`` only the upper classes of pitch are allowed.
        """
        wanted: list[Phone] = []
        origins: list[int] = []
        tokens = tuple(text_tokens)
        position = 0
        while position < len(tokens):
            for width in (2, 1):
                reading = self._readings.get(tokens[position : position + width])
                if reading is not None:
                    wanted += reading
                    # Most of the sound of a pair belongs to its second token.
                    origins += [position + width - 1] * len(reading)
                    position += width
                    break
            else:
                return None
        return TextCursor(self, wanted, origins, rise) if wanted else None


class TextCursor:
    """Position in the text of a sentence: the current phone and its remaining steps."""

    def __init__(
        self,
        alignment: Alignment,
        wanted: Sequence[Phone],
        origins: Sequence[int],
        rise: Rise | None = None,
    ) -> None:
        """Take the phones, and the index of the text token of each."""
        self._alignment = alignment
        self._wanted = wanted
        self._origins = origins
        self._rise = rise
        self._next = 0  # index of the phone after the current one
        self._phone: Phone | None = None
        self._token = 0
        self._left = 0
        self._step_tokens = 0  # tokens of the current step so far
        self._is_first_step = True  # whether this is the first step of the phone
        self._pauses = 0

    @property
    def text_token(self) -> int:
        """The index of the text token that is being spoken; ``SILENCE`` in a pause."""
        if self._next == 0 or self._phone is self._alignment.silence:
            return SILENCE
        return self._origins[self._next - 1]

    @property
    def is_voiced(self) -> bool:
        """Whether the current phone has a pitch."""
        return self._phone is not None and self._phone.pitches > 1

    def allowed(self) -> Tokens:
        """Return the speech tokens that may come next, including the end token."""
        phone, left = self._phone, self._left
        if phone is not None and left > 0:
            lowest = self._lowest(self._next - 1)
            durations = phone.duration(left)
            if durations is None:
                return phone.tokens(left - 1, left, lowest)
            if self._step_tokens == durations:
                return phone.tokens(left - 1, left - 1, lowest)
            # A phone may start in the middle of a step.
            least = left - 1 if self._is_first_step else left
            return phone.tokens(least, left, lowest)
        silence, lead = self._alignment.silence, self._alignment.lead
        if phone is None and lead:
            return silence.tokens(lead - 1, silence.steps - 1)
        if self._next == len(self._wanted) and self._alignment.tail:
            return self._ending()
        end = self._alignment.end_token
        coming: tuple[tuple[int, int], ...] = ((end, end + 1),)
        if self._next < len(self._wanted):
            phone = self._wanted[self._next]
            coming = phone.spans(0, phone.steps - 1, self._lowest(self._next))
        if self._pauses < _MAX_PAUSES:
            coming = (*silence.spans(0, silence.steps - 1), *coming)
        return tokens_of(*coming)

    def _lowest(self, place: int) -> int:
        """Return the lowest class of pitch that the phone at ``place`` may have."""
        rise = self._rise
        if rise is None or place < 0 or self._origins[place] < rise.text_token:
            return 0
        return rise.contour.lowest_class

    def _ending(self) -> Tokens:
        """Return what may follow the last phone: silence, then the end token."""
        if self._pauses:
            end = self._alignment.end_token
            return tokens_of((end, end + 1))
        silence, least = self._alignment.silence, self._alignment.tail
        return silence.tokens(
            least - 1, min(least + _MAX_EXTRA_TAIL, silence.steps) - 1
        )

    def draft(self) -> list[int]:
        """Return the tokens that finish the current phone at its current pitch.

        A step with any number of tokens is expected to continue a little; without other
        steps there is no draft.
        """
        phone, left = self._phone, self._left
        if phone is None or left == 0:
            return []
        if phone.durations and phone.duration(left) is None:
            return [self._token] * _DRAFTED_STAY
        step = phone.first + (self._token - phone.first) % phone.pitches
        expected = []
        if not self._is_first_step:
            rest = (phone.duration(left) or 1) - self._step_tokens
            expected += [step + left * phone.pitches] * rest
        for later in range(left - 1, -1, -1):
            expected += [step + later * phone.pitches] * (phone.duration(later) or 1)
        return expected

    def advance(self, token: int) -> None:
        """Advance by one of the allowed tokens."""
        self._token = token
        if self._phone is not None and self._left > 0:
            left = self._phone.steps_left(token) or 0
            self._is_first_step = self._is_first_step and left == self._left
            self._step_tokens = self._step_tokens + 1 if left == self._left else 1
            self._left = left
            return
        self._step_tokens, self._is_first_step = 1, True
        silence = self._alignment.silence
        if (pause := silence.steps_left(token)) is not None:
            self._phone, self._left = silence, pause
            self._pauses += 1
        elif self._next < len(self._wanted):
            self._phone = self._wanted[self._next]
            self._left = self._phone.steps_left(token) or 0
            self._next += 1
            self._pauses = 0
