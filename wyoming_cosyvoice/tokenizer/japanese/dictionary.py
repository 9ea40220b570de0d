"""The Japanese dictionary: how words are pronounced, and which follow which.

``script/build_japanese.py`` makes the file of the NAIST dictionary of Open JTalk
(``data/japanese.LICENSE``). In memory it is a few large arrays, about 30 MB: strings of
their own for 770,000 words would take five times as much.
"""

from __future__ import annotations

import threading
import zipfile
from array import array
from bisect import bisect_left
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from wyoming_cosyvoice.tokenizer.japanese.kana import katakana

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_FILE = ("tokenizer", "data", "japanese.npz")
_OPENING = threading.Lock()


class Entry(NamedTuple):
    """A word that begins at a place of a text."""

    end: int
    """The byte behind it."""
    kind: int
    """Its part of speech: a row and a column of the matrix."""
    cost: int
    number: int
    """Its place in the dictionary."""


class Dictionary:
    """Words found by their beginning. Reading does not change it."""

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        # Each is freed when it is no longer needed: loading takes little more memory
        # than what is kept.
        self._spellings = _Texts(arrays.pop("spellings"), ord("\n"))
        self._said = _Texts(arrays.pop("said"), 0)
        ends = np.cumsum(arrays["counts"], dtype=np.uint32)
        self._ends = array("I", ends.tobytes())
        """Per spelling: the number of the first entry of the next."""
        self._kinds = array("H", arrays["kinds"].tobytes())
        self._costs = array("h", arrays["costs"].tobytes())
        self._letters = "\0" + arrays["letters"].tobytes().decode()
        self._accents = arrays["accents"].tobytes()
        self._chains = arrays["chains"].tobytes()
        self._chain_names = arrays["chain_names"].tobytes().decode().split("\n")
        self.matrix: NDArray[np.int16] = np.cumsum(
            arrays.pop("matrix_rows"), axis=0, dtype=np.int16
        )
        """The cost of a kind (column) before another (row): (K, K)."""

    def at(self, text: bytes, start: int, places: list[int]) -> Iterator[Entry]:
        """Yield the words that begin at byte ``start`` of a text.

        ``places`` are the bytes behind ``start`` where a character ends, in order.
        """
        low, high = 0, len(self._spellings)
        for end in places:
            beginning = text[start:end]
            low = bisect_left(self._spellings, beginning, low, high)
            if low == high or not self._spellings[low].startswith(beginning):
                return
            if self._spellings[low] == beginning:
                first = self._ends[low - 1] if low else 0
                for number in range(first, self._ends[low]):
                    yield Entry(end, self._kinds[number], self._costs[number], number)

    def said(self, number: int, spelling: str) -> str:
        """Return the pronunciation of an entry in katakana; は as a particle is ワ."""
        codes = self._said[number]
        if not codes:
            return katakana(spelling)
        return "".join(self._letters[code] for code in codes)

    def accent(self, number: int) -> int:
        """Return the mora of an entry after which the pitch falls; 0: it does not."""
        return self._accents[number]

    def chain(self, number: int) -> str:
        """Return how an entry's accent combines with the word before it."""
        return self._chain_names[self._chains[number]]


class _Texts:
    """A sequence of byte strings in one array, each with a mark behind it."""

    def __init__(self, data: NDArray[np.generic], mark: int) -> None:
        self._data = data.tobytes()
        ends = np.flatnonzero(data == mark).astype(np.uint32)
        self._ends = array("I", ends.tobytes())

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> bytes:
        start = self._ends[place - 1] + 1 if place else 0
        return self._data[start : self._ends[place]]


def load() -> Dictionary:
    """Open the dictionary, once; it takes about half a second."""
    with _OPENING:
        return _load()


@cache
def _load() -> Dictionary:
    file = resources.files("wyoming_cosyvoice").joinpath(*_FILE)
    with file.open("rb") as data, zipfile.ZipFile(data) as archive:
        arrays = {}
        for name in archive.namelist():
            with archive.open(name) as member:
                arrays[name.removesuffix(".npy")] = np.load(member, allow_pickle=False)
    return Dictionary(arrays)
