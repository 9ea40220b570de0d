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
    word first where one begins another.
    """
    return f"(?:{'|'.join(words.split()).replace('_', ' ')})"
