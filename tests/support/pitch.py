"""The pitch of a sound."""

from __future__ import annotations

import numpy as np


def pitch_of(samples, rate):
    """Return the pitch (T,) in Hz of the voiced frames, from their autocorrelation."""
    size, hop = round(0.04 * rate), round(0.01 * rate)
    least, most = rate // 500, rate // 70
    found = []
    for begin in range(0, len(samples) - size - most, hop):
        frame = samples[begin : begin + size + most].astype(np.float64)
        head = frame[:size]
        if np.std(head) < 0.1 * np.std(samples):
            continue
        shifted = np.lib.stride_tricks.sliding_window_view(frame, size)[
            least : most + 1
        ]
        norms = np.linalg.norm(head) * np.linalg.norm(shifted, axis=1)
        alike = shifted @ head / np.maximum(norms, 1e-9)
        if alike.max() > 0.7:
            # The first lag that is nearly as good: a multiple of it is as good again.
            found.append(rate / (least + int(np.argmax(alike > 0.95 * alike.max()))))
    return np.array(found)
