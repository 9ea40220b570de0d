"""User voices, stored as folders.

    voices/
      Grandma.wav           copied by the user; becomes a folder at the next scan
      grandma/
        voice.json          name, languages, transcripts by emotion
        neutral.wav         the unchanged recording; optionally happy.wav and so on
        neutral.KEY.npz     cached features of one model

Plain files, so a copy of the folder is a backup. All methods block briefly. One thread
at a time.
"""

from __future__ import annotations

import logging
import re
import secrets
import shutil
import stat
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import (
    BadParameter,
    BadRecording,
    CosyVoiceError,
    UnusableFile,
    VoiceNotFound,
)
from wyoming_cosyvoice.features.decoding import MAX_FILE_BYTES
from wyoming_cosyvoice.files import read_file, replace_file
from wyoming_cosyvoice.user_voices.folder import (
    INFO,
    MAX_NAME_CHARS,
    MAX_TRANSCRIPT_CHARS,
    TYPES,
    StoredVoice,
    info_of,
    is_name,
    read_voice,
    transcript_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)

MAX_VOICES = 200

_MAX_ID_CHARS = 40
_MAX_IMPORTS = 10
"""Recordings imported per scan, so that no scan takes long."""

_ID = re.compile(r"\w[\w-]{0,59}")
_MAGIC = {b"RIFF": ".wav", b"fLaC": ".flac", b"OggS": ".ogg"}


class VoiceStore:
    """Reads and writes the folder of voices."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._dropped: dict[Path, tuple[int, int]] = {}
        self._refused: dict[Path, tuple[int, int]] = {}
        """Recordings that can neither be used nor renamed."""
        self._is_full = False

    def voices(self) -> list[StoredVoice]:
        """Return all voices; folders without a recording are ignored."""
        if not self._folder.is_dir():
            return []
        voices: list[StoredVoice] = []
        for path in sorted(self._folder.iterdir()):
            voice = read_voice(path) if _ID.fullmatch(path.name) else None
            if voice is not None:
                voices.append(voice)
            if len(voices) == MAX_VOICES:
                break
        return voices

    def get(self, voice_id: str) -> StoredVoice:
        """Return a voice.

        Raises: VoiceNotFound.
        """
        path = self._folder / voice_id
        voice = read_voice(path) if _ID.fullmatch(voice_id) else None
        if voice is None:
            raise VoiceNotFound(f"There is no user voice {voice_id[:40]!r}.")
        return voice

    def add(
        self,
        name: str,
        recording: bytes,
        *,
        transcript: str = "",
        languages: tuple[str, ...] = (),
        emotion: str = "neutral",
        taken: Collection[str] = (),
    ) -> StoredVoice:
        """Store a recording as a new voice or as another emotion of an existing voice.

        ``taken`` are ids already in use.
        Raises: BadParameter for an invalid name, CosyVoiceError if the folder cannot be
        written.
        """
        name = " ".join(unicodedata.normalize("NFC", name).split())
        if not is_name(name):
            raise BadParameter(
                f"name must be 1 to {MAX_NAME_CHARS} printable characters.",
                field="name",
            )
        known = {voice.name: voice for voice in self.voices()}
        voice = known.get(name)
        if voice is None:
            if len(known) >= MAX_VOICES:
                raise BadParameter(f"There are {MAX_VOICES} voices.", field="name")
            ids = {*taken, *(other.id for other in known.values())}
            voice = StoredVoice(_free_id(name, ids), name, languages)
        folder = self._folder / voice.id
        path = folder / f"{emotion}{_MAGIC.get(recording[:4], '.mp3')}"
        transcripts = {**voice.transcripts, emotion: transcript}
        voice = replace(
            voice,
            languages=languages or voice.languages,
            recordings={**voice.recordings, emotion: path},
            transcripts={kind: text for kind, text in transcripts.items() if text},
            problems=(),
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob(f"{emotion}.*"):
                old.unlink()
            replace_file(path, recording)
            replace_file(folder / INFO, info_of(voice))
        except OSError as error:
            raise CosyVoiceError(
                f"The voice cannot be saved: {error.strerror}.",
                remedy="Check the disk and the data folder's owner.",
            ) from error
        return voice

    def delete(self, voice_id: str) -> None:
        """Delete a voice with all its files.

        Raises: VoiceNotFound, CosyVoiceError if it cannot be deleted.
        """
        voice = self.get(voice_id)
        # Renamed first, so that no features are written into it meanwhile.
        gone = self._folder / f".deleted-{secrets.token_hex(8)}"
        try:
            (self._folder / voice.id).rename(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise CosyVoiceError(
                f"The voice cannot be deleted: {error.strerror}."
            ) from error

    def import_dropped(self, taken: Collection[str] = ()) -> None:
        """Make voices from recordings that were copied into the folder.

        Files that are still growing, and those beyond the limit of a scan, are left for
        the next scan. ``Grandma.txt`` beside ``Grandma.wav`` is its transcript.
        """
        if not self._folder.is_dir():
            return
        whole = self._whole_recordings()
        if not whole:
            return
        room = MAX_VOICES - len(self.voices())
        if room <= 0 and not self._is_full:
            _LOGGER.warning(
                "There are %d voices; %d recordings wait until some are deleted",
                MAX_VOICES,
                len(whole),
            )
        self._is_full = room <= 0
        for path in whole[: max(0, min(_MAX_IMPORTS, room))]:
            self._import(path, taken)

    def recordings(self) -> dict[Path, tuple[int, int]]:
        """Return size and time of the recordings that are not voices yet."""
        seen: dict[Path, tuple[int, int]] = {}
        for path in sorted(self._folder.iterdir()):
            if path.suffix.casefold() not in TYPES:
                continue
            try:
                status = path.lstat()
            except FileNotFoundError:
                continue
            if not stat.S_ISDIR(status.st_mode):
                seen[path] = (status.st_size, status.st_mtime_ns)
        return seen

    def _whole_recordings(self) -> list[Path]:
        """Return the recordings that have not grown since the last scan."""
        seen = self.recordings()
        before, self._dropped = self._dropped, seen
        return [
            path
            for path, size in seen.items()
            if before.get(path) == size and self._refused.get(path) != size
        ]

    def _import(self, path: Path, taken: Collection[str]) -> None:
        try:
            content = read_file(path, max_bytes=MAX_FILE_BYTES, within=self._folder)
            transcript = self._transcript(path.with_suffix(".txt"))
            self.add(path.stem, content, transcript=transcript, taken=taken)
            path.unlink()
        except (OSError, ValueError, CosyVoiceError) as error:
            _LOGGER.warning("%s cannot be made a voice: %s", path.name, error)
            self._set_aside(path)

    def _transcript(self, path: Path) -> str:
        """Return the transcript of a recording and remove its file.

        An unusable transcript is renamed; the recording is used without it.
        """
        try:
            content = read_file(
                path, max_bytes=4 * MAX_TRANSCRIPT_CHARS, within=self._folder
            )
            transcript = transcript_of(content.decode("utf-8-sig"))
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError:
            reason = f"{path.name} is not UTF-8 text."
        except UnusableFile as error:
            reason = error.message
        else:
            path.unlink()
            return transcript
        _LOGGER.warning("The transcript of a recording is not used: %s", reason)
        self._set_aside(path)
        return ""

    def _set_aside(self, path: Path) -> None:
        """Rename an unusable file, so that it is not tried again."""
        try:
            path.rename(path.with_name(f"{path.name}.refused"))
        except OSError as error:  # a name that is too long, a disk that is read only
            _LOGGER.warning("%s cannot be renamed: %s", path.name, error.strerror)
            self._refused[path] = self._dropped.get(path, (0, 0))


def read_recording(voice: StoredVoice, emotion: str) -> tuple[bytes, tuple[int, int]]:
    """Return a recording of a voice, and its fingerprint before reading.

    Raises: BadRecording.
    """
    path = voice.recordings[emotion]
    try:
        mark = voice.mark(emotion)
        return read_file(path, max_bytes=MAX_FILE_BYTES, within=path.parent), mark
    except (FileNotFoundError, NotADirectoryError):
        raise BadRecording(f"The recording {path.name} is missing.") from None
    except UnusableFile as error:
        raise BadRecording(
            error.message, remedy=error.remedy or "Put the recording there again."
        ) from error


def sample(voice: StoredVoice) -> tuple[bytes, str]:
    """Return a voice's recording and its content type.

    Raises: BadRecording.
    """
    emotion = "neutral" if "neutral" in voice.recordings else min(voice.recordings)
    content, _ = read_recording(voice, emotion)
    return content, TYPES[voice.recordings[emotion].suffix]


def _free_id(name: str, taken: Collection[str]) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    base = "-".join(words)[:_MAX_ID_CHARS].strip("-_") or "voice"
    number = 1
    voice_id = base
    while voice_id in taken:
        number += 1
        voice_id = f"{base}-{number}"
    return voice_id
