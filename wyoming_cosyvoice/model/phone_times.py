"""When each text token of a sentence is spoken, as far as speech tokens tell."""

from __future__ import annotations

from dataclasses import dataclass, field

SOUND_AHEAD_S = 0.06
"""How much earlier a phone is heard than its tokens say, at speed 1.

Measured on the starter's teachers (``AHEAD_S`` of models/starter/corpora/tokens.py).
"""

SILENCE = -1
"""Stands for the text token where nothing is spoken."""


@dataclass(slots=True)
class PhoneTimes:
    """Where the phones of one sentence begin; filled while it is decoded.

    Times are counted in speech tokens from the beginning of the sentence.
    """

    begins: list[tuple[int, int]] = field(default_factory=list)
    """The first speech token of each phone, and the text token it belongs to."""

    count: int = 0
    """Speech tokens so far."""

    def note(self, text_token: int) -> None:
        """Take the next speech token, which speaks a text token or ``SILENCE``."""
        if not self.begins or self.begins[-1][1] != text_token:
            self.begins.append((self.count, text_token))
        self.count += 1

    def of(self, first: int, last: int) -> tuple[int, int] | None:
        """Return where text tokens ``first`` to ``last`` (excluded) begin and end.

        None if they have not begun. The end is None as long as it is not known, which
        is said as the count so far.
        """
        begin = end = None
        for at, text_token in self.begins:
            if first <= text_token < last:
                begin = at if begin is None else begin
                end = None
            elif begin is not None and end is None:
                end = at
        if begin is None:
            return None
        return begin, self.count if end is None else end

    def has_passed(self, last: int) -> bool:
        """Whether a text token at ``last`` or behind it is being spoken."""
        return any(text_token >= last for _, text_token in self.begins)
