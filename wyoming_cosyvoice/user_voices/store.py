"""Voices of the user's own, as folders.

    voices/
      Grandma.wav           dropped by hand; becomes a folder at the next look
      grandma/
        voice.json          name, languages, transcripts by emotion
        neutral.wav         the recording as it came; happy.wav and so on may join it
        neutral.KEY.npz     what the networks of one model heard in it

Plain files, so that copying the folder is a backup. Everything here blocks; nothing
here knows networks. One thread at a time.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import unicodedata
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from wyoming_cosyvoice.errors import BadParameter, CosyVoiceError, VoiceNotFound
from wyoming_cosyvoice.model.cloning import PromptFeatures
from wyoming_cosyvoice.voices import EMOTIONS, Voice

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)

ALL_LANGUAGES = ("zh", "en", "ja", "yue", "ko")
MAX_VOICES = 200

_INFO = "voice.json"
_MAX_INFO_BYTES = 64 * 1024
_MAX_ID_CHARS = 40
_ID = re.compile(r"\w[\w-]{0,59}")
_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".mp3": "audio/mpeg",
}
_MAGIC = {b"RIFF": ".wav", b"fLaC": ".flac", b"OggS": ".ogg"}


@dataclass(frozen=True, slots=True)
class StoredVoice:
    """One folder."""

    id: str
    name: str
    languages: tuple[str, ...] = ()
    """The language of the recordings first; empty if nobody said."""

    recordings: dict[str, Path] = field(default_factory=dict)
    """By emotion; not empty."""

    transcripts: dict[str, str] = field(default_factory=dict)

    @property
    def voice(self) -> Voice:
        """The voice as clients see it."""
        return Voice(
            id=self.id,
            speaker=self.name,
            name=self.name,
            description=self.name,
            languages=self.languages or ALL_LANGUAGES,
        )

    @property
    def stamp(self) -> tuple[object, ...]:
        """What differs when anything about the voice was changed."""
        files = [
            (emotion, path.stat().st_mtime_ns, path.stat().st_size)
            for emotion, path in sorted(self.recordings.items())
        ]
        return (self.name, self.languages, *sorted(self.transcripts.items()), *files)


class VoiceStore:
    """Reads and writes the folder of voices."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._dropped: dict[Path, tuple[int, int]] = {}

    def voices(self) -> list[StoredVoice]:
        """Return all voices; folders that hold no recording are none."""
        if not self._folder.is_dir():
            return []
        folders = sorted(
            path
            for path in self._folder.iterdir()
            if path.is_dir() and _ID.fullmatch(path.name)
        )
        read = [_read(path) for path in folders[:MAX_VOICES]]
        return [voice for voice in read if voice is not None]

    def get(self, voice_id: str) -> StoredVoice:
        """Return a voice.

        Raises: VoiceNotFound.
        """
        path = self._folder / voice_id
        voice = _read(path) if _ID.fullmatch(voice_id) and path.is_dir() else None
        if voice is None:
            raise VoiceNotFound(f"There is no voice of your own {voice_id[:40]!r}.")
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
        """Keep a recording, as a voice or as another emotion of the voice of a name.

        ``taken`` are ids that it may not have.
        Raises: BadParameter for a name that nobody could see, CosyVoiceError if the
        folder cannot be written.
        """
        name = " ".join(unicodedata.normalize("NFC", name).split())
        if not name or not name.isprintable():
            raise BadParameter("name must be some letters.", field="name")
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
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob(f"{emotion}.*"):
                old.unlink()
            _write(path, recording)
            _write(folder / _INFO, _info(voice))
        except OSError as error:
            raise CosyVoiceError(
                f"The voice cannot be kept: {error.strerror}.",
                remedy="Check the disk and the data folder's owner.",
            ) from error
        return voice

    def delete(self, voice_id: str) -> None:
        """Delete a voice with all its files.

        Raises: VoiceNotFound, CosyVoiceError if it cannot be deleted.
        """
        voice = self.get(voice_id)
        try:
            shutil.rmtree(self._folder / voice.id)
        except OSError as error:
            raise CosyVoiceError(
                f"The voice cannot be deleted: {error.strerror}."
            ) from error

    def take_in(self, taken: Collection[str] = ()) -> None:
        """Make voices of recordings that were dropped into the folder.

        One that still grows is left for the next look. ``Grandma.txt`` beside
        ``Grandma.wav`` is what is said in it.
        """
        if not self._folder.is_dir():
            return
        seen: dict[Path, tuple[int, int]] = {}
        for path in sorted(self._folder.iterdir()):
            if path.suffix.casefold() not in _TYPES or not path.is_file():
                continue
            status = path.stat()
            seen[path] = (status.st_size, status.st_mtime_ns)
            if self._dropped.get(path) == seen[path]:
                self._take_in(path, taken)
        self._dropped = seen

    def _take_in(self, path: Path, taken: Collection[str]) -> None:
        text = path.with_suffix(".txt")
        try:
            transcript = text.read_text(encoding="utf-8-sig") if text.exists() else ""
            self.add(
                path.stem,
                path.read_bytes(),
                transcript=" ".join(transcript.split()),
                taken=taken,
            )
            path.unlink()
            text.unlink(missing_ok=True)
        except (OSError, ValueError, CosyVoiceError) as error:
            _LOGGER.warning("%s cannot be made a voice: %s", path.name, error)
            path.rename(path.with_name(f"{path.name}.refused"))


def sample(voice: StoredVoice) -> tuple[bytes, str]:
    """Return a voice's recording and its content type."""
    path = voice.recordings.get("neutral") or next(iter(voice.recordings.values()))
    return path.read_bytes(), _TYPES[path.suffix]


def load_features(voice: StoredVoice, emotion: str, key: str) -> PromptFeatures | None:
    """Return what a model heard before; None if it has to listen again."""
    path = _features_path(voice, emotion, key)
    try:
        if path.stat().st_mtime_ns < voice.recordings[emotion].stat().st_mtime_ns:
            return None
        with np.load(path, allow_pickle=False) as arrays:
            if str(arrays["transcript"]) != voice.transcripts.get(emotion, ""):
                return None
            return PromptFeatures(
                speaker_embedding=arrays["speaker_embedding"],
                prompt_speech_tokens=arrays["prompt_speech_tokens"],
                prompt_mel=arrays["prompt_mel"],
                prompt_text=str(arrays["prompt_text"]),
                notices=tuple(map(str, arrays["notices"])),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def save_features(
    voice: StoredVoice, emotion: str, key: str, features: PromptFeatures
) -> None:
    """Remember what a model heard; a folder that cannot be written does without."""
    path = _features_path(voice, emotion, key)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            np.savez(
                file,
                speaker_embedding=features.speaker_embedding,
                prompt_speech_tokens=features.prompt_speech_tokens,
                prompt_mel=features.prompt_mel,
                prompt_text=np.array(features.prompt_text),
                notices=np.array(features.notices, dtype=np.str_),
                transcript=np.array(voice.transcripts.get(emotion, "")),
            )
        part.replace(path)
    except OSError as error:
        _LOGGER.debug("Cannot remember what was heard of %s: %s", voice.id, error)


def _features_path(voice: StoredVoice, emotion: str, key: str) -> Path:
    return voice.recordings[emotion].parent / f"{emotion}.{key}.npz"


def _read(folder: Path) -> StoredVoice | None:
    recordings = {
        path.stem: path
        for path in sorted(folder.iterdir())
        if path.stem in EMOTIONS and path.suffix in _TYPES and path.is_file()
    }
    if not recordings:
        return None
    info = _read_info(folder / _INFO)
    name, languages = info.get("name"), info.get("languages")
    transcripts = info.get("transcripts")
    return StoredVoice(
        id=folder.name,
        name=name if isinstance(name, str) and name else folder.name,
        languages=tuple(map(str, languages)) if isinstance(languages, list) else (),
        recordings=recordings,
        transcripts=(
            {str(kind): str(text) for kind, text in transcripts.items()}
            if isinstance(transcripts, dict)
            else {}
        ),
    )


def _read_info(path: Path) -> dict[str, Any]:
    """Return what people may have edited; what cannot be read counts as nothing."""
    try:
        with path.open("rb") as file:
            info = json.loads(file.read(_MAX_INFO_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return info if isinstance(info, dict) else {}


def _info(voice: StoredVoice) -> bytes:
    info = {
        "name": voice.name,
        "languages": list(voice.languages),
        "transcripts": voice.transcripts,
    }
    return json.dumps(info, ensure_ascii=False, indent=2).encode()


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _free_id(name: str, taken: Collection[str]) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    base = "-".join(words)[:_MAX_ID_CHARS].strip("-_") or "voice"
    number = 1
    voice_id = base
    while voice_id in taken:
        number += 1
        voice_id = f"{base}-{number}"
    return voice_id
