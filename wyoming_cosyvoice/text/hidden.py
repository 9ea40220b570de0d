"""Hide a piece of text from the steps that would change it.

Each ASCII character is moved into the private use area, where none of a user's text
is left after ``cleanup.clean``: it is not a letter, digit or mark there.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

_FIRST = 0xE100
_TO_HIDDEN = {code: _FIRST + code for code in range(0x80)}
_TO_PLAIN = {hidden: code for code, hidden in _TO_HIDDEN.items()}

HIDDEN = f"{chr(_FIRST)}-{chr(_FIRST + 0x7F)}"
"""The hidden characters, for the inside of a character class."""

RUN = pattern(f"[{HIDDEN}]+")


def hide(text: str) -> str:
    """Move the ASCII characters of ``text`` out of sight."""
    return text.translate(_TO_HIDDEN)


def show(text: str) -> str:
    """Move what is hidden in ``text`` back."""
    return text.translate(_TO_PLAIN) if RUN.search(text) else text
