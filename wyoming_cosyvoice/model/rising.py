"""Raise the voice at the end of a question that yes or no would answer.

The starter voice learned from teachers whose questions hardly rise. From the last
stressed vowel on, the language model is therefore held to the upper classes of pitch,
and the pitch of the vocoder's source is raised little by little. The flow leaves many
last words without voice; where their tokens have one, the source gets it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


# Phones sound earlier than their tokens: ``SOUND_AHEAD_S`` at 50 tokens per second.
_AHEAD_TOKENS = 3
# Frames of the stressed vowel whose pitch is the level that the rise begins at.
_LEVEL_FRAMES = 8


@dataclass(frozen=True, slots=True)
class Contour:
    """How far the pitch rises."""

    lowest_class: int
    """Classes of pitch below it are not allowed."""

    semitones: float
    """How much the source rises above the predicted pitch in the end."""

    tokens: int
    """Speech tokens until then."""


CONTOURS = {"en": Contour(3, 4.5, 8), "zh": Contour(3, 4.0, 9)}
"""Language -> contour, measured and judged (models/starter/TRAINING.md)."""


@dataclass(slots=True)
class Rise:
    """The rise of one sentence; filled during decoding."""

    contour: Contour
    text_token: int
    """Index of the text token with which it begins."""

    begin: int | None = None
    """The first speech token of the rise, once it is known."""

    voiced: list[bool] = field(default_factory=list)
    """Whether each speech token has a pitch."""

    level_hz: float | None = None
    """The pitch at the beginning of the rise; it does not fall below."""

    def append(self, text_token: int, *, is_voiced: bool) -> None:
        """Add the next speech token, which belongs to a text token or ``SILENCE``."""
        if self.begin is None and text_token >= self.text_token:
            self.begin = len(self.voiced)
        self.voiced.append(is_voiced)

    def shape(
        self, f0: Floats, places: NDArray[np.float64], voiced_above_hz: float
    ) -> Floats:
        """Return the raised pitch (1, T) in Hz.

        ``places`` (T,) are the frames' times in speech tokens.
        """
        places = places + _AHEAD_TOKENS
        if self.begin is None or places.size == 0 or places[-1] < self.begin:
            return f0
        tokens = np.minimum(places.astype(np.int64), len(self.voiced) - 1)
        has_voice = np.array(self.voiced)[tokens] & (places >= self.begin)
        level = self._level(f0[0, has_voice & (f0[0] > voiced_above_hz)])
        share = np.clip((places - self.begin) / self.contour.tokens, 0, 1)
        raised = np.where(has_voice, np.maximum(f0[0], level), f0[0])
        raised *= np.exp2(self.contour.semitones / 12 * share)
        shaped: Floats = raised[None].astype(np.float32)
        return shaped

    def _level(self, f0: Floats) -> float:
        """Return the pitch in Hz at which the rise begins, from its first frames."""
        if self.level_hz is None and f0.size:
            self.level_hz = float(np.median(f0[:_LEVEL_FRAMES]))
        return self.level_hz or 0.0
