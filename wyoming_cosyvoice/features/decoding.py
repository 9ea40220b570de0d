"""The bytes of a WAV, FLAC, OGG or MP3 file -> mono samples, or an error.

Files are not trusted: size, rate, channels and duration are limited independently of
the header.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from wyoming_cosyvoice.errors import BadRecording
from wyoming_cosyvoice.features.headers import with_sizes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


MAX_FILE_BYTES = 32 << 20

_MIN_RATE_HZ, _MAX_RATE_HZ = 8_000, 192_000

_MAX_CHANNELS = 8

_BLOCK_FRAMES = 1 << 15

_KINDS_REMEDY = "Use a WAV, FLAC, OGG or MP3 file."


def _check_kind(content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise BadRecording(
            f"The recording is larger than {MAX_FILE_BYTES >> 20} MB.",
            remedy="Three to ten seconds of speech are enough.",
        )
    is_wav = content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    is_frame_of_mp3 = content[:1] == b"\xff" and content[1:2] >= b"\xe0"
    if not (is_wav or content[:4] in {b"fLaC", b"OggS"}) and not (
        content[:3] == b"ID3" or is_frame_of_mp3
    ):
        raise BadRecording(
            "The format of the recording is unknown.", remedy=_KINDS_REMEDY
        )


def decode(content: bytes, *, max_s: float) -> tuple[Floats, int, bool]:
    """Return the mono samples (S,) of a file, the rate, and whether it is complete.

    Nothing after ``max_s`` is read.
    Raises: BadRecording if it is damaged or its format is unknown.
    """
    _check_kind(content)
    content = with_sizes(content)
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            rate_hz, channels = file.samplerate, file.channels
            if not _MIN_RATE_HZ <= rate_hz <= _MAX_RATE_HZ:
                raise BadRecording(
                    f"The recording has {rate_hz} samples per second; "
                    f"{_MIN_RATE_HZ} to {_MAX_RATE_HZ} can be used."
                )
            if not 1 <= channels <= _MAX_CHANNELS:
                raise BadRecording(
                    f"The recording has {channels} channels; "
                    f"1 to {_MAX_CHANNELS} can be used."
                )
            most = int(max_s * rate_hz)
            samples = _read_mono(file, max_frames=most + 1)
    except (soundfile.SoundFileError, OSError, RuntimeError, ValueError) as error:
        raise BadRecording(
            "The recording is damaged or its format is unknown.", remedy=_KINDS_REMEDY
        ) from error
    if not np.isfinite(samples).all():
        raise BadRecording("The recording contains samples that are not finite.")
    return samples[:most], rate_hz, len(samples) <= most


def _read_mono(file: soundfile.SoundFile, max_frames: int) -> Floats:
    """Return the mean of all channels (S,), whatever length the header declares.

    If they cancel out, as for a balanced line recorded as stereo, return the loudest
    channel.
    """
    blocks = []
    energies = np.zeros(file.channels + 1)
    for block in _blocks(file, max_frames):  # (F, C)
        mean = block.mean(axis=1, dtype=np.float64)
        blocks.append(mean.astype(np.float32))
        energies[:-1] += np.square(block, dtype=np.float64).sum(axis=0)
        energies[-1] += np.square(mean).sum()
    if not blocks:
        return np.zeros(0, np.float32)
    # The level of one channel in the mean if all others are silent, and half of it.
    loudest = int(energies[:-1].argmax())
    if energies[-1] < energies[loudest] / file.channels**2 / 2:
        file.seek(0)
        blocks = [block[:, loudest].copy() for block in _blocks(file, max_frames)]
    return np.concatenate(blocks)


def _blocks(file: soundfile.SoundFile, max_frames: int) -> Iterator[Floats]:
    left = max_frames
    while left > 0:
        block = file.read(min(left, _BLOCK_FRAMES), dtype="float32", always_2d=True)
        if len(block) == 0:
            return
        yield block
        left -= len(block)
