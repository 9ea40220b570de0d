"""The corpora as the training stages see them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from models.starter.corpora.features import HOP, MEL_BINS, SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

SPOKEN, PLANNED = "spoken", "planned"
"""The kinds of corpora, and their folders in the state directory."""


class Frames(Protocol):
    """Frames of one speaker, which sentences are parts of."""

    @property
    def speaker(self) -> str:
        """The name of the voice."""

    @property
    def language(self) -> str:
        """What it speaks."""

    @property
    def pitches(self) -> np.ndarray:
        """The pitch of all frames in Hz, 0 where unvoiced: (T,)."""

    @property
    def mels(self) -> np.ndarray:
        """Log-mel of all frames: (T, 80)."""

    @property
    def audio(self) -> np.ndarray:
        """All sound: int16 (256 T,)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a corpus: where its frames are, and how it was aligned."""

    corpus: Frames
    start: int
    frames: int
    tokens: int
    text: str
    units: list[str]
    segments: list[tuple[str, int, float]]

    def mel(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Log-mel frames: float32 (T, 80)."""
        return self.corpus.mels[self._frames(begin, end)].astype(np.float32)

    def pitch(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Pitch in Hz, 0 where unvoiced: float32 (T,)."""
        return self.corpus.pitches[self._frames(begin, end)].astype(np.float32)

    def samples(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Sound: float32 (256 T,)."""
        frames = self._frames(begin, end)
        cut = self.corpus.audio[frames.start * HOP : frames.stop * HOP]
        return cut.astype(np.float32) / 32768

    def _frames(self, begin: int, end: int | None) -> slice:
        """Return the range of the sentence in the frames of the corpus."""
        last = self.frames if end is None else end
        return slice(self.start + begin, self.start + last)


class Corpus:
    """One voice in one language; a planned corpus has times and pitch, but no sound."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.language, self.speaker = place.name.split("_")
        self.is_planned = place.parent.name == PLANNED
        self.training: list[Sentence] = []
        self.validation: list[Sentence] = []
        with (place / "index.jsonl").open(encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                aside = self.validation if line.pop("validation") else self.training
                aside.append(Sentence(corpus=self, **line))

    @cached_property
    def pitches(self) -> np.ndarray:
        """The pitch of all frames in Hz: float16 (T,)."""
        return np.memmap(self.place / "pitch.f16", np.float16, "r")

    @cached_property
    def mels(self) -> np.ndarray:
        """Log-mel of all frames: float16 (T, 80)."""
        flat = np.memmap(self.place / "mel.f16", np.float16, "r")
        return flat[: len(flat) // MEL_BINS * MEL_BINS].reshape(-1, MEL_BINS)

    @cached_property
    def audio(self) -> np.ndarray:
        """All sound: int16 (256 T,)."""
        return np.memmap(self.place / "audio.i16", np.int16, "r")

    @property
    def hours(self) -> float:
        """The time of the training sentences, in hours."""
        return sum(s.frames for s in self.training) * HOP / SAMPLE_RATE / 3600


def open_corpora(state: Path, *kinds: str) -> list[Corpus]:
    """Open the corpora of a state directory that have sentences to learn from."""
    places = sorted(
        index.parent for kind in kinds for index in (state / kind).glob("*/index.jsonl")
    )
    return [corpus for corpus in map(Corpus, places) if corpus.training]
