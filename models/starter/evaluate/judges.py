"""Judges of the sound of synthetic speech that come as packages: quality, likeness.

Words are judged by ``models.judge``.

Packages (the first list by ``pip install``, the second with ``--no-deps``):

    soxr librosa onnxruntime torch einops webrtcvad-wheels
    distillmos xls-r-sqa speechmos resemblyzer
"""

from __future__ import annotations

import os
import sys
import types
from typing import TYPE_CHECKING

import numpy as np
import soxr

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE = 16000


class QualityJudge:
    """DistillMOS (1 to 5) and DNSMOS (overall and P.808)."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415

        # It imports torchaudio without using it.
        sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import distillmos  # noqa: PLC0415
        from speechmos import dnsmos  # noqa: PLC0415

        self._torch, self._dnsmos = torch, dnsmos
        self._distillmos = distillmos.ConvTransformerSQAModel()
        self._distillmos.eval()

    def rate(
        self, samples: np.ndarray, rate: int, *, with_dnsmos: bool = True
    ) -> tuple[float, float, float]:
        """Return DistillMOS, DNSMOS overall, DNSMOS P.808."""
        resampled = soxr.resample(samples, rate, RATE).astype(np.float32)
        with self._torch.no_grad():
            mos = float(self._distillmos(self._torch.from_numpy(resampled)[None]))
        if not with_dnsmos:
            return mos, float("nan"), float("nan")
        found = self._dnsmos.run(np.clip(resampled, -1, 1), sr=RATE)
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
