"""A recording for voice conversion -> pieces for the speech tokenizer.

The speech tokenizer takes at most 30 seconds, so a longer recording is cut at quiet
places. Unlike a reference recording, it is used completely and its level is unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import BadRecording
from wyoming_cosyvoice.features import quality
from wyoming_cosyvoice.features.decoding import decode
from wyoming_cosyvoice.features.recording import check_audible, resample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RATE_HZ = 16_000
MAX_SOURCE_S = 600.0
MIN_SOURCE_S = 0.5

_MAX_PIECE_S, _MIN_PIECE_S = 30.0, 15.0
_MIN_REST_S = 1.0
_PAUSE_FRAMES = 10


@dataclass(frozen=True, slots=True)
class SourcePiece:
    """A piece of a recording, converted like a sentence."""

    samples_16k: Floats
    """(S,) at 16,000 Hz, in [-1, 1]; 0.5 to 30 seconds."""

    language: str | None = None
    """Empty: there is no text."""

    @property
    def max_speech_s(self) -> float:
        """Length in seconds."""
        return len(self.samples_16k) / RATE_HZ


def read_source(content: bytes) -> list[SourcePiece]:
    """Read a file of up to ten minutes.

    Raises: BadRecording if it cannot be read, is too short, too long or silent.
    """
    samples, rate_hz, is_whole = decode(content, max_s=MAX_SOURCE_S)
    if not is_whole:
        raise BadRecording(
            f"The recording is longer than {MAX_SOURCE_S:.0f} s.",
            remedy="Cut it into parts.",
        )
    if len(samples) < MIN_SOURCE_S * rate_hz:
        raise BadRecording(
            f"The recording has only {len(samples) / rate_hz:.1f} s; at least "
            f"{MIN_SOURCE_S} s are needed."
        )
    samples = resample(
        samples / max(1.0, float(np.abs(samples).max())), rate_hz, RATE_HZ
    )
    check_audible(quality.frame_levels(samples, RATE_HZ))
    return [SourcePiece(part) for part in cut_where_quiet(samples)]


def cut_where_quiet(samples_16k: Floats) -> list[Floats]:
    """Cut samples (S,) into parts of at most 30 s, at their quietest fifth of a second.

    All samples are in one of the parts, in order.
    """
    parts = []
    size = RATE_HZ // quality.FRAMES_PER_S
    while len(samples_16k) > _MAX_PIECE_S * RATE_HZ:
        latest_s = min(_MAX_PIECE_S, len(samples_16k) / RATE_HZ - _MIN_REST_S)
        first, last = (int(s * quality.FRAMES_PER_S) for s in (_MIN_PIECE_S, latest_s))
        levels = quality.frame_levels(samples_16k[: last * size], RATE_HZ)[first:]
        loudness = np.convolve(10 ** (levels / 10), np.ones(_PAUSE_FRAMES), "valid")
        middle = first + int(loudness.argmin()) + _PAUSE_FRAMES // 2
        parts.append(samples_16k[: middle * size])
        samples_16k = samples_16k[middle * size :]
    return [*parts, samples_16k]
