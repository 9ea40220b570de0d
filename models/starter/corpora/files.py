"""The flat files of a corpus, which only grow: a stopped run resumes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from models.starter.corpora.features import (
    HOP,
    MEL_BINS,
    SAMPLE_RATE,
    log_mel,
    pitch,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WIDTHS = {"audio.i16": 2 * HOP, "mel.f16": 2 * MEL_BINS, "pitch.f16": 2}
"""Bytes of a frame in each file."""


class CorpusFiles:
    """Appends sentences to the corpus in a folder.

    Without a range of pitch it is a planned corpus, which has a pitch and no sound.
    """

    def __init__(
        self, place: Path, pitch_range_hz: tuple[float, float] | None = None
    ) -> None:
        """Open the files, and cut off what a stopped run left behind the last line."""
        place.mkdir(parents=True, exist_ok=True)
        self._pitch_range_hz = pitch_range_hz
        widths = WIDTHS if pitch_range_hz else {"pitch.f16": WIDTHS["pitch.f16"]}
        index = place / "index.jsonl"
        lines = index.read_text(encoding="utf-8").splitlines() if index.exists() else []
        known = [json.loads(line) for line in lines]
        self.texts = {line["text"] for line in known}
        self.frames = sum(line["frames"] for line in known)
        self._files = {name: (place / name).open("ab") for name in widths}
        for name, width in widths.items():
            self._files[name].truncate(self.frames * width)
        self._index = index.open("a", encoding="utf-8")

    @property
    def hours(self) -> float:
        """Duration of the corpus in hours."""
        return self.frames * HOP / SAMPLE_RATE / 3600

    def new_texts(
        self, texts: Iterable[str], hours: float
    ) -> Iterator[tuple[int, str]]:
        """Yield texts that are not in the corpus, numbered, until it has the hours."""
        for number, text in enumerate(texts):
            if self.hours >= hours:
                return
            if text not in self.texts:
                yield number, text

    def append(self, samples: np.ndarray, text: str, **line: Any) -> None:
        """Add samples (256 T,), and ``line`` to their entry in the index."""
        if self._pitch_range_hz is None:
            raise TypeError("this corpus has no sound")
        mel = log_mel(samples)
        hertz = pitch(samples, *self._pitch_range_hz)
        whole = np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16)
        parts = whole, mel.astype(np.float16), hertz.astype(np.float16)
        self._write(parts, text, line)

    def append_planned(self, hertz: np.ndarray, text: str, **line: Any) -> None:
        """Add a sentence that has only a pitch (T,)."""
        self._write((hertz.astype(np.float16),), text, line)

    def _write(
        self, parts: tuple[np.ndarray, ...], text: str, line: dict[str, Any]
    ) -> None:
        for file, values in zip(self._files.values(), parts, strict=True):
            file.write(values.tobytes())
            file.flush()
        frames = len(parts[-1])
        place = {"text": text, "start": self.frames, "frames": frames}
        self._index.write(json.dumps({**place, **line}, ensure_ascii=False) + "\n")
        self._index.flush()
        self.frames += frames
