"""A speaker: its embedding and, for a cloned voice, the prompt of its recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.model.flow import FlowPrompt

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Speaker:
    """Inputs of the networks for one voice."""

    embedding: NDArray[np.float32]
    """(E,), of any length; the networks normalise it."""

    prompt: FlowPrompt = field(default_factory=FlowPrompt)
    """Speech tokens and mel of the recording."""

    text_tokens: tuple[int, ...] = ()
    """Transcript of the recording; empty if there is none."""

    language: str | None = None
    """The language of the recording, if known."""


def load_speaker(path: Path) -> Speaker:
    """Read a voice file of a pack.

    Raises: ModelCorrupt if it is not a voice file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            mel = arrays["mel"].astype(np.float32) if "mel" in arrays else None
            return Speaker(
                embedding=arrays["embedding"].astype(np.float32).reshape(-1),
                prompt=FlowPrompt(_tokens(arrays, "speech_tokens"), mel),
                text_tokens=_tokens(arrays, "text_tokens"),
                language=str(arrays["language"]) if "language" in arrays else None,
            )
    except (OSError, ValueError, KeyError) as error:
        raise ModelCorrupt(
            f"{path.name} is not a voice file.", remedy="Convert the model again."
        ) from error


def _tokens(arrays: np.lib.npyio.NpzFile, name: str) -> tuple[int, ...]:
    return tuple(arrays[name].reshape(-1).tolist()) if name in arrays else ()
