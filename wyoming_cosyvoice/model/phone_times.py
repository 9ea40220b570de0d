"""Times of the text tokens of a sentence, from its speech tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

SOUND_AHEAD_S = 0.06
"""A phone sounds this much earlier than its tokens, at speed 1.

Measured on the starter's teachers (``AHEAD_S`` of models/starter/corpora/tokens.py).
"""

SILENCE = -1
"""Text token index during silence."""


@dataclass(slots=True)
class PhoneTimes:
    """Start of each phone of a sentence; filled during decoding.

    Times are in speech tokens from the start of the sentence.
    """

    begins: list[tuple[int, int]] = field(default_factory=list)
    """First speech token of each phone, and its text token."""

    count: int = 0
    """Speech tokens so far."""

    def append(self, text_token: int) -> None:
        """Add the next speech token, which belongs to a text token or ``SILENCE``."""
        if not self.begins or self.begins[-1][1] != text_token:
            self.begins.append((self.count, text_token))
        self.count += 1

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """Return the start and end of text tokens ``first`` to ``last`` (exclusive).

        None if they have not started. While the end is unknown, it is the count so far.
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
