"""The initial noise of the later families' flows: one table for all sentences.

The original draws it once, with PyTorch's generator seeded with 0, and uses its first
frames for each sentence. The sound of the networks depends on it, so it is reproduced
here exactly. PyTorch fills large tensors in blocks of 16: eight radii, then eight
angles, each from the low 24 bits of a word of the Mersenne twister (upstream
flow/flow_matching.py; PyTorch, DistributionTemplates.h).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEL_BINS = 80
FRAMES = 15_000
"""Five minutes; no sentence is that long."""

_SEED = 0
_BITS = 24
_BLOCK = 16


@functools.cache
def fixed_noise() -> NDArray[np.float32]:
    """Return the table (1, T, M) of standard normal noise; do not write to it."""
    words = np.random.RandomState(_SEED).randint(
        0, 1 << 32, size=MEL_BINS * FRAMES, dtype=np.uint32
    )
    uniform = (words & ((1 << _BITS) - 1)).astype(np.float32) / np.float32(1 << _BITS)
    blocks = uniform.reshape(-1, 2, _BLOCK // 2)
    radius = np.sqrt(-2 * np.log(1 - blocks[:, 0]))
    angle = np.float32(2 * np.pi) * blocks[:, 1]
    normal = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    table = np.ascontiguousarray(normal.reshape(1, MEL_BINS, FRAMES).transpose(0, 2, 1))
    table.flags.writeable = False
    return table
