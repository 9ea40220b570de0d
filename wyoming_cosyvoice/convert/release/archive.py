"""A strict reader for the zip file of a checkpoint.

PyTorch writes ``model.pt`` as a zip archive of stored entries under one prefix::

    model/data.pkl             the tree of names and tensor descriptions
    model/data/0, data/1, ...  one storage each: raw little-endian numbers
    model/version, byteorder, .format_version, .storage_alignment,
    model/.data/serialization_id

Most attacks on such files exploit ambiguities of the zip format: two readers see two
different archives. So no ambiguity is allowed here. The entries cover the file without
gaps from its first byte to the central directory, each local header matches the central
directory, every name is one of those above, and anything else is an error.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnsafeCheckpoint,
    UnusableFile,
)
from wyoming_cosyvoice.files import open_file

if TYPE_CHECKING:
    from pathlib import Path

MAX_ARCHIVE_BYTES = 0xFFFF_FFFF
"""Larger files need 64-bit fields; official files have at most 1.2 GB."""
MAX_ENTRIES = 20_000
MAX_TREE_BYTES = 8 << 20
"""``data.pkl`` of the largest official file has about 0.25 MB."""

_PIECE_BYTES = 1 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_DESCRIPTOR = struct.Struct("<4s3L")

_HAS_DESCRIPTOR = 1 << 3
_HAS_UTF8_NAME = 1 << 11

_PREFIX = r"(?P<prefix>[^/\\\x00-\x1f\x7f]{1,255})"
_ENTRY = re.compile(
    _PREFIX + r"/(?P<name>data\.pkl|data/(0|[1-9][0-9]{0,5})|version|byteorder"
    r"|\.format_version|\.storage_alignment|\.data/serialization_id)"
)
_TORCHSCRIPT = re.compile(_PREFIX + r"/(constants\.pkl|code/.+)")
_DOWNLOAD_AGAIN = "Download the file again."
_FOREIGN_STARTS = {
    b"version https://git-lfs": (
        "is a Git LFS pointer, not the file itself",
        "Download the file that it points to.",
    ),
    b"\x80": (
        "is in PyTorch's format of before 2020, which is not read",
        "Load it with PyTorch and save it again.",
    ),
    b"<": ("is a web page, not a checkpoint", _DOWNLOAD_AGAIN),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored file inside the archive."""

    offset: int
    """Offset of its data in the archive."""
    size: int
    crc: int


class Archive:
    """The entries of a checkpoint file, by name without the common prefix.

    Raises: CheckpointError if the file cannot be opened, MalformedCheckpoint if it is
    damaged or of another format, UnsafeCheckpoint if it contains more than data.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: BinaryIO = open_file(path)
        except FileNotFoundError as error:
            raise CheckpointError(f"{path} cannot be opened: it is missing.") from error
        except UnusableFile as error:
            raise CheckpointError(
                f"{path} cannot be opened: {error.message}", remedy=_DOWNLOAD_AGAIN
            ) from error
        try:
            self._size = self._file.seek(0, 2)
            self._entries = self._read_entries()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(self._entries)

    def size(self, name: str) -> int:
        """Return the size of an entry in bytes."""
        return self._entries[name].size

    def read(self, name: str) -> bytes:
        """Return the content of an entry, with its checksum verified."""
        buffer = bytearray(self._entries[name].size)
        self.read_into(name, memoryview(buffer))
        return bytes(buffer)

    def read_into(self, name: str, buffer: memoryview, start: int = 0) -> None:
        """Fill ``buffer`` with an entry's bytes from ``start`` on.

        The entire entry is read for its checksum, but never held in memory at once: a
        small file may declare entries of gigabytes.
        """
        entry = self._entries[name]
        self._file.seek(entry.offset)
        crc = at = 0
        while at < entry.size:
            piece = self._file.read(min(_PIECE_BYTES, entry.size - at))
            if not piece:
                self.fail(f"ends inside entry {name!r}", remedy=_DOWNLOAD_AGAIN)
            crc = zlib.crc32(piece, crc)
            # The part of this piece within the buffer's range.
            begin = max(at, start)
            end = min(at + len(piece), start + len(buffer))
            if begin < end:
                buffer[begin - start : end - start] = piece[begin - at : end - at]
            at += len(piece)
        if crc != entry.crc:
            self.fail(f"has a wrong checksum at {name!r}", remedy=_DOWNLOAD_AGAIN)

    def fail(self, reason: str, *, remedy: str = "") -> NoReturn:
        """Raise MalformedCheckpoint about this file."""
        raise MalformedCheckpoint(f"{self.path} {reason}.", remedy=remedy)

    def refuse(self, reason: str) -> NoReturn:
        """Raise UnsafeCheckpoint about this file."""
        raise UnsafeCheckpoint(
            f"{self.path} {reason}.",
            remedy="Only files as the official releases hold them are read.",
        )

    def _at(self, offset: int, size: int) -> bytes:
        if offset < 0 or offset + size > self._size:
            self.fail("is cut short or points outside of itself")
        self._file.seek(offset)
        piece = self._file.read(size)
        if len(piece) != size:
            self.fail("is cut short", remedy=_DOWNLOAD_AGAIN)
        return piece

    def _read_entries(self) -> dict[str, Entry]:
        self._check_start()
        count, directory, directory_end = self._read_end()
        central = self._at(directory, directory_end - directory)
        entries: dict[str, Entry] = {}
        prefixes: set[str] = set()
        at = 0
        expected_offset = 0
        for _ in range(count):
            if at + _CENTRAL.size > len(central):
                self.fail("has a central directory that is cut short")
            fields = _CENTRAL.unpack_from(central, at)
            magic, _, _, flags, method, _, _, crc, packed, size = fields[:10]
            name_size, extra_size, comment_size, disk, _, _, offset = fields[10:]
            raw_name = central[at + _CENTRAL.size :][:name_size]
            at += _CENTRAL.size + name_size + extra_size + comment_size
            if magic != b"PK\x01\x02" or at > len(central):
                self.fail("has a damaged central directory")
            prefix, name = self._split_name(raw_name)
            prefixes.add(prefix)
            if extra_size or comment_size or disk:
                self.refuse("has a central directory with additions")
            if flags & ~(_HAS_DESCRIPTOR | _HAS_UTF8_NAME):
                self.refuse(f"has an entry with zip flags {flags:#06x}")
            if method != 0 or packed != size:
                self.refuse("has a compressed entry")
            if offset != expected_offset:
                self.refuse("has entries that overlap or leave gaps")
            if name in entries:
                self.refuse(f"holds {name!r} twice")
            local = (b"PK\x03\x04", flags, crc, size, raw_name)
            start, expected_offset = self._check_local(offset, local)
            entries[name] = Entry(start, size, crc)
        if at != len(central) or expected_offset != directory:
            self.refuse("has bytes that belong to no entry")
        self._check_set(entries, prefixes)
        return entries

    def _check_start(self) -> None:
        start = self._at(0, min(self._size, 32))
        if start.startswith(b"PK\x03\x04"):
            if self._size > MAX_ARCHIVE_BYTES:
                self.fail("is larger than 4 GiB")
            return
        for magic, (reason, remedy) in _FOREIGN_STARTS.items():
            if start.startswith(magic):
                self.fail(reason, remedy=remedy)
        reason = "is empty" if not start else "is not a PyTorch checkpoint"
        self.fail(reason, remedy=_DOWNLOAD_AGAIN)

    def _read_end(self) -> tuple[int, int, int]:
        """Return the number of entries and the offset of the central directory."""
        end_at = self._size - _END.size
        fields = _END.unpack(self._at(end_at, _END.size))
        magic, disk, first_disk, here, count, size, offset, comment_size = fields
        if magic != b"PK\x05\x06" or comment_size:
            self.fail("does not end as a zip file does", remedy=_DOWNLOAD_AGAIN)
        if disk or first_disk or here != count or count > MAX_ENTRIES:
            self.refuse("has an end record that no checkpoint has")
        directory_end = offset + size
        if directory_end != end_at:
            # PyTorch always adds the 64-bit end records, also to small files.
            self._check_end64(directory_end, end_at, (count, size, offset))
        return count, offset, directory_end

    def _check_end64(
        self, record_at: int, end_at: int, expected: tuple[int, int, int]
    ) -> None:
        if end_at - record_at != _END64.size + _LOCATOR64.size:
            self.refuse("has bytes around its central directory")
        record = _END64.unpack(self._at(record_at, _END64.size))
        locator = _LOCATOR64.unpack(self._at(end_at - _LOCATOR64.size, 20))
        magic, length, _, _, disk, first_disk, here = record[:7]
        if (magic, length, disk, first_disk) != (b"PK\x06\x06", 44, 0, 0):
            self.refuse("has a damaged 64-bit end record")
        if record[7:] != expected or here != expected[0]:
            self.refuse("has two end records that disagree")
        if locator != (b"PK\x06\x07", 0, record_at, 1):
            self.refuse("has a damaged 64-bit locator")

    def _split_name(self, raw_name: bytes) -> tuple[str, str]:
        try:
            full = raw_name.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse("has an entry whose name is not UTF-8")
        if _TORCHSCRIPT.fullmatch(full):
            self.fail(
                "is a TorchScript program, not a checkpoint",
                remedy="Give the .pt files of the release, not its .zip files.",
            )
        match = _ENTRY.fullmatch(full)
        if match is None:
            self.refuse(f"holds the entry {full[:80]!r}, which no checkpoint has")
        return match["prefix"], match["name"]

    def _check_local(
        self, offset: int, expected: tuple[bytes, int, int, int, bytes]
    ) -> tuple[int, int]:
        """Return the offsets of an entry's data and of the next header."""
        magic, flags, crc, size, raw_name = expected
        fields = _LOCAL.unpack(self._at(offset, _LOCAL.size))
        local_magic, _, local_flags, method, _, _, *sums, name_size, extra_size = fields
        name_at = offset + _LOCAL.size
        if (local_magic, local_flags, method) != (magic, flags, 0):
            self.refuse("has a local header that differs from the central directory")
        if self._at(name_at, name_size) != raw_name:
            self.refuse("has an entry with two names")
        agreed = [crc, size, size]
        has_descriptor = bool(flags & _HAS_DESCRIPTOR)
        if sums != agreed and not (has_descriptor and sums == [0, 0, 0]):
            self.refuse("has a local header that differs from the central directory")
        start = name_at + name_size + extra_size
        end = start + size
        if has_descriptor:
            descriptor = _DESCRIPTOR.unpack(self._at(end, _DESCRIPTOR.size))
            if descriptor != (b"PK\x07\x08", *agreed):
                self.refuse("has a data descriptor that differs from its entry")
            end += _DESCRIPTOR.size
        return start, end

    def _check_set(self, entries: dict[str, Entry], prefixes: set[str]) -> None:
        if len(prefixes) > 1:
            self.refuse("has entries under several prefixes")
        if "data.pkl" not in entries:
            self.fail("holds no data.pkl")
        if entries["data.pkl"].size > MAX_TREE_BYTES:
            self.refuse("has a data.pkl that is larger than any network needs")
        if "byteorder" in entries:
            order = entries["byteorder"]
            if order.size > 8 or self._at(order.offset, order.size) != b"little":  # noqa: PLR2004 - the longest name of a byte order
                self.fail("holds numbers that are not little-endian")
