"""The pitch of a voice, by autocorrelation, and where a sentence ends."""

from __future__ import annotations

import numpy as np

_LOWEST_HZ, _HIGHEST_HZ = 90.0, 600.0
_STEP_S, _WINDOW_S = 0.01, 0.03
_LIKE = 0.55  # how much a voiced window is like itself a period later
_AUDIBLE = 10 ** (-34 / 20)  # of the loudest window
_END_S = 0.08


def track(samples: np.ndarray, rate: int) -> np.ndarray:
    """Return the pitch in Hz for every 10 ms; NaN where there is no audible voice."""
    size, step = round(_WINDOW_S * rate), round(_STEP_S * rate)
    shortest, longest = int(rate / _HIGHEST_HZ), int(rate / _LOWEST_HZ)
    windows = np.lib.stride_tricks.sliding_window_view(samples, size + longest)[::step]
    levels = np.sqrt(np.mean(windows[:, :size] ** 2, axis=1))
    found = np.full(len(windows), np.nan)
    for place in np.flatnonzero(levels > _AUDIBLE * levels.max()):
        window = windows[place].astype(np.float64)
        here = window[:size] - window[:size].mean()
        lags = np.lib.stride_tricks.sliding_window_view(window, size)
        lags = lags - lags.mean(axis=1, keepdims=True)
        power = np.sqrt((here @ here) * np.einsum("ls,ls->l", lags, lags)) + 1e-9
        likeness = (lags @ here) / power
        best = likeness[shortest : longest + 1].max()
        if best < _LIKE:
            continue
        # The first lag that is nearly as good: not two periods.
        near = likeness[shortest : longest + 1] > 0.8 * best
        first = int(near.argmax())
        last = first + int(near[first:].argmin() or near[first:].size)
        lag = (
            shortest
            + first
            + int(likeness[shortest + first : shortest + last].argmax())
        )
        found[place] = rate / lag
    return found


def end_pitch(samples: np.ndarray, rate: int) -> float:
    """Return the pitch in semitones of the last 80 ms of audible voice."""
    voiced = track(samples, rate)
    voiced = voiced[np.isfinite(voiced)]
    return float(12 * np.log2(np.median(voiced[-round(_END_S / _STEP_S) :])))
