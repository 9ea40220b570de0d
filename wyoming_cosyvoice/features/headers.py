"""Repair the headers of recordings that were written to a pipe.

A program that writes to a pipe cannot seek back to fill in the sizes: they are 0 or the
maximum, and the audio extends to the end of the file.
"""

from __future__ import annotations

from wyoming_cosyvoice.errors import BadRecording

_FIRST_CHUNK = 12
_CHUNK_HEADER = 8
_LARGEST = 0xFFFF_FFFF
# Position of the 36-bit total number of samples in the first FLAC block.
_FLAC_TOTAL = slice(21, 26)
_FLAC_TOTAL_BITS = 36


def with_sizes(content: bytes) -> bytes:
    """Return a WAV, FLAC, OGG or MP3 file with correct sizes.

    Raises: BadRecording if it has no audio, or a FLAC file has no length.
    """
    if content[:4] == b"RIFF":
        return _with_size_of_data(content)
    if content[:4] == b"fLaC":
        _check_flac(content)
    return content


def _with_size_of_data(content: bytes) -> bytes:
    """Set the size of the chunk ``data`` to the rest of the file, if it has none."""
    at = _FIRST_CHUNK
    while at + _CHUNK_HEADER <= len(content):
        begin = at + _CHUNK_HEADER
        size = int.from_bytes(content[at + 4 : begin], "little")
        if content[at : at + 4] != b"data":
            at = begin + size + size % 2
            continue
        rest = len(content) - begin
        if rest == 0 or (size == 0 and _are_chunks(content, begin)):
            raise BadRecording(
                "The recording holds no sound.", remedy="Record it again."
            )
        if size not in (0, _LARGEST):
            return content
        riff = (len(content) - 8).to_bytes(4, "little")
        header = content[:4] + riff + content[8 : at + 4] + rest.to_bytes(4, "little")
        return header + content[begin:]
    return content


def _are_chunks(content: bytes, at: int) -> bool:
    """Whether the rest of the file is a sequence of chunks instead of audio."""
    while at + _CHUNK_HEADER <= len(content):
        name = content[at : at + 4]
        size = int.from_bytes(content[at + 4 : at + _CHUNK_HEADER], "little")
        if not (name.isascii() and name.strip().isalnum()):
            return False
        at += _CHUNK_HEADER + size + size % 2
    return at == len(content)


def _check_flac(content: bytes) -> None:
    bits = (1 << _FLAC_TOTAL_BITS) - 1
    has_total = int.from_bytes(content[_FLAC_TOTAL], "big") & bits
    if len(content) >= _FLAC_TOTAL.stop and not has_total:
        raise BadRecording(
            "The recording does not say how long it is.",
            remedy="Write it to a file rather than into a pipe, or use a WAV file.",
        )
