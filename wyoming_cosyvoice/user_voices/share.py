"""Import recordings from a shared folder, each of them once.

Imported files are recorded by name and content, so a deleted voice stays deleted, and
an edited transcript is kept. A recording is imported again when it or the transcript
beside it has changed, or when it was removed and put back.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from wyoming_cosyvoice.errors import UnusableFile
from wyoming_cosyvoice.files import parse_json, read_file, replace_file

_LOGGER = logging.getLogger(__name__)

RECORD_FILE = "share-imports.json"
"""Name of the file in the data folder that records the imported files."""

_RECORDINGS = frozenset({".wav", ".flac", ".ogg", ".mp3"})
_MAX_RECORDINGS = 400
"""Twice the maximum number of voices; each file is read at each start."""

_MAX_RECORDING_BYTES = 16 << 20
_MAX_TEXT_BYTES = 1 << 20
_MAX_RECORD_BYTES = 1 << 20


def import_recordings(share: Path, voices: Path) -> None:
    """Copy recordings that are new or changed, with their transcripts.

    ``Grandma.txt`` beside ``Grandma.wav`` is its transcript. The share is only read;
    links in it are not followed. The server makes voices from the files in ``voices``.
    """
    if not share.is_dir():
        return
    sources = [p for p in sorted(share.iterdir()) if p.suffix.lower() in _RECORDINGS]
    if len(sources) > _MAX_RECORDINGS:
        _LOGGER.warning(
            "Only the first %d of %d recordings in the share are imported, by name.",
            *(_MAX_RECORDINGS, len(sources)),
        )
        del sources[_MAX_RECORDINGS:]
    imported = read_imported(voices.parent)
    # Drop missing recordings; keep other entries.
    present = {name: one for name, one in imported.items() if not _is_recording(name)}
    for source in sources:
        recording = _read(source, _MAX_RECORDING_BYTES)
        if recording is None:
            continue
        transcript = _transcript(source)
        digest = digest_of(recording, transcript)
        present[source.name] = digest
        if imported.get(source.name) == digest:
            continue
        if (
            source.name not in imported
            and not transcript
            and _is_there(voices, recording)
        ):
            continue  # imported by a version without this record
        try:
            voices.mkdir(parents=True, exist_ok=True)
            # The transcript first: the server looks for the recording.
            if transcript:
                replace_file(voices / f"{source.stem}.txt", transcript)
            replace_file(voices / source.name, recording)
        except OSError as error:
            _LOGGER.warning("Cannot import %s: %s", source.name, error)
            del present[source.name]  # will be tried again
            continue
        _LOGGER.info("Imported the recording %s.", source.name)
    if present != imported:
        write_imported(voices.parent, present)


def _is_recording(name: str) -> bool:
    return Path(name).suffix.lower() in _RECORDINGS


def read_imported(data: Path) -> dict[str, str]:
    """Return name -> digest of the imported files; empty if damaged."""
    content = _read(data / RECORD_FILE, _MAX_RECORD_BYTES)
    try:
        imported = parse_json(content or b"{}")
    except ValueError:
        return {}
    if not isinstance(imported, dict):
        return {}
    return {str(name): str(digest) for name, digest in imported.items()}


def write_imported(data: Path, imported: dict[str, str]) -> None:
    """Record the digests of the imported files."""
    path = data / RECORD_FILE
    try:
        data.mkdir(parents=True, exist_ok=True)
        content = json.dumps(imported, ensure_ascii=False, indent=1)
        replace_file(path, content.encode())
    except OSError as error:
        _LOGGER.warning("Cannot record what was imported: %s", error)


def digest_of(*contents: bytes) -> str:
    """Return a digest of all contents."""
    hashed = [hashlib.sha256(content).hexdigest() for content in contents]
    return hashlib.sha256("".join(hashed).encode()).hexdigest()


def _read(path: Path, max_bytes: int) -> bytes | None:
    """Return the bytes of a file in its folder; None if it cannot be used."""
    try:
        return read_file(path, max_bytes=max_bytes, within=path.parent)
    except FileNotFoundError:
        return None
    except UnusableFile as error:
        _LOGGER.warning("It is left out: %s", error)
        return None


def _transcript(recording: Path) -> bytes:
    """Return the transcript of a recording; empty if there is none."""
    for suffix in (".txt", ".TXT"):
        text = _read(recording.with_suffix(suffix), _MAX_TEXT_BYTES)
        if text is not None:
            return text
    return b""


def _is_there(voices: Path, recording: bytes) -> bool:
    """Whether some voice already has these bytes as a recording."""
    return any(
        _read(path, _MAX_RECORDING_BYTES) == recording
        for path in voices.glob("*/*")
        if _is_recording(path.name) and path.lstat().st_size == len(recording)
    )
