"""The Japanese dictionary: how words are pronounced, and which follow which.

``script/build_japanese.py`` makes its files of the NAIST dictionary of Open JTalk
(``data/japanese.LICENSE``). Words are sorted by spelling and compressed in blocks,
which are read where a text needs them; the last ones are kept. So the 772,000 words
take 2 MB of memory, besides what is mapped of their file, and the matrix 4 MB.
"""

from __future__ import annotations

import mmap
import threading
import zipfile
import zlib
from bisect import bisect_right
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from wyoming_cosyvoice.tokenizer.japanese.kana import katakana

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_DATA = Path(__file__).parents[1] / "data"
_OPENING = threading.Lock()
# Blocks, of 8 kB: a sentence of 20 letters needs 20 to 30.
_KEPT = 256
_GROUP = 64
"""The first of so many spellings is written in full."""


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
    """Words found by their beginning. Reading does not change it.

    ``arrays`` are those of ``japanese.npz``, ``blocks`` the bytes of
    ``japanese.blocks``.
    """

    def __init__(
        self, arrays: Mapping[str, NDArray[np.generic]], blocks: bytes | mmap.mmap
    ) -> None:
        self._data = blocks
        self._ends = arrays["stream_ends"].tolist()
        self._first_spellings = arrays["first_spellings"].tobytes().split(b"\n")
        self._first_numbers = arrays["first_numbers"].tolist()
        self._kinds = arrays["kinds"].tolist()
        self._letters = "\0" + arrays["letters"].tobytes().decode()
        self._chain_names = arrays["chain_names"].tobytes().decode().split("\n")
        self.matrix: NDArray[np.int16] = np.cumsum(
            arrays["matrix_rows"], axis=0, dtype=np.int16
        )
        """The cost of a kind (column) before another (row): (K, K)."""
        self._block = lru_cache(_KEPT)(self._read_block)

    def at(self, text: bytes, start: int, places: list[int]) -> Iterator[Entry]:
        """Yield the words that begin at byte ``start`` of a text.

        ``places`` are the bytes behind ``start`` where a character ends, in order.
        """
        for end in places:
            beginning = text[start:end]
            place = max(0, bisect_right(self._first_spellings, beginning) - 1)
            block = self._block(place)
            row, spelling = block.first_from(beginning)
            if spelling == beginning:
                for at in block.entries(row):
                    kind = self._kinds[block.kind(at)]
                    yield Entry(end, kind, block.cost(at), block.first + at)
                continue
            if not spelling and place + 1 < len(self._first_spellings):
                spelling = self._first_spellings[place + 1]
            if not spelling.startswith(beginning):  # nor does any longer one
                return

    def said(self, number: int, spelling: str) -> str:
        """Return the pronunciation of an entry in katakana; は as a particle is ワ."""
        block = self._block_of(number)
        codes = block.said[number - block.first]
        if not codes:
            return katakana(spelling)
        return "".join(self._letters[code] for code in codes)

    def accent(self, number: int) -> int:
        """Return the mora of an entry after which the pitch falls; 0: it does not."""
        block = self._block_of(number)
        return block.accents[number - block.first]

    def chain(self, number: int) -> str:
        """Return how an entry's accent combines with the word before it."""
        block = self._block_of(number)
        return self._chain_names[block.chains[number - block.first]]

    def _block_of(self, number: int) -> _Block:
        return self._block(bisect_right(self._first_numbers, number) - 1)

    def _read_block(self, place: int) -> _Block:
        begin = self._ends[place - 1][-1] if place else 0
        spellings, columns, said = self._ends[place]
        return _Block(
            self._first_numbers[place],
            _inflate(self._data[begin:spellings]),
            _inflate(self._data[spellings:columns]),
            self._data[columns:said],
        )


class _Block:
    """Neighbouring words of the dictionary, in three streams.

    Spellings are lines that leave out what they have in common with the line before,
    in groups of 64 with an empty line between; behind a zero follow the lengths of what
    is left out, a byte each. Columns have a byte a spelling, the number of its entries, then six bytes an entry: the low
    bytes of all kinds, their high ones, accents, chains, and costs of two bytes.
    """

    def __init__(
        self, first: int, spellings: bytes, columns: bytes, packed_said: bytes
    ) -> None:
        self.first = first
        """The number of its first entry in the dictionary; in here that is 0."""
        lines, _, self._shared = spellings.partition(b"\0")
        self._groups = lines.split(b"\n\n")
        self._heads = [group.partition(b"\n")[0] for group in self._groups]
        rows = len(self._shared)
        entries = (len(columns) - rows) // 6
        self._counts = columns[:rows]
        self._low, self._high, self.accents, self.chains = (
            columns[start : start + entries]
            for start in range(rows, rows + 4 * entries, entries)
        )
        self._costs = columns[rows + 4 * entries :]
        self._packed_said = packed_said

    def first_from(self, wanted: bytes) -> tuple[int, bytes]:
        """Return the first spelling that does not sort before ``wanted``.

        With its row; it is empty if there is none in this block.
        """
        group = max(0, bisect_right(self._heads, wanted) - 1)
        rests = self._groups[group].split(b"\n")
        spelling = b""
        for row, rest in enumerate(rests, group * _GROUP):
            spelling = spelling[: self._shared[row]] + rest
            if spelling >= wanted:
                return row, spelling
        after = self._heads[group + 1 : group + 2]
        return (group + 1) * _GROUP, after[0] if after else b""

    def entries(self, row: int) -> range:
        """Return the entries of a spelling."""
        before = sum(self._counts[:row])
        return range(before, before + self._counts[row])

    def kind(self, entry: int) -> int:
        """Return the kind of an entry, counted from the most frequent one."""
        return self._low[entry] + 256 * self._high[entry]

    def cost(self, entry: int) -> int:
        """Return the cost of an entry."""
        data = self._costs[2 * entry : 2 * entry + 2]
        return int.from_bytes(data, "little", signed=True)

    @cached_property
    def said(self) -> list[bytes]:
        """Pronunciations as codes of letters; empty where the spelling says it."""
        return _inflate(self._packed_said).split(b"\0")


def _inflate(stream: bytes) -> bytes:
    return zlib.decompress(stream, -zlib.MAX_WBITS)


def load() -> Dictionary:
    """Open the dictionary, once; it takes about a tenth of a second."""
    with _OPENING:
        return _load()


@cache
def _load() -> Dictionary:
    arrays = {}
    with zipfile.ZipFile(_DATA / "japanese.npz") as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                arrays[name.removesuffix(".npy")] = np.load(member, allow_pickle=False)
    with (_DATA / "japanese.blocks").open("rb") as file:
        blocks = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return Dictionary(arrays, blocks)
