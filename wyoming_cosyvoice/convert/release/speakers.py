"""``spk2info.pt``: the speakers of a release, including those saved by users."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.errors import MalformedCheckpoint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_LOGGER = logging.getLogger(__name__)

MAX_SPEAKERS = 1000
MAX_NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class SpeakerPrompt:
    """Prompt of a reference recording saved by a user."""

    text_tokens: NDArray[np.int64]
    """(L,) transcript of the recording."""
    speech_tokens: NDArray[np.int64]
    """(N,)"""
    mel: NDArray[np.float32]
    """(T, M)"""
    language: str | None = None
    """Language of the recording, if known."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker of a release."""

    name: str
    embedding: NDArray[np.float32]
    """(D,), not normalised."""
    prompt: SpeakerPrompt | None = None


def read_speakers(
    path: Path,
    width: int,
    mel_bins: int,
    *,
    speech_tokens: int | None = None,
    text_tokens: int | None = None,
) -> tuple[Speaker, ...]:
    """Read all speakers, each with an embedding of ``width`` numbers.

    Unusable speakers are skipped with a warning, since users save them with many
    different programs. ``speech_tokens`` and ``text_tokens`` are the vocabulary sizes
    of the model; None skips the check.
    Raises: CheckpointError, MalformedCheckpoint, UnsafeCheckpoint for the file, or if
    none of its speakers can be used.
    """
    with Checkpoint.open(path, is_table=True) as checkpoint:
        table = checkpoint.read_table()
    if len(table) > MAX_SPEAKERS:
        raise MalformedCheckpoint(
            f"{path} holds {len(table)} speakers; {MAX_SPEAKERS} is the limit."
        )
    reader = _Reader(path, width, mel_bins, speech_tokens, text_tokens)
    speakers: dict[str, Speaker] = {}
    problems: list[MalformedCheckpoint] = []
    for name, entry in table.items():
        try:
            speaker = reader.speaker(name, entry)
            if speaker.name in speakers:
                reader.fail(f"has two speakers of the name {speaker.name!r}")
            speakers[speaker.name] = speaker
        except MalformedCheckpoint as problem:
            problems.append(problem)
            _LOGGER.warning("A speaker is left out: %s", problem)
    if problems and not speakers:
        raise problems[0]
    return tuple(speakers.values())


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    width: int
    mel_bins: int
    speech_tokens: int | None
    text_tokens: int | None

    def speaker(self, raw_name: str, entry: Any) -> Speaker:
        name = raw_name.strip(" ")  # may have been typed or pasted with extra spaces
        if not name.isprintable() or name != name.strip() or not name:
            self.fail(f"has a speaker whose name is {raw_name[:MAX_NAME_CHARS]!r}")
        if len(name) > MAX_NAME_CHARS:
            self.fail(f"has a speaker whose name has {len(name)} characters")
        if not isinstance(entry, dict):
            self.fail(f"holds no embedding for {name!r}")
        # Built-in speakers have the first; saved recordings have the other two, which
        # are equal.
        for key in ("embedding", "llm_embedding", "flow_embedding"):
            if key in entry:
                embedding = self._floats(entry[key], name).reshape(-1)
                break
        else:
            self.fail(f"holds no embedding for {name!r}")
        if embedding.shape != (self.width,):
            self.fail(
                f"has an embedding of {embedding.size} numbers for {name!r} where "
                f"{self.width} belong"
            )
        if not embedding.any():
            self.fail(f"has an embedding of zeros for {name!r}")
        return Speaker(name, embedding, self._prompt(entry, name))

    def _prompt(self, entry: dict[str, Any], name: str) -> SpeakerPrompt | None:
        keys = ("prompt_text", "flow_prompt_speech_token", "prompt_speech_feat")
        if not all(key in entry for key in keys):
            return None
        text_tokens, speech_tokens, mel = (entry[key] for key in keys)
        floats = self._floats(mel, name)
        if floats.ndim == 0 or floats.shape[-1] != self.mel_bins:
            self.fail(f"has a prompt mel of shape {floats.shape} for {name!r}")
        return SpeakerPrompt(
            self._tokens(text_tokens, name, "text", self.text_tokens),
            self._tokens(speech_tokens, name, "speech", self.speech_tokens),
            floats.reshape(-1, self.mel_bins),
        )

    def _floats(self, value: Any, name: str) -> NDArray[np.float32]:
        array = _array(value)
        if array is None or array.dtype != np.float32:
            self.fail(f"holds something else than numbers for {name!r}")
        if not np.isfinite(array).all():
            self.fail(f"holds numbers for {name!r} that are not finite")
        return array

    def _tokens(
        self, value: Any, name: str, kind: str, vocabulary: int | None
    ) -> NDArray[np.int64]:
        array = _array(value)
        if array is None or (array.dtype != np.int64 and array.size):
            self.fail(f"holds something else than {kind} tokens for {name!r}")
        array = array.astype(np.int64).reshape(-1)
        if array.size and array.min() < 0:
            self.fail(f"holds negative {kind} tokens for {name!r}")
        if vocabulary is not None and array.size and array.max() >= vocabulary:
            raise MalformedCheckpoint(
                f"{self.path} holds the {kind} token {array.max()} for {name!r}; this "
                f"model has {vocabulary}.",
                remedy="It was saved with a model of another family; save it again "
                "with this one.",
            )
        return array

    def fail(self, reason: str) -> NoReturn:
        raise MalformedCheckpoint(f"{self.path} {reason}.")


def _array(value: Any) -> NDArray[Any] | None:
    """Return a tensor or nested lists of numbers as an array; None if it is neither."""
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, list):
        return None
    try:
        array = np.array(value)
    except (ValueError, OverflowError):  # lists that differ in length
        return None
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    return array.astype(np.int64) if array.dtype.kind == "i" else None
