#!/usr/bin/env python3
"""Build ``japanese.npz`` and ``japanese.blocks``: the Japanese dictionary, smaller.

Its source is the compiled NAIST dictionary of Open JTalk, as Debian ships it:

    apt-get install open-jtalk-mecab-naist-jdic
    python script/build_japanese.py [FOLDER]

Of several entries with one spelling and one part of speech the cheapest is kept: a
search for the cheapest path can take no other. Readings are those of the pronunciation.
``tokenizer/japanese/dictionary.py`` reads and explains the files. The format of
``sys.dic`` and ``matrix.bin`` is that of MeCab 0.98.
"""

from __future__ import annotations

import io
import struct
import sys
import zipfile
import zlib
from collections import Counter
from itertools import groupby, pairwise, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path("/var/lib/mecab/dic/open-jtalk/naist-jdic")
DATA = Path(__file__).parents[1] / "wyoming_cosyvoice/tokenizer/data"
SPELLINGS = 512
"""In a block: more make the file smaller, fewer are read faster."""
GROUP = 64
"""The first of so many spellings is written in full."""
_HEADER = struct.Struct("<10I32s")
_UNIT = np.dtype([("base", "<i4"), ("check", "<u4")])
_TOKEN = np.dtype(
    {
        "names": ("left", "right", "kind", "cost", "feature", "compound"),
        "formats": ("<u2", "<u2", "<u2", "<i2", "<u4", "<u4"),
    }
)
# Places of what we need in the features: pronunciation, accent, how accents combine.
_SAID, _ACCENT, _CHAIN = 8, 9, 10


class Entry(NamedTuple):
    """A word in one part of speech."""

    surface: bytes
    kind: int
    cost: int
    said: str
    accent: int
    """The mora after which the pitch falls; 0 if it does not."""
    chain: str
    """How its accent combines with that of its neighbour, as Open JTalk writes it."""


def main(folder: Path = SOURCE) -> None:
    """Write the dictionary and say how large it is."""
    entries = cheapest(read_entries((folder / "sys.dic").read_bytes()))
    matrix = read_matrix((folder / "matrix.bin").read_bytes())
    write(*packed(entries, matrix))
    size = sum(file.stat().st_size for file in DATA.glob("japanese.[bn]*"))
    print(f"{len(entries)} entries, {size / 1e6:.2f} MB")


def write(arrays: dict[str, np.ndarray], blocks: bytes) -> None:
    """Write both files."""
    (DATA / "japanese.blocks").write_bytes(blocks)
    with zipfile.ZipFile(DATA / "japanese.npz", "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.save(data, array)
            # A fixed date: the same dictionary gives the same bytes.
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_LZMA
            )


def read_entries(data: bytes) -> Iterator[Entry]:
    """Yield the words of a compiled dictionary."""
    _, _, _, _, _, _, units, tokens, _, _, _ = _HEADER.unpack_from(data)
    trie = np.frombuffer(data, _UNIT, units // _UNIT.itemsize, _HEADER.size)
    table = np.frombuffer(data, _TOKEN, tokens // _TOKEN.itemsize, _HEADER.size + units)
    features = data[_HEADER.size + units + tokens :]
    for surface, value in words_of(trie):
        first = value >> 8
        for token in table[first : first + (value & 0xFF)]:
            start = int(token["feature"])
            text = features[start : features.index(b"\0", start)].decode()
            fields = text.split(",")
            accent = fields[_ACCENT].split("/")[0]
            yield Entry(
                surface,
                int(token["left"]),
                int(token["cost"]),
                # An apostrophe marks a vowel that is not voiced: デス’.
                fields[_SAID].replace("’", ""),
                int(accent) if accent.isdecimal() else 0,
                fields[_CHAIN],
            )


def words_of(trie: np.ndarray) -> Iterator[tuple[bytes, int]]:
    """Yield the keys of a double array with their values.

    A node with base b has its children at b + 1 + byte, whose check is b. If a word
    ends there, its value is a negative base at b itself.
    """
    base, check = trie["base"].astype(np.int64), trie["check"].astype(np.int64)
    inner = np.flatnonzero(base > 0)
    node_with = dict(zip(base[inner].tolist(), inner.tolist(), strict=True))
    ends = np.flatnonzero((base < 0) & (check == np.arange(len(trie))))
    for end in ends.tolist():
        node, letters = node_with[int(check[end])], bytearray()
        while node:
            parent = int(check[node])
            letters.append(node - parent - 1)
            node = node_with[parent]
        yield bytes(reversed(letters)), -int(base[end]) - 1


def cheapest(entries: Iterator[Entry]) -> list[Entry]:
    """Keep the cheapest entry of each spelling and part of speech, in order."""
    best: dict[tuple[bytes, int], Entry] = {}
    for entry in entries:
        key = entry.surface, entry.kind
        if key not in best or entry.cost < best[key].cost:
            best[key] = entry
    return sorted(best.values())


def read_matrix(data: bytes) -> np.ndarray:
    """Return the cost of a kind (column) before another (row)."""
    before, after = struct.unpack_from("<HH", data)
    return np.frombuffer(data, "<i2", offset=4).reshape(after, before)


def packed(
    entries: list[Entry], matrix: np.ndarray
) -> tuple[dict[str, np.ndarray], bytes]:
    """Return the arrays and the blocks that the product reads."""
    said = [
        "" if entry.said == katakana(entry.surface.decode()) else entry.said
        for entry in entries
    ]
    letters = sorted({letter for reading in said for letter in reading})
    code = {letter: place + 1 for place, letter in enumerate(letters)}
    chains = sorted({entry.chain for entry in entries})
    # The frequent ones have the small numbers, so that most fit into a byte.
    kinds = [kind for kind, _ in Counter(entry.kind for entry in entries).most_common()]
    rank = {kind: place for place, kind in enumerate(kinds)}
    rows = zip(entries, said, strict=True)
    spellings = [list(group) for _, group in groupby(rows, lambda row: row[0].surface)]
    blocks, ends, firsts, numbers = bytearray(), [], [], [0]
    for start in range(0, len(spellings), SPELLINGS):
        block = spellings[start : start + SPELLINGS]
        words = [word for same in block for word in same]
        ranks = [rank[entry.kind] for entry, _ in words]
        streams = (
            without_fronts([same[0][0].surface for same in block]),
            bytes(map(len, block))
            + bytes(number % 256 for number in ranks)
            + bytes(number // 256 for number in ranks)
            + bytes(entry.accent for entry, _ in words)
            + bytes(chains.index(entry.chain) for entry, _ in words)
            + np.array([entry.cost for entry, _ in words], "<i2").tobytes(),
            b"\0".join(bytes(map(code.get, text)) for _, text in words),
        )
        ends.append([])
        for stream in streams:
            blocks += deflate(stream)
            ends[-1].append(len(blocks))
        firsts.append(block[0][0][0].surface)
        numbers.append(numbers[-1] + len(words))
    arrays = {
        "stream_ends": np.array(ends, np.uint32),
        "first_spellings": _bytes(b"\n".join(firsts)),
        "first_numbers": np.array(numbers[:-1], np.uint32),
        "kinds": np.array(kinds, np.uint16),
        "letters": _bytes("".join(letters).encode()),
        "chain_names": _bytes("\n".join(chains).encode()),
        # Neighbouring rows are alike: their differences are a third smaller.
        "matrix_rows": np.diff(matrix, axis=0, prepend=np.zeros_like(matrix[:1])),
    }
    return arrays, bytes(blocks)


def without_fronts(spellings: list[bytes]) -> bytes:
    """Write spellings as lines without what each has in common with the one before."""
    lines, lengths = [], bytearray()
    for row, (before, spelling) in enumerate(pairwise([b"", *spellings])):
        pairs = zip(before, spelling, strict=False)
        alike = takewhile(lambda pair: pair[0] == pair[1], pairs)
        lengths.append(sum(1 for _ in alike) if row % GROUP else 0)
        lines.append(spelling[lengths[-1] :])
    groups = [
        b"\n".join(lines[row : row + GROUP]) for row in range(0, len(lines), GROUP)
    ]
    return b"\n\n".join(groups) + b"\0" + lengths


def deflate(data: bytes) -> bytes:
    """Compress a stream of a block."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return packer.compress(data) + packer.flush()


def katakana(text: str) -> str:
    """Write hiragana in katakana."""
    return "".join(
        chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text
    )


def _bytes(data: bytes) -> np.ndarray:
    return np.frombuffer(data, np.uint8)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
