"""Regular expressions that are compiled when they are first used.

The front end has some two hundred of them. Compiled at import they would cost a
tenth of a second on a small machine, also for the commands that never read a text.
"""

from __future__ import annotations

import re
from typing import Any, cast


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return what behaves like ``re.compile(source, flags)``, compiled on first use."""
    return cast("re.Pattern[str]", _LazyPattern(source, flags))


class _LazyPattern:
    """Stands for a pattern; keeps the methods that were asked for."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        self.__dict__[name] = value
        return value


def any_of(words: str) -> str:
    """Return a group that matches any of the words of a list, tried in their order.

    Each word is a pattern (``lights?``), an underscore in it a blank. Put the longer
    word first where one begins another. Of a long list whose words all begin with a
    letter, the letters are looked for first: most places in a text fail there at once.
    """
    parts = words.split()
    group = f"(?:{'|'.join(parts).replace('_', ' ')})"
    firsts = [first_letters(part) for part in parts]
    if len(parts) < _LONG_LIST or not all(firsts):
        return group
    return f"(?:(?=[{''.join(sorted(set(''.join(firsts))))}]){group})"


def first_letters(source: str) -> str:
    """Return the letters of which a pattern begins with one; empty if not known."""
    first = _FIRST_LETTERS.match(_BRACKETS.sub("()", source))
    return (first[1] or first[2]) if first else ""


_LONG_LIST = 8
_BRACKETS = re.compile(r"\([^()]*\)")
# A letter, or one of several, that is not optional, of a word without alternatives.
_FIRST_LETTERS = re.compile(r"(?:\[([^\W_]+)\]|([^\W_]))(?![?*{])[^|]*\Z")
