"""A file of sorted lines, ``word TAB value``, searched without loading it.

It needs no load time and no memory, whatever the number of words.
"""

from __future__ import annotations

import mmap
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SortedLines:
    """Words sorted by their bytes; opened on first use and never changed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, word: str) -> str | None:
        """Return the value of a word; None if unknown."""
        found, value = self.first_from(word)
        return value if found == word else None

    def first_from(self, word: str) -> tuple[str, str]:
        """Return the first word that does not sort before this one, and its value.

        So it is the word itself, or a longer one with this prefix, if there is one.
        Both are empty after the last word.
        """
        wanted = word.encode()
        lines = self._lines
        low, high = 0, len(lines)
        while low < high:
            # A line that begins in the lower half, or the first one.
            start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", start)
            if lines[start:end].partition(b"\t")[0] < wanted:
                low = end + 1
            else:
                high = start
        line = lines[low : max(low, lines.find(b"\n", low))]
        found, _, value = line.decode().partition("\t")
        return found, value

    def words(self) -> Iterator[str]:
        """Yield all words, in their order."""
        for line in self._lines[:].decode().splitlines():
            yield line.partition("\t")[0]

    @cached_property
    def _lines(self) -> mmap.mmap:
        with self._path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
