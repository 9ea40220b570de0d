"""Two versions of one stretch of time: the earlier fades into the later.

Windows of speech share frames with the next. Near its end the earlier version has not
seen what follows, near its beginning the later one has not seen what came before; so
each is kept alone where it knows more, and they are mixed in the middle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

HELD = 0.25
"""The share of a stretch, at either end, in which one version is alone."""


class Fade(Protocol):
    """How much of each version is heard over a stretch of K places."""

    def __call__(self, length: int) -> tuple[Floats, Floats]:
        """Return the weights of the earlier and of the later version, (K,) each."""


def smooth(length: int) -> tuple[Floats, Floats]:
    """Fade in the middle; the weights always add up to 1."""
    places = (np.arange(length) + 0.5) / max(length, 1)
    way = np.clip((places - HELD) / (1 - 2 * HELD), 0, 1)
    later = (np.sin(way * np.pi / 2) ** 2).astype(np.float32)
    return 1 - later, later


def hamming(length: int) -> tuple[Floats, Floats]:
    """Fade as the original does (upstream cosyvoice/utils/common.py, fade_in_out).

    The halves of a Hamming window add up to 1.08, so what is shared becomes louder: as
    samples by 0.7 dB; as log-mel it moves away from 0, most where it is silent.
    """
    window = np.hamming(2 * length).astype(np.float32)
    return window[length:], window[:length]


def cross_fade(earlier: Floats, later: Floats, fade: Fade = smooth) -> Floats:
    """Mix two versions along their second axis: both (1, K) or (1, K, M)."""
    length = earlier.shape[1]
    shape = (1, length) + (1,) * (earlier.ndim - 2)
    falling, rising = (weights.reshape(shape) for weights in fade(length))
    return later * rising + earlier * falling
