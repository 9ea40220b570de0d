"""Conversion of samples to PCM, and WAV headers."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_INT16_PEAK = 32767.0


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """Signed little-endian PCM, as Wyoming describes it."""

    rate_hz: int
    width_bytes: int = 2
    channels: int = 1


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the text and its time in the audio."""

    text: str
    """Includes the following punctuation and spaces: joined, words give the text."""

    start_s: float
    end_s: float


def to_pcm16(samples: Floats) -> bytes:
    """Turn samples (S,) into 16-bit little-endian PCM, as ``to_int16`` does.

    Raises: SynthesisError if a sample is not finite.
    """
    return to_int16(samples).tobytes()


def to_int16(samples: Floats) -> NDArray[np.int16]:
    """Turn samples in [-1, 1] into little-endian integers, clipping what is outside.

    Shapes: (S,) to (S,). Raises: SynthesisError if a sample is not finite.
    """
    return np.round(bounded(samples) * _INT16_PEAK).astype("<i2")


def bounded(samples: Floats) -> Floats:
    """Return a copy of samples (S,), clipped to [-1, 1].

    Raises: SynthesisError if a sample is not finite.
    """
    check_finite(samples)
    return np.clip(samples, np.float32(-1.0), np.float32(1.0))


def check_finite(samples: Floats) -> None:
    """Check that samples are finite.

    Raises: SynthesisError if a sample is not finite.
    """
    if not np.isfinite(samples).all():
        raise SynthesisError("The model returned samples that are not finite.")


WAV_HEADER_BYTES = 44


def wav_header(audio: PcmFormat, data_bytes: int | None) -> bytes:
    """Return the 44-byte RIFF header before ``data_bytes`` of PCM.

    None is for a stream of unknown length; both size fields then have the maximum
    value, which players interpret as "until the end".
    """
    unknown = 0xFFFFFFFF
    data_field = unknown if data_bytes is None else data_bytes
    riff_field = unknown if data_bytes is None else data_bytes + 36
    frame_bytes = audio.width_bytes * audio.channels
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        riff_field,
        b"WAVE",
        b"fmt ",
        16,
        1,
        audio.channels,
        audio.rate_hz,
        audio.rate_hz * frame_bytes,
        frame_bytes,
        audio.width_bytes * 8,
        b"data",
        data_field,
    )


def state_length(streamed_wav: bytes) -> bytes:
    """Return a streamed WAV file with its actual length in the header."""
    data_bytes = len(streamed_wav) - WAV_HEADER_BYTES
    riff_field, data_field = (
        size.to_bytes(4, "little") for size in (data_bytes + 36, data_bytes)
    )
    return b"".join(
        (
            *(streamed_wav[:4], riff_field, streamed_wav[8:40], data_field),
            streamed_wav[WAV_HEADER_BYTES:],
        )
    )
