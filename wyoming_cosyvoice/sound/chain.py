"""The stages between the model and the encoder, in the order in which they make sense.

denoise -> smooth -> compress -> loudness -> trim -> resample -> limit
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import soxr

from wyoming_cosyvoice.sound.dynamics import Compressor, Denoiser, Limiter
from wyoming_cosyvoice.sound.loudness import Leveller
from wyoming_cosyvoice.sound.shape import Smoother, Trimmer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.config import SoundConfig

    Floats = NDArray[np.float32]


class Stage(Protocol):
    """Takes samples in pieces of any size and gives them changed, perhaps later."""

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready (any number)."""

    def finish(self) -> Floats:
        """Return what was held back."""


class Chain:
    """All stages that the configuration asks for, from one rate to another."""

    def __init__(self, config: SoundConfig, rate_hz: int, wanted_rate_hz: int) -> None:
        self._stages: list[Stage] = []
        add = self._stages.append
        if config.denoise:
            add(Denoiser(rate_hz))
        if config.smooth:
            add(Smoother(rate_hz))
        if config.compress:
            add(Compressor(rate_hz))
        if config.loudness_lufs is not None:
            add(Leveller(rate_hz, config.loudness_lufs))
        if config.trim:
            add(Trimmer(rate_hz))
        if rate_hz != wanted_rate_hz:
            add(_Resampler(rate_hz, wanted_rate_hz))
        # The model's own samples are within bounds; any stage may go beyond them.
        if any(not isinstance(stage, Trimmer) for stage in self._stages):
            add(Limiter(wanted_rate_hz))

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready."""
        for stage in self._stages:
            samples = stage.process(samples)
        return samples

    def finish(self) -> Floats:
        """Return what all stages held back."""
        samples = np.zeros(0, np.float32)
        for stage in self._stages:
            samples = np.concatenate([stage.process(samples), stage.finish()])
        return samples


class _Resampler:
    def __init__(self, rate_hz: int, wanted_rate_hz: int) -> None:
        self._stream = soxr.ResampleStream(rate_hz, wanted_rate_hz, 1, dtype="float32")

    def process(self, samples: Floats) -> Floats:
        resampled: Floats = self._stream.resample_chunk(samples)
        return resampled

    def finish(self) -> Floats:
        last: Floats = self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
        return last
