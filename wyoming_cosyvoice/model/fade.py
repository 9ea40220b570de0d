"""Cross-fade two versions of the same stretch of time.

Windows of speech overlap. Near its end the earlier version lacks right context, near
its start the later one lacks left context; so each is used alone where it has more
context, and they are mixed in the middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

HELD = 0.25
"""Share of the stretch, at either end, in which only one version is used."""


class Fade(Protocol):
    """Fade curves over a stretch of length K."""

    def __call__(self, length: int) -> tuple[Floats, Floats]:
        """Return the weights of the earlier and of the later version, (K,) each."""


def smooth(length: int) -> tuple[Floats, Floats]:
    """Fade in the middle; the weights always add up to 1."""
    positions = (np.arange(length) + 0.5) / max(length, 1)
    way = np.clip((positions - HELD) / (1 - 2 * HELD), 0, 1)
    later = (np.sin(way * np.pi / 2) ** 2).astype(np.float32)
    return 1 - later, later


def hamming(length: int) -> tuple[Floats, Floats]:
    """Fade as the original does (upstream cosyvoice/utils/common.py, fade_in_out).

    The halves of a Hamming window add up to 1.08, so the overlap becomes louder:
    samples by 0.7 dB; log-mel values move away from 0, most in silence.
    """
    window = np.hamming(2 * length).astype(np.float32)
    return window[length:], window[:length]


def cross_fade(earlier: Floats, later: Floats, fade: Fade = smooth) -> Floats:
    """Mix two versions along their second axis: both (1, K) or (1, K, M)."""
    length = earlier.shape[1]
    shape = (1, length) + (1,) * (earlier.ndim - 2)
    falling, rising = (weights.reshape(shape) for weights in fade(length))
    return later * rising + earlier * falling
