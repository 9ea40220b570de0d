"""Stand-ins for networks and their cancellation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import numpy as np

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.model.vocoder import Vocoded
from wyoming_cosyvoice.pack.settings import SourceSettings


class CancelledInside(CancelToken):
    """Is cancelled by another thread as soon as a network listens to it."""

    def on_cancel(self, callback):
        super().on_cancel(callback)
        if callback is not None:
            thread = threading.Thread(target=self.cancel)
            thread.start()
            thread.join()


HOP = 8


@dataclass
class EchoVocoder:
    """Gives each frame's first bin ``HOP`` times; remembers what it was asked."""

    settings = SourceSettings(22050, HOP, (1.0, 0.5), 0.0)
    asked: list = field(default_factory=list)

    def generate(self, mel, noise, *, known=None, shaper=None, cancel=None, **more):
        assert shaper is None
        self.asked.append((mel, noise, known))
        assert noise.phase.shape == (2,)
        assert noise.normal.shape == (mel.shape[1] * HOP,)
        samples = np.repeat(mel[:, :, 0], HOP, axis=1)
        source = np.full_like(samples, len(self.asked))
        before = 0.0 if known is None else known.cycles
        cycles = before + np.arange(mel.shape[1] + 1)
        return Vocoded(samples, source, mel[:, :, 1], cycles)
