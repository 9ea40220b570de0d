"""Cache of the features that a model extracted from a recording.

    grandma/neutral.KEY.npz     KEY identifies the networks

Features are extracted again if the file is missing, damaged, or belongs to another
recording.
"""

from __future__ import annotations

import io
import logging
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import UnusableFile
from wyoming_cosyvoice.files import read_file, replace_file
from wyoming_cosyvoice.model.cloning import PromptFeatures

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.user_voices.folder import StoredVoice

_LOGGER = logging.getLogger(__name__)

_MAX_BYTES = 16 << 20
"""30 s of mel are 0.8 MB."""


def load_features(voice: StoredVoice, emotion: str, key: str) -> PromptFeatures | None:
    """Return the cached features; None if they must be extracted again."""
    path = _path(voice, emotion, key)
    try:
        content = read_file(path, max_bytes=_MAX_BYTES, within=path.parent)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # A few compressed bytes may expand to any size.
            if sum(member.file_size for member in archive.infolist()) > _MAX_BYTES:
                return None
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if tuple(arrays["recording"]) != voice.mark(emotion):
                return None
            if str(arrays["transcript"]) != voice.transcripts.get(emotion, ""):
                return None
            features = PromptFeatures(
                speaker_embedding=arrays["speaker_embedding"],
                prompt_speech_tokens=arrays["prompt_speech_tokens"],
                prompt_mel=arrays["prompt_mel"],
                prompt_text=str(arrays["prompt_text"]),
                notices=tuple(map(str, arrays["notices"])),
            )
    except UnusableFile as error:
        _LOGGER.warning("%s: %s", voice.id, error)
        return None
    # A header may request more memory than available.
    except (OSError, ValueError, KeyError, TypeError, MemoryError, zipfile.BadZipFile):
        return None
    return features if _has_right_shapes(features) else None


def save_features(
    voice: StoredVoice,
    emotion: str,
    key: str,
    features: PromptFeatures,
    mark: tuple[int, int],
) -> None:
    """Cache the features of a recording; does nothing in a read-only folder.

    ``mark`` is the fingerprint of the recording before it was read: it may have been
    replaced during the extraction.
    """
    content = io.BytesIO()
    np.savez(
        content,
        # Do not compare file times: file systems have too coarse a resolution.
        recording=np.array(mark, dtype=np.int64),
        speaker_embedding=features.speaker_embedding,
        prompt_speech_tokens=features.prompt_speech_tokens,
        prompt_mel=features.prompt_mel,
        prompt_text=np.array(features.prompt_text),
        notices=np.array(features.notices, dtype=np.str_),
        transcript=np.array(voice.transcripts.get(emotion, "")),
    )
    try:
        replace_file(_path(voice, emotion, key), content.getvalue())
    except OSError as error:
        _LOGGER.debug("Cannot cache the features of %s: %s", voice.id, error)


def _path(voice: StoredVoice, emotion: str, key: str) -> Path:
    return voice.recordings[emotion].parent / f"{emotion}.{key}.npz"


def _has_right_shapes(features: PromptFeatures) -> bool:
    embedding, mel = features.speaker_embedding, features.prompt_mel
    tokens = features.prompt_speech_tokens
    return (
        embedding.dtype == mel.dtype == np.dtype(np.float32)
        and tokens.dtype == np.dtype(np.int64)
        and (embedding.ndim, tokens.ndim, mel.ndim) == (2, 2, 3)
        and len(embedding) == len(tokens) == len(mel) == 1
        and min(embedding.size, tokens.size, mel.size) > 0
        and bool(np.isfinite(embedding).all() and np.isfinite(mel).all())
        and bool((tokens >= 0).all())
    )
