"""The source of CosyVoice2's vocoder: sines whose phases are joined between frames.

The cycles of each harmonic are added up once a frame, and go in a line from the middle
of one frame to that of the next; in the first and the last half frame they stand still.
No harmonic starts at random (upstream hifigan/generator.py, SineGen2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.pack.settings import SourceSettings

    Floats = NDArray[np.float32]


def make_joined_source(f0: Floats, noise: Floats, settings: SourceSettings) -> Floats:
    """Turn the pitch (1, T) in Hz into a source (1, S), S = hop * T.

    ``noise`` (S,) is the normal noise of all harmonics, mixed by their weights.
    """
    frames, hop = f0.shape[1], settings.hop
    weights = np.array(settings.harmonics, np.float32)  # (H,)
    orders = np.arange(1, len(weights) + 1, dtype=np.float32)
    steps = np.outer(f0[0], orders) / np.float32(settings.sample_rate)  # (T, H)
    cycles = hop * np.cumsum(steps % 1, axis=0, dtype=np.float64)  # (T, H)
    middles = (np.arange(frames) + 0.5) * hop - 0.5
    places = np.arange(frames * hop)
    song = np.zeros(frames * hop)  # (S,)
    for weight, harmonic in zip(weights, cycles.T, strict=True):
        # np.interp holds the first and the last value outside of the middles.
        song += weight * np.sin(2 * np.pi * (np.interp(places, middles, harmonic) % 1))
    voiced = np.repeat(f0[0] > settings.voiced_above_hz, hop)  # (S,)
    level = np.where(voiced, settings.noise, settings.amplitude / 3)
    waves = np.where(voiced, settings.amplitude * song, 0) + level * noise
    source: Floats = np.tanh(waves + settings.offset).astype(np.float32)[None]
    return source
