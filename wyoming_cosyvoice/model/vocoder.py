"""Mel -> samples: pitch predictor, harmonic source, and a filter network.

The source is a sum of harmonics of the pitch in voiced frames, and noise in others
(neural source filter, arXiv 1904.12088; upstream cosyvoice/hifigan).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.device import CPU
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.model.noise import SourceNoise
    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.pack.settings import SourceSettings

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class KnownSource:
    """Source of a window's first frames, computed by an earlier window."""

    f0: Floats
    """(1, K) in Hz."""

    samples: Floats
    """(1, C)"""

    cycles: float
    """Cycles of the pitch before the window."""


@dataclass(frozen=True, slots=True)
class Vocoded:
    """The samples of a window, and the state for the next window."""

    samples: Floats
    """(1, S) in [-1, 1]."""

    source: Floats
    """(1, S)"""

    f0: Floats
    """(1, T) in Hz."""

    cycles: NDArray[np.float64]
    """(T + 1,) cycles of the pitch before each frame and at the end."""


class Vocoder:
    """Pitch predictor, source and filter."""

    def __init__(
        self,
        pack: Path,
        *,
        threads: int,
        settings: SourceSettings,
        device: Device = CPU,
    ) -> None:
        self._f0 = Stage(pack / "f0_predictor.onnx", threads=threads)
        self._filter = Stage(pack / "vocoder.onnx", threads=threads, device=device)
        self.settings = settings

    def predict_f0(self, mel: Floats, *, cancel: CancelToken | None = None) -> Floats:
        """Return the pitch in Hz, (1, T), of a mel (1, T, M); about 0 is unvoiced."""
        f0: Floats = self._f0.run({"mel": mel}, cancel=cancel)["f0"]
        return f0

    def count_cycles(self, f0: Floats, before: float = 0.0) -> NDArray[np.float64]:
        """Return the cycles of a pitch (1, T) before each frame and after: (T + 1,)."""
        steps = f0[0].astype(np.float64) * (
            self.settings.hop / self.settings.sample_rate
        )
        return np.concatenate([[before], before + np.cumsum(steps)])

    def make_source(
        self, f0: Floats, noise: SourceNoise, *, before: float = 0.0
    ) -> Floats:
        """Turn pitch (1, T) into a source (1, S), S = hop * T.

        ``before`` is the number of cycles before.
        """
        settings = self.settings
        weights = np.array(settings.harmonics, np.float32)  # (H,)
        voiced = f0[0] > settings.voiced_above_hz  # (T,)
        # The pitch is constant within a frame: cycles are accumulated over frames in
        # double precision, and linear within a frame.
        steps = f0[0].astype(np.float64) / settings.sample_rate  # (T,) cycles a sample
        begins = self.count_cycles(f0, before)[:-1]
        steps, begins = steps[voiced], begins[voiced]  # (V,)
        ramp = np.arange(1, settings.hop + 1, dtype=np.float32)  # (K,)
        sines = np.zeros((len(steps), settings.hop), np.float32)  # (V, K)
        for order, (weight, phase) in enumerate(
            zip(weights, noise.phase, strict=True), 1
        ):
            start = 0.0 if order == 1 else phase / (2 * np.pi)
            cycles = ((begins * order + start) % 1).astype(np.float32)
            slopes = (steps * order).astype(np.float32)
            turns = cycles[:, None] + np.outer(slopes, ramp)
            sines += weight * np.sin(np.float32(2 * np.pi) * turns)
        waves = np.zeros((len(voiced), settings.hop), np.float32)  # (T, K)
        waves[voiced] = sines * np.float32(settings.amplitude)
        # Each harmonic has its own noise; their sum is noise with this deviation.
        mixed = np.float32(np.linalg.norm(weights))
        level = np.where(voiced, settings.noise, settings.amplitude / 3)
        level = (level * mixed).astype(np.float32)[:, None]
        waves += level * noise.normal.reshape(waves.shape)
        source: Floats = np.tanh(waves + np.float32(settings.offset)).reshape(1, -1)
        return source

    def filter(
        self, mel: Floats, source: Floats, *, cancel: CancelToken | None = None
    ) -> Floats:
        """Turn mel (1, T, M) and source (1, S) into samples (1, S) in [-1, 1]."""
        feeds = {"mel": mel, "source": source}
        samples: Floats = self._filter.run(feeds, cancel=cancel)["samples"]
        return samples

    def generate(
        self,
        mel: Floats,
        noise: SourceNoise,
        *,
        known: KnownSource | None = None,
        shaper: PitchShaper | None = None,
        first_frame: int = 0,
        cancel: CancelToken | None = None,
    ) -> Vocoded:
        """Turn a mel (1, T, M) into samples.

        ``known`` is the source from an earlier window; ``shaper`` changes the pitch,
        and gets the place of the mel in the sentence.
        Raises: SynthesisCancelled, SynthesisError.
        """
        f0 = self.predict_f0(mel, cancel=cancel)
        if shaper is not None:
            f0 = shaper.shape(f0, first_frame)
        if known is not None:
            f0 = np.concatenate([known.f0, f0[:, known.f0.shape[1] :]], axis=1)
        before = 0.0 if known is None else known.cycles
        source = self.make_source(f0, noise, before=before)
        if known is not None:
            source[:, : known.samples.shape[1]] = known.samples
        samples = self.filter(mel, source, cancel=cancel)
        return Vocoded(samples, source, f0, self.count_cycles(f0, before))
