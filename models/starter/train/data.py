"""The corpora as the training stages see them, and the state of a training run."""

from __future__ import annotations

import json
import signal
import sys
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from features import HOP, MEL_BINS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Written for a machine that trains at low priority beside others.
SAVE_EVERY_S = 180.0
CORPORA = ("en_heart", "zh_heart", "en_cedar", "zh_cedar")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a corpus: where its frames are, and how it was aligned."""

    corpus: Corpus
    start: int
    frames: int
    tokens: int
    text: str
    units: list[str]
    segments: list[tuple[str, int, float]]

    def mel(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Log-mel frames: float32 (T, 80)."""
        last = self.start + (self.frames if end is None else end)
        return self.corpus.mels[self.start + begin : last].astype(np.float32)

    def pitch(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Pitch in Hz, 0 where unvoiced: float32 (T,)."""
        last = self.start + (self.frames if end is None else end)
        return self.corpus.pitches[self.start + begin : last].astype(np.float32)

    def samples(self, begin: int = 0, end: int | None = None) -> np.ndarray:
        """Sound: float32 (256 T,)."""
        last = self.start + (self.frames if end is None else end)
        cut = self.corpus.audio[(self.start + begin) * HOP : last * HOP]
        return cut.astype(np.float32) / 32768


class Corpus:
    """One teacher in one language; files may still be growing.

    A planned corpus (plan.py) has times and pitch, but neither sound nor mels.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.language, self.speaker = place.name.split("_")
        self.is_planned = not (place / "audio.i16").exists()
        lines = (place / "index.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        self.pitches = np.memmap(place / "pitch.f16", np.float16, "r")
        self.training: list[Sentence] = []
        self.validation: list[Sentence] = []
        for line in found:
            aside = self.validation if line.pop("validation") else self.training
            aside.append(Sentence(corpus=self, **line))

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
        """The sound of the training sentences, in hours."""
        return sum(s.frames for s in self.training) * HOP / 22050 / 3600


def open_corpora(
    state: Path, names: Sequence[str], kind: str = "corpus"
) -> list[Corpus]:
    """Open the named corpora that are there, of kind "corpus" or "planned"."""
    places = [state / kind / name for name in names]
    return [Corpus(place) for place in places if (place / "index.jsonl").exists()]


class Run:
    """What a training stage keeps on disk: one state file, one learning curve.

    The CPU time of all sessions is added up; a state is written under another name
    first, so that it is whole whenever the process is stopped.
    """

    def __init__(self, state: Path, stage: str) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self.path = state / f"{stage}.pt"
        self._curve = state / f"{stage}.jsonl"
        self._cpu_before = 0.0
        self._cpu_start = time.process_time()
        self._saved = time.monotonic()
        self._is_told_to_stop = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: object) -> None:
        self._is_told_to_stop = True

    def goes_on(self, end: float) -> bool:
        """Whether to take another step: before ``end``, and not told to terminate."""
        return not self._is_told_to_stop and time.monotonic() < end

    @property
    def cpu_s(self) -> float:
        """CPU seconds of this stage so far, in all sessions."""
        return self._cpu_before + time.process_time() - self._cpu_start

    def refuse_if_begun(self) -> None:
        """Exit if there is a state, which a stage that begins anew would lose."""
        if self.path.exists():
            sys.exit(f"{self.path} is there already; move it away to begin anew.")

    def load(self) -> dict[str, Any] | None:
        """Return the state of the last session, if there was one."""
        if not self.path.exists():
            return None
        found = torch.load(self.path, map_location="cpu", weights_only=False)
        self._cpu_before = found["cpu_s"]
        return found

    def save_now_and_then(self, state: Any, *, force: bool = False) -> None:
        """Write what ``state()`` returns, if the last time is long enough ago."""
        if not force and time.monotonic() - self._saved < SAVE_EVERY_S:
            return
        part = self.path.with_suffix(".part")
        torch.save({**state(), "cpu_s": self.cpu_s}, part)
        part.replace(self.path)
        self._saved = time.monotonic()

    def log(self, **values: float) -> None:
        """Add a line to the learning curve and show it."""
        line = {k: round(float(v), 5) for k, v in values.items()}
        line["cpu_s"] = round(self.cpu_s)
        with self._curve.open("a", encoding="utf-8") as curve:
            curve.write(json.dumps(line) + "\n")
        print(line, flush=True)
