"""Find the speech in a recording, and measure its level, noise and clipping.

Everything is based on levels: the RMS of frames of 20 ms in dBFS. That separates speech
from pauses in any language, without a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Marks = NDArray[np.bool_]
    Places = NDArray[np.intp]

FRAMES_PER_S = 50

_SILENCE_DB = -120.0
_LOUD_PERCENTILE = 95
_QUIET_PERCENTILE = 10
# Level range of the vowels and fricatives of a sentence.
_SPEECH_RANGE_DB = 30.0
# Steady noise varies by less than this.
_NOISE_RANGE_DB = 6.0
_LOUD_FRAMES = 15
_PAUSE_FRAMES = 8
_FULL_SCALE = 0.985
_CLIPPED_RUN = 3


@dataclass(frozen=True, slots=True)
class Quality:
    """Measured quality of a recording or a part of it."""

    snr_db: float
    """Loud frames relative to quiet ones in dB; below 10, noise covers speech."""
    clipped_share: float
    """Share of samples in runs at full scale, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a recording, in frames; ``stop`` is the first one after it."""

    start: int
    stop: int

    @property
    def seconds(self) -> float:
        """Length of the part in seconds."""
        return (self.stop - self.start) / FRAMES_PER_S


def frame_levels(samples: Floats, rate_hz: int) -> Floats:
    """Return the level of each whole frame of samples (S,), in dB: (F,)."""
    size = rate_hz // FRAMES_PER_S
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(np.square(frames), axis=1, dtype=np.float64)
    floor = 10 ** (_SILENCE_DB / 10)
    return (10 * np.log10(np.maximum(power, floor))).astype(np.float32)


def measure(samples: Floats, rate_hz: int) -> Quality:
    """Measure samples (S,) of at least one frame, without outer silence."""
    loud, quiet = np.percentile(
        frame_levels(samples, rate_hz), [_LOUD_PERCENTILE, _QUIET_PERCENTILE]
    )
    clipped = _is_clipped(samples).mean()
    return Quality(float(loud - quiet), float(clipped))


def speech_part(levels: Floats) -> Part:
    """Return the part from the first to the last frame of speech."""
    found = np.flatnonzero(_is_speech(levels))
    return Part(int(found[0]), int(found[-1]) + 1)


def best_part(
    samples: Floats, rate_hz: int, *, within: Part, min_s: float, max_s: float
) -> Part:
    """Return the part that holds the most speech and the least clipping.

    It starts after a pause or at the start of speech, and ends before a pause if
    possible. ``within`` is the ``speech_part``, which has to be longer than ``max_s``.
    """
    levels = frame_levels(samples, rate_hz)
    is_speech = _is_speech(levels)
    size = rate_hz // FRAMES_PER_S
    is_bad = _is_clipped(samples)[: len(levels) * size].reshape(-1, size).any(axis=1)
    # Cumulative sums, so that the score of a part is one difference.
    worth = np.concatenate([[0], np.cumsum(is_speech.astype(int) - 10 * is_bad)])

    starts, stops = _speech_edges(is_speech)
    shortest, longest = int(min_s * FRAMES_PER_S), int(max_s * FRAMES_PER_S)
    parts = []
    for start in starts:
        allowed = stops[(stops >= start + shortest) & (stops <= start + longest)]
        stop = allowed[-1] if len(allowed) else min(start + longest, within.stop)
        parts.append(Part(int(start), int(stop)))
    return max(parts, key=lambda part: worth[part.stop] - worth[part.start])


def _is_speech(levels: Floats) -> Marks:
    quiet = np.percentile(levels, _QUIET_PERCENTILE)
    # Loud for a syllable or two: longer than a knock, and robust to long silence.
    loudest = np.sort(levels)[-_LOUD_FRAMES:][0]
    # Above the noise, if there is any; without pauses, nearly everything.
    above_noise = min(quiet + _NOISE_RANGE_DB, loudest - 2 * _NOISE_RANGE_DB)
    threshold = max(loudest - _SPEECH_RANGE_DB, above_noise)
    is_speech: Marks = levels >= threshold
    return is_speech


def _speech_edges(is_speech: Marks) -> tuple[Places, Places]:
    """Return the starts of speech after pauses, and its ends before pauses."""
    pause = np.zeros(_PAUSE_FRAMES, np.bool_)
    padded = np.concatenate([pause, is_speech, pause])
    # [i]: the frames before i are a pause
    is_quiet = _runs(np.logical_not(padded), _PAUSE_FRAMES)
    frames = len(is_speech)
    starts = np.flatnonzero(is_speech & is_quiet[:frames])
    stops = 1 + np.flatnonzero(is_speech & is_quiet[_PAUSE_FRAMES + 1 :])
    return starts, stops


def _is_clipped(samples: Floats) -> Marks:
    """Mark runs of samples at full scale."""
    is_full = np.abs(samples) >= _FULL_SCALE
    runs = _runs(is_full, _CLIPPED_RUN)
    marked = np.zeros(len(samples), np.bool_)
    for offset in range(_CLIPPED_RUN):
        marked[offset : offset + len(runs)] |= runs
    return marked


def _runs(marks: Marks, length: int) -> Marks:
    """Return where ``length`` marks in a row begin: (len(marks) - length + 1,)."""
    all_marked: Marks = np.all(sliding_window_view(marks, length), axis=1)
    return all_marked
