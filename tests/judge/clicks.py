"""Whether a join is audible as a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# One place in a thousand of clean speech is above, and three of four jumps of 0.05.
SUSPICIOUS = 1.5


def click_ratio(samples: NDArray[np.float32], index: int, rate_hz: int) -> float:
    """Return how much more abrupt samples (S,) are at ``index`` than around it.

    The largest third difference within 0.5 ms of the join, by the largest within 20 ms,
    which is at least one period of a voice. 0 where nothing is audible.
    """
    near, far = rate_hz // 2000, rate_hz // 50
    # A jump between index - 1 and index shows in the two differences before and in it.
    bend = np.abs(np.diff(samples.astype(np.float64), n=3))
    centre = index - 2
    at_join = bend[max(0, centre - near) : centre + near].max(initial=0.0)
    before = bend[max(0, centre - far) : max(0, centre - near)].max(initial=0.0)
    after = bend[centre + near : centre + far].max(initial=0.0)
    # A step of one of 16 bits is not a click, however quiet it is around it.
    return float(at_join / max(before, after, 4 * 2.0**-15))
