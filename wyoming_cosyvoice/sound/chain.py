"""The stages between the model and whoever listens, in the order that makes sense.

denoise -> smooth -> compress -> loudness -> limit -> trim

Whoever asks, Wyoming, HTTP or ``say``, hears what came through here. Samples wait for
at most 17 ms of those after them, with every stage on, and for none with the defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

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
        """Return what was held back; more may follow, as after silence."""


class Chain:
    """All stages that the configuration asks for, for the sound of one request."""

    def __init__(self, config: SoundConfig, rate_hz: int) -> None:
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
        # The model's own samples are within bounds; any stage may go beyond them.
        if self._stages:
            add(Limiter(rate_hz))
        self._trimmer = Trimmer(rate_hz) if config.trim else None
        self._taken = 0
        self._lead = np.zeros(round(config.lead_s * rate_hz), np.float32)
        self._lead_samples = len(self._lead)
        self._tail_samples = round(config.tail_s * rate_hz)

    @property
    def taken_samples(self) -> int:
        """How many samples it took so far."""
        return self._taken

    @property
    def cut_samples(self) -> int:
        """How many of the first samples it cuts, less those that it adds before them.

        All others keep their distances, but for the end.
        """
        cut = 0 if self._trimmer is None else self._trimmer.cut_samples
        return cut - self._lead_samples

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready."""
        self._taken += len(samples)
        for stage in self._stages:
            samples = stage.process(samples)
        if self._trimmer is not None:
            samples = self._trimmer.process(samples)
        return self._led(samples)

    def rest(self) -> Floats:
        """Return what was held back of a sentence that another may follow, or not yet.

        Nobody should have to wait for the end of a word until the next one is written.
        """
        samples = self._drain()
        if self._trimmer is not None:
            ready = self._trimmer.process(samples)
            samples = np.concatenate([ready, self._trimmer.release()])
        return self._led(samples)

    def finish(self) -> Floats:
        """Return what was held back, but for the silence at the end."""
        samples = self._drain()
        if self._trimmer is not None:
            ready = self._trimmer.process(samples)
            samples = np.concatenate([ready, self._trimmer.finish()])
        samples = self._led(samples)
        if self._taken and self._tail_samples:
            silence = np.zeros(self._tail_samples, np.float32)
            samples = np.concatenate([samples, silence])
        return samples

    def _led(self, samples: Floats) -> Floats:
        """Return samples, the first of an answer after the silence that leads it."""
        if not samples.size or not self._lead.size:
            return samples
        lead, self._lead = self._lead, self._lead[:0]
        return np.concatenate([lead, samples])

    def _drain(self) -> Floats:
        samples = np.zeros(0, np.float32)
        for stage in self._stages:
            samples = np.concatenate([stage.process(samples), stage.finish()])
        return samples
