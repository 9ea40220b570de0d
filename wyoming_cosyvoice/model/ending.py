"""Clean up the end of a sentence: remove clicks and fade out.

The last frames of a vocoder have no right context, so the output may end with a click
or in the middle of a wave. A sound after silence that is too short for speech is muted;
the rest fades out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_SILENT_S = 0.012
_FADE_S = 0.02
_BLOCK_S = 0.004
_QUIET = 10 ** (-46 / 20)
_CLICK_S = 0.06
"""A shorter sound at the end, after silence, is a click."""


def end_cleanly(samples: Floats, rate_hz: int) -> Floats:
    """Return the last samples (S,) of a sentence without clicks, faded to silence.

    Their number is unchanged; the last 12 ms are silent.
    """
    if samples.size == 0:
        return samples
    ended = samples.copy()
    size = max(1, round(_BLOCK_S * rate_hz))
    count = min(len(ended), round(_CLICK_S * rate_hz)) // size
    last = ended[len(ended) - count * size :].reshape(count, size)
    is_quiet = np.abs(last).max(axis=1) < _QUIET if count else np.zeros(0, bool)
    pairs = np.flatnonzero(is_quiet[:-1] & is_quiet[1:])
    stop = len(ended) - round(_SILENT_S * rate_hz)
    if pairs.size:
        # Mute from the first quiet block after which only a click can follow.
        stop = min(stop, len(ended) - count * size + int(pairs[0] + 1) * size)
    stop = max(0, stop)
    fade = min(stop, round(_FADE_S * rate_hz))
    ended[stop:] = 0
    slope = np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    ended[stop - fade : stop] *= slope
    return ended
