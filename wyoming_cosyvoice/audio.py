"""Samples as numbers and as bytes."""

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
    """A word as it was written, and when it is heard."""

    text: str
    """With the marks and blanks behind it: joined, words are the text again."""

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
    """Refuse samples that are not sound.

    Raises: SynthesisError if a sample is not finite.
    """
    if not np.isfinite(samples).all():
        raise SynthesisError("The model made samples that are not finite.")


WAV_HEADER_BYTES = 44


def wav_header(audio: PcmFormat, data_bytes: int | None) -> bytes:
    """Return the 44-byte RIFF header before ``data_bytes`` of PCM.

    None stands for a stream whose length is unknown; both size fields then hold the
    largest value, which players take as "until the end".
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
    """Return a WAV file that was written as a stream with its length in the header."""
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
