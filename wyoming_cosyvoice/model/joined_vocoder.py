"""The vocoder of CosyVoice2: that of 300M with interpolated phases in the source.

The cycles of each harmonic are accumulated once per frame and interpolated linearly
between the centres of frames; in the first and last half frame they are constant. No
harmonic has a random phase (upstream hifigan/generator.py, SineGen2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.vocoder import Vocoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.noise import SourceNoise
    from wyoming_cosyvoice.pack.settings import SourceSettings

    Floats = NDArray[np.float32]


class JoinedVocoder(Vocoder):
    """Pitch predictor, the interpolated source and the filter."""

    def make_source(
        self, f0: Floats, noise: SourceNoise, *, before: float = 0.0
    ) -> Floats:
        """Turn pitch (1, T) into a source (1, S), S = hop * T.

        ``before`` is the number of cycles before.
        """
        mixed = np.float32(np.linalg.norm(self.settings.harmonics))
        return make_joined_source(
            f0, mixed * noise.normal, self.settings, before=before
        )


def make_joined_source(
    f0: Floats, noise: Floats, settings: SourceSettings, *, before: float = 0.0
) -> Floats:
    """Turn the pitch (1, T) in Hz into a source (1, S), S = hop * T.

    ``noise`` (S,) is the normal noise of all harmonics, mixed by their weights;
    ``before`` is the number of cycles before.
    """
    frames, hop = f0.shape[1], settings.hop
    weights = np.array(settings.harmonics, np.float32)  # (H,)
    orders = np.arange(1, len(weights) + 1, dtype=np.float32)
    # Rounded where the original rounds: a phase of many cycles keeps few digits.
    steps = (
        f0[0].astype(np.float32)[:, None] * orders / np.float32(settings.sample_rate)
    )
    cycles = np.cumsum(steps % 1, axis=0, dtype=np.float64) + before / hop * orders
    turns = (
        cycles.astype(np.float32) * np.float32(2 * np.pi) * np.float32(hop)
    )  # (T, H)
    places = np.arange(frames * hop, dtype=np.float32) + np.float32(0.5)
    places = np.maximum(places * np.float32(1 / hop) - np.float32(0.5), 0)  # (S,)
    left = np.minimum(places.astype(np.int64), frames - 1)
    right = np.minimum(left + 1, frames - 1)
    fraction = places - left.astype(np.float32)
    sines = np.zeros(frames * hop, np.float32)  # (S,)
    for weight, harmonic in zip(weights, turns.T, strict=True):
        phase = (1 - fraction) * harmonic[left] + fraction * harmonic[right]
        sines += weight * np.sin(phase)
    voiced = np.repeat(f0[0] > settings.voiced_above_hz, hop)  # (S,)
    level = np.where(voiced, settings.noise, settings.amplitude / 3)
    waves = np.where(voiced, settings.amplitude * sines, 0) + level * noise
    source: Floats = np.tanh(waves + settings.offset).astype(np.float32)[None]
    return source
