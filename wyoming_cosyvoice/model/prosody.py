"""Emotions for models that were not trained for them: pitch, pace and loudness.

The directions follow studies of emotional speech. Happy voices are loud, with a high
and variable pitch (Kamiloglu, Fischer and Sauter 2020, a review of 108 studies); hot
anger has a high and wide-ranging pitch as well, sadness a subdued one (Pereira and
Watson 1998). Sad speech is softer, slower, lower and flatter (Skinner 1935, Fairbanks
and Pronovost 1939, Siegman and Boyle 1993, as later work cites them). That happy and
angry speech is faster, and angry speech loud, is our assumption.

The amounts are our choice and small, so that the voice stays recognisable. Tests
measure them in the audio; they were not rated by listeners.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.rising import Rise

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prosody:
    """Changes to the neutral delivery of a sentence.

    They change the pitch of the vocoder's source. Its filter was trained on mels that
    match their pitch, so it follows a shifted pitch only within limits.
    """

    level: float = 1.0
    """Factor of the pitch."""

    range: float = 1.0
    """Factor of the pitch range in semitones around the mean."""

    rate: float = 1.0
    """Factor of the speed."""

    energy: float = 1.0
    """Gain of the samples, with soft clipping near full scale."""


PROSODIES = {
    "neutral": Prosody(),
    "happy": Prosody(level=1.10, range=1.35, rate=1.06, energy=1.12),
    "sad": Prosody(level=0.93, range=0.65, rate=0.88, energy=0.75),
    "angry": Prosody(level=1.06, range=1.25, rate=1.10, energy=1.30),
}
"""Emotion -> changes."""

EXCLAIMED = Prosody(level=1.07, range=1.3, energy=1.1)
"""Changes for a sentence that ends with an exclamation mark."""

INSTRUCTIONS = {
    "happy": "A cheerful speaker with a bright, lively and happy tone.",
    "sad": "A sorrowful speaker with a slow, low and sad tone.",
    "angry": "A furious speaker with a loud, tense and angry tone.",
}

TRAINED_INSTRUCTIONS = {
    "happy": "请非常开心地说一句话。",
    "sad": "请非常伤心地说一句话。",
    "angry": "请非常生气地说一句话。",
}
"""Emotion -> instruction that CosyVoice2 and 3 were trained with, for all languages."""

# Voiced frames after which the mean pitch of a sentence is fixed.
_KNOWN_FRAMES = 20
_SOFT_CLIP_FROM = 0.8


class PitchShaper:
    """Changes the pitch of one sentence, window by window."""

    def __init__(
        self,
        prosody: Prosody | None,
        voiced_above_hz: float,
        *,
        rise: Rise | None = None,
        tokens_per_frame: float = 0.0,
    ) -> None:
        """``tokens_per_frame`` is the pace of the speech tokens, for the rise."""
        self._prosody = prosody
        self._voiced_above_hz = voiced_above_hz
        self._rise = rise
        self._tokens_per_frame = tokens_per_frame
        self._middle: float | None = None

    def shape(self, f0: Floats, first_frame: int = 0) -> Floats:
        """Return the changed pitch (1, T) in Hz, from this frame of the sentence on."""
        if self._prosody is not None:
            f0 = self._move(f0, self._prosody)
        if self._rise is None:
            return f0
        frames = np.arange(first_frame, first_frame + f0.shape[1])
        places = frames * self._tokens_per_frame
        return self._rise.shape(f0, places, self._voiced_above_hz)

    def _move(self, f0: Floats, prosody: Prosody) -> Floats:
        """Change level and range; unvoiced frames are unchanged."""
        voiced = f0 > self._voiced_above_hz
        count = int(voiced.sum())
        if not count:
            return f0
        middle = self._middle or float(np.exp(np.log(f0[voiced]).mean()))
        if count >= _KNOWN_FRAMES:
            # All windows use the same mean, or the voice would drift.
            self._middle = middle
        moved = middle * (f0[voiced] / middle) ** prosody.range
        shaped = f0.copy()
        shaped[voiced] = moved * prosody.level
        return shaped


def with_energy(samples: Floats, energy: float) -> Floats:
    """Apply a gain to samples (S,), with soft clipping."""
    louder = samples * np.float32(energy)
    if energy <= 1:
        return louder
    room = 1 - _SOFT_CLIP_FROM
    size = np.abs(louder)
    bent = _SOFT_CLIP_FROM + room * np.tanh((size - _SOFT_CLIP_FROM) / room)
    return np.where(size > _SOFT_CLIP_FROM, np.copysign(bent, louder), louder)
