"""Emotion for models that were not trained for it: pitch, pace and loudness.

The directions are what studies of speech found. Happy voices are loud, with a high and
variable pitch (Kamiloglu, Fischer and Sauter 2020, a review of 108 studies); hot anger
has a high and wide-ranging pitch as well, sadness a subdued one (Pereira and Watson
1998). Sad speech is softer, slower, lower and flatter (Skinner 1935, Fairbanks and
Pronovost 1939, Siegman and Boyle 1993, as later work cites them). That joy and anger
hurry, and that anger is loud, is taken from everyday experience.

The amounts are ours, and small, so that the voice stays itself. Tests measure them in
the sound; no panel of listeners has judged them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a sentence differs from the way its voice would say it.

    What is moved is the pitch of the vocoder's source. Its filter was trained on mels
    that go with their pitch, so it follows a moved one only so far.
    """

    level: float = 1.0
    """Factor of the pitch."""

    range: float = 1.0
    """Factor of how far the pitch moves, in semitones, from its middle."""

    rate: float = 1.0
    """Factor of the speed."""

    energy: float = 1.0
    """Factor of the samples; what would go beyond full scale bends instead."""


PROSODIES = {
    "neutral": Prosody(),
    "happy": Prosody(level=1.10, range=1.35, rate=1.06, energy=1.12),
    "sad": Prosody(level=0.93, range=0.65, rate=0.88, energy=0.75),
    "angry": Prosody(level=1.06, range=1.25, rate=1.10, energy=1.30),
}
"""All amounts, by emotion."""

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
"""Those that CosyVoice2 and 3 were trained with, for every language."""
"""The same for models that follow instructions."""

# Frames of voice after which the middle of a sentence's pitch is taken for known.
_KNOWN_FRAMES = 20
_BEND_FROM = 0.8


class PitchShaper:
    """Moves the pitch of one sentence, whose windows come one after the other."""

    def __init__(self, prosody: Prosody, voiced_above_hz: float) -> None:
        self._prosody = prosody
        self._voiced_above_hz = voiced_above_hz
        self._middle: float | None = None

    def shape(self, f0: Floats) -> Floats:
        """Return a pitch (1, T) in Hz, moved where it is voiced."""
        voiced = f0 > self._voiced_above_hz
        count = int(voiced.sum())
        if not count:
            return f0
        middle = self._middle or float(np.exp(np.log(f0[voiced]).mean()))
        if count >= _KNOWN_FRAMES:
            # All windows turn about the same middle, or the voice would drift.
            self._middle = middle
        moved = middle * (f0[voiced] / middle) ** self._prosody.range
        shaped = f0.copy()
        shaped[voiced] = moved * self._prosody.level
        return shaped


def with_energy(samples: Floats, energy: float) -> Floats:
    """Return samples (S,) made louder or softer, bent where they would clip."""
    louder = samples * np.float32(energy)
    if energy <= 1:
        return louder
    room = 1 - _BEND_FROM
    size = np.abs(louder)
    bent = _BEND_FROM + room * np.tanh((size - _BEND_FROM) / room)
    return np.where(size > _BEND_FROM, np.copysign(bent, louder), louder)
