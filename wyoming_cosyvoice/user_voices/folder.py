"""One user voice: a folder of recordings with ``voice.json``.

Users may edit or copy these files, so everything is checked: invalid parts of
``voice.json`` are reported and ignored, the rest is used.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import CosyVoiceError, UnusableFile
from wyoming_cosyvoice.files import parse_json, read_file
from wyoming_cosyvoice.text import BASIC
from wyoming_cosyvoice.voices import EMOTIONS, Voice, base_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INFO = "voice.json"
MAX_TRANSCRIPT_CHARS = 5_000
"""Far more than the 30 seconds of speech that are used."""

TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
}
"""File name extension -> content type of recordings."""

_MAX_INFO_BYTES = 64 * 1024
MAX_NAME_CHARS = 200
_MAX_LANGUAGES = 10
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}")


@dataclass(frozen=True, slots=True)
class StoredVoice:
    """One folder."""

    id: str
    name: str
    languages: tuple[str, ...] = ()
    """The language of the recordings first; empty if unknown."""

    recordings: dict[str, Path] = field(default_factory=dict)
    """Emotion -> recording; not empty, and not checked yet."""

    transcripts: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """Ignored parts of ``voice.json``, one sentence each."""

    @property
    def language(self) -> str | None:
        """The language of the recordings, without its region; None if unknown."""
        return base_language(self.languages[0]) if self.languages else None

    @property
    def voice(self) -> Voice:
        """The voice as clients see it."""
        return Voice(
            id=self.id,
            speaker=self.name,
            name=self.name,
            description=self.name,
            languages=self.languages or BASIC,
        )

    @property
    def stamp(self) -> tuple[object, ...]:
        """Fingerprint that changes with any edit of the voice.

        Raises: OSError if a recording is missing.
        """
        marks = [(emotion, *self.mark(emotion)) for emotion in sorted(self.recordings)]
        return (self.name, self.languages, *sorted(self.transcripts.items()), *marks)

    def mark(self, emotion: str) -> tuple[int, int]:
        """Return the fingerprint of a recording: its modification time and size.

        Raises: OSError if it is missing.
        """
        status = self.recordings[emotion].lstat()
        return status.st_mtime_ns, status.st_size


def read_voice(folder: Path) -> StoredVoice | None:
    """Return the voice in a folder; None if there is no recording or no folder."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    recordings = {
        emotion: path
        for emotion in EMOTIONS
        for path in [folder / f"{emotion}{suffix}" for suffix in TYPES]
        if _is_there(path)
    }
    if not recordings:
        return None
    problems: list[str] = []
    info = _read_info(folder, problems)
    return StoredVoice(
        id=folder.name,
        name=_name(info, problems) or folder.name,
        languages=tuple(_languages(info, problems)),
        recordings=recordings,
        transcripts=dict(_transcripts(info, problems)),
        problems=tuple(problems),
    )


def info_of(voice: StoredVoice) -> bytes:
    """Return the content of ``voice.json``."""
    info = {
        "name": voice.name,
        "languages": list(voice.languages),
        "transcripts": voice.transcripts,
    }
    return json.dumps(info, ensure_ascii=False, indent=2).encode()


def is_name(text: str) -> bool:
    """Whether a text is a valid name of a voice."""
    return text.isprintable() and 0 < len(text) <= MAX_NAME_CHARS


def _is_there(path: Path) -> bool:
    """Whether a path exists and may be a recording."""
    try:
        path.lstat()
    except OSError:
        return False
    return path.is_symlink() or not path.is_dir()


def _read_info(folder: Path, problems: list[str]) -> dict[str, Any]:
    """Return the content of ``voice.json``; empty if it cannot be read."""
    try:
        content = read_file(folder / INFO, max_bytes=_MAX_INFO_BYTES, within=folder)
        info = parse_json(content)
        if isinstance(info, dict):
            return info
        problems.append(f"{INFO} is not used: it is not a JSON object.")
    except FileNotFoundError:
        pass
    except UnusableFile as error:
        problems.append(str(error))
    except ValueError as error:
        reason = str(error)[:100]
        problems.append(f"{INFO} is not used, since it is not JSON: {reason}.")
    return {}


def _name(info: dict[str, Any], problems: list[str]) -> str:
    name = info.get("name", "")
    if name == "" or (isinstance(name, str) and is_name(name)):
        return str(name)
    problems.append(
        f"{INFO}: name is not 1 to {MAX_NAME_CHARS} printable characters; the folder's "
        "is used."
    )
    return ""


def _languages(info: dict[str, Any], problems: list[str]) -> Iterator[str]:
    tags = info.get("languages", [])
    if not isinstance(tags, list):
        problems.append(f"{INFO}: languages is not a list of tags such as en.")
        return
    known = [tag for tag in tags if isinstance(tag, str) and _LANGUAGE.fullmatch(tag)]
    if len(known) < len(tags) or len(known) > _MAX_LANGUAGES:
        problems.append(
            f"{INFO}: languages has entries that are not tags such as en, or more than "
            f"{_MAX_LANGUAGES}; they are left out."
        )
    yield from known[:_MAX_LANGUAGES]


def _transcripts(
    info: dict[str, Any], problems: list[str]
) -> Iterator[tuple[str, str]]:
    transcripts = info.get("transcripts", {})
    if not isinstance(transcripts, dict):
        problems.append(f"{INFO}: transcripts is not an object of texts by emotion.")
        return
    for emotion in EMOTIONS:
        text = transcripts.get(emotion, "")
        try:
            if text:
                yield emotion, transcript_of(text)
        except CosyVoiceError as error:
            problems.append(f"{INFO}: the transcript of {emotion} {error.message}")


def transcript_of(text: object) -> str:
    """Return a transcript in one line.

    Raises: UnusableFile, with a message that continues the name of the text.
    """
    if not isinstance(text, str):
        raise UnusableFile("is not used: it is not text.")
    if len(text) > MAX_TRANSCRIPT_CHARS:
        raise UnusableFile(
            f"is not used: it is longer than {MAX_TRANSCRIPT_CHARS} characters."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnusableFile("is not used: it has half of a surrogate pair.") from None
    return " ".join(text.split())
