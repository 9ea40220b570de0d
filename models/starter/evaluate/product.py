"""The system ``pack``: a converted pack, spoken by the product itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from wyoming_cosyvoice.model.pack import Pack
from wyoming_cosyvoice.synth import Synthesizer

if TYPE_CHECKING:
    from pathlib import Path

RATE = 22050


class Product:
    """Reads, speaks and joins text as a server does."""

    def __init__(self, pack: Path, speaker: str, seed: int) -> None:
        self._synthesizer = Synthesizer.open(Pack.open(pack))
        self._speaker, self._seed = speaker, seed

    def pack(self, text: str, language: str) -> np.ndarray:
        """Speak a text: samples at 22,050 Hz."""
        reader = self._synthesizer.reader(language=language)
        pieces = [
            samples
            for sentence in [*reader.feed(text), *reader.finish()]
            for samples in self._synthesizer.speak(
                sentence, voice=self._speaker, seed=self._seed
            )
        ]
        samples = np.concatenate(pieces) if pieces else np.zeros(RATE // 10, np.float32)
        return soxr.resample(samples, self._synthesizer.sample_rate, RATE)
