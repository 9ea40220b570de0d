"""``spk2info.pt``: the speakers of a release and those that users saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from wyoming_cosyvoice.convert.release.checkpoint import Checkpoint
from wyoming_cosyvoice.errors import MalformedCheckpoint

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MAX_SPEAKERS = 1000
MAX_NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class SpeakerPrompt:
    """What upstream keeps of a reference recording that a user saved."""

    text_tokens: NDArray[np.int64]
    """(L,) what is said in the recording."""
    speech_tokens: NDArray[np.int64]
    """(N,)"""
    mel: NDArray[np.float32]
    """(T, M)"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker of a release."""

    name: str
    embedding: NDArray[np.float32]
    """(D,), not normalised."""
    prompt: SpeakerPrompt | None = None


def read_speakers(path: Path, width: int, mel_bins: int) -> tuple[Speaker, ...]:
    """Read all speakers, each with an embedding of ``width`` numbers.

    Raises: CheckpointError, MalformedCheckpoint, UnsafeCheckpoint.
    """
    with Checkpoint.open(path) as checkpoint:
        table = checkpoint.read_table()
    if len(table) > MAX_SPEAKERS:
        raise MalformedCheckpoint(
            f"{path} holds {len(table)} speakers; {MAX_SPEAKERS} is the limit."
        )
    reader = _Reader(path, width, mel_bins)
    return tuple(reader.speaker(name, entry) for name, entry in table.items())


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    width: int
    mel_bins: int

    def speaker(self, name: str, entry: Any) -> Speaker:
        if not name.isprintable() or name != name.strip() or not name:
            self._fail(f"has a speaker whose name is {name[:MAX_NAME_CHARS]!r}")
        if len(name) > MAX_NAME_CHARS:
            self._fail(f"has a speaker whose name has {len(name)} characters")
        if not isinstance(entry, dict):
            self._fail(f"holds no embedding for {name!r}")
        # Built-in speakers have the first; saved recordings have the other two, equal.
        for key in ("embedding", "llm_embedding", "flow_embedding"):
            if key in entry:
                embedding = self._floats(entry[key], name).reshape(-1)
                break
        else:
            self._fail(f"holds no embedding for {name!r}")
        if embedding.shape != (self.width,):
            self._fail(
                f"has an embedding of {embedding.size} numbers for {name!r} where "
                f"{self.width} belong"
            )
        if not embedding.any():
            self._fail(f"has an embedding of zeros for {name!r}")
        return Speaker(name, embedding, self._prompt(entry, name))

    def _prompt(self, entry: dict[str, Any], name: str) -> SpeakerPrompt | None:
        keys = ("prompt_text", "flow_prompt_speech_token", "prompt_speech_feat")
        if not all(key in entry for key in keys):
            return None
        text_tokens, speech_tokens, mel = (entry[key] for key in keys)
        floats = self._floats(mel, name)
        if floats.ndim == 0 or floats.shape[-1] != self.mel_bins:
            self._fail(f"has a prompt mel of shape {floats.shape} for {name!r}")
        return SpeakerPrompt(
            self._tokens(text_tokens, name),
            self._tokens(speech_tokens, name),
            floats.reshape(-1, self.mel_bins),
        )

    def _floats(self, value: Any, name: str) -> NDArray[np.float32]:
        if not isinstance(value, np.ndarray) or value.dtype != np.float32:
            self._fail(f"holds something else than numbers for {name!r}")
        if not np.isfinite(value).all():
            self._fail(f"holds numbers for {name!r} that are not finite")
        return value

    def _tokens(self, value: Any, name: str) -> NDArray[np.int64]:
        if not isinstance(value, np.ndarray) or value.dtype != np.int64:
            self._fail(f"holds something else than tokens for {name!r}")
        if value.size and value.min() < 0:
            self._fail(f"holds negative tokens for {name!r}")
        return value.reshape(-1)

    def _fail(self, reason: str) -> NoReturn:
        raise MalformedCheckpoint(f"{self.path} {reason}.")
