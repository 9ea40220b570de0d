"""Leave out what a language model thinks before it answers.

Some models send their reasoning in front of the answer, in ``<think>…</think>``. It is
not for ears. The end may come many pieces later, and a tag may be cut anywhere.
"""

from __future__ import annotations

import re

from wyoming_cosyvoice.text.patterns import pattern

NAMES = ("think", "thinking", "thought", "reasoning", "reflection", "scratchpad")
"""The elements whose text is left out."""

_OPEN = pattern(rf"<({'|'.join(NAMES)})>", re.IGNORECASE)
_LONGEST_TAG = max(map(len, NAMES)) + 3


class ReasoningFilter:
    """Drop reasoning from text that arrives in pieces.

    Keeps back at most the beginning of a tag. A closing tag without an opening one is
    dropped alone: what stood before it may have been spoken. Reasoning whose end never
    comes is left out to the end of the text.
    """

    def __init__(self) -> None:
        self._held = ""
        self._inside = ""

    def feed(self, text: str) -> str:
        """Return the part of ``text`` that is for ears."""
        text = self._held + text
        self._held = ""
        kept: list[str] = []
        position = 0
        while position < len(text):
            if self._inside:
                end = f"</{self._inside}>"
                found = text.lower().find(end, position)
                if found < 0:
                    self._held = _beginning_of_tag(text[position:], (end,))
                    return "".join(kept)
                position = found + len(end)
                self._inside = ""
            opening = _OPEN.search(text, position)
            if opening is None:
                rest = text[position:]
                self._held = _beginning_of_tag(rest, _OPENINGS)
                kept.append(rest[: len(rest) - len(self._held)])
                break
            kept.append(text[position : opening.start()])
            self._inside = opening[1].lower()
            position = opening.end()
        return "".join(kept)

    def finish(self) -> str:
        """Return what was kept back, and be ready for another text."""
        held = "" if self._inside else self._held
        self._held = self._inside = ""
        return held


_OPENINGS = tuple(f"<{name}>" for name in NAMES)


def _beginning_of_tag(text: str, tags: tuple[str, ...]) -> str:
    """Return the end of ``text`` that may be the beginning of one of ``tags``."""
    start = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    if start < 0:
        return ""
    tail = text[start:].lower()
    return text[start:] if any(tag.startswith(tail) for tag in tags) else ""
