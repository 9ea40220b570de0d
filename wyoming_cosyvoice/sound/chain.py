"""The processing stages between the model and the client.

denoise -> smooth -> compress -> loudness -> limit -> trim

The same chain serves Wyoming, HTTP and ``say``. Its look-ahead is at most 17 ms with
every stage enabled, and zero with the defaults.
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
    """A streaming filter: takes samples in pieces of any size, may delay its output."""

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready (any number)."""

    def finish(self) -> Floats:
        """Return the delayed samples; more input may follow, as after silence."""


class Chain:
    """All configured stages, for the audio of one request."""

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
        # The model's samples are within full scale; a stage may exceed it.
        if self._stages:
            add(Limiter(rate_hz))
        self._trimmer = Trimmer(rate_hz) if config.trim else None
        self._input_samples = 0
        self._lead = np.zeros(round(config.lead_s * rate_hz), np.float32)
        self._lead_samples = len(self._lead)
        self._tail_samples = round(config.tail_s * rate_hz)

    @property
    def input_samples(self) -> int:
        """Number of input samples so far."""
        return self._input_samples

    @property
    def cut_samples(self) -> int:
        """Samples trimmed from the beginning, minus the lead that is added.

        This is the offset of input times to output times.
        """
        cut = 0 if self._trimmer is None else self._trimmer.cut_samples
        return cut - self._lead_samples

    def process(self, samples: Floats) -> Floats:
        """Take samples (S,); return those that are ready."""
        self._input_samples += len(samples)
        for stage in self._stages:
            samples = stage.process(samples)
        if self._trimmer is not None:
            samples = self._trimmer.process(samples)
        return self._with_lead(samples)

    def flush_sentence(self) -> Floats:
        """Return the delayed samples at the end of a sentence that others may follow.

        Otherwise the end of a word would wait until the next text arrives.
        """
        samples = self._drain()
        if self._trimmer is not None:
            ready = self._trimmer.process(samples)
            samples = np.concatenate([ready, self._trimmer.release()])
        return self._with_lead(samples)

    def finish(self) -> Floats:
        """Return the delayed samples, without the silence at the end."""
        samples = self._drain()
        if self._trimmer is not None:
            ready = self._trimmer.process(samples)
            samples = np.concatenate([ready, self._trimmer.finish()])
        samples = self._with_lead(samples)
        if self._input_samples and self._tail_samples:
            silence = np.zeros(self._tail_samples, np.float32)
            samples = np.concatenate([samples, silence])
        return samples

    def _with_lead(self, samples: Floats) -> Floats:
        """Prepend the configured lead of silence to the first samples of an answer."""
        if not samples.size or not self._lead.size:
            return samples
        lead, self._lead = self._lead, self._lead[:0]
        return np.concatenate([lead, samples])

    def _drain(self) -> Floats:
        samples = np.zeros(0, np.float32)
        for stage in self._stages:
            samples = np.concatenate([stage.process(samples), stage.finish()])
        return samples
