"""A file or upload -> a short, clean reference recording, or an error.

Files are not trusted: size, rate, channels and duration are limited independently of
the header, and only four formats are accepted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

from wyoming_cosyvoice.errors import BadRecording, UnusableFile
from wyoming_cosyvoice.features import quality
from wyoming_cosyvoice.features.headers import with_sizes
from wyoming_cosyvoice.files import read_file
from wyoming_cosyvoice.machine.memory import available_mb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MAX_FILE_BYTES = 32 << 20
MIN_S, MAX_S = 1.0, 30.0

_MAX_READ_S = 180
_MIN_RATE_HZ, _MAX_RATE_HZ = 8_000, 192_000
_MAX_CHANNELS = 8
_BLOCK_FRAMES = 1 << 15

# The best length for cloning, to which longer recordings are cut.
_GOOD_MIN_S, _GOOD_MAX_S = 3.0, 10.0
_MARGIN_FRAMES = 5

# With less memory, recordings are cut to a shorter part.
_ENOUGH_MB, _LITTLE_MB = 1_000, 500
_SMALL_MAX_S = 15.0

_SILENT_DB = -60.0
_WORST_SNR_DB, _GOOD_SNR_DB = 10.0, 20.0
_WORST_CLIPPED, _GOOD_CLIPPED = 0.02, 0.0005
# Cloning copies the loudness; outside this range the voice would whisper or clip.
_MIN_PEAK, _MAX_PEAK = 0.3, 0.8

_KINDS_REMEDY = "Use a WAV, FLAC, OGG or MP3 file."


@dataclass(frozen=True, slots=True)
class Recording:
    """The part of a recording that is used, at several sample rates."""

    samples_16k: Floats
    """(S,) at 16,000 Hz, in [-1, 1]."""
    samples_22k: Floats
    """(S,) at 22,050 Hz, in [-1, 1]."""
    samples_24k: Floats
    """(S,) at 24,000 Hz, in [-1, 1]."""
    start_s: float
    """Start of the part in the file."""
    duration_s: float
    """1 to 30 seconds."""
    is_excerpt: bool
    """Whether speech was cut: a transcript of the whole file does not match."""
    notices: tuple[str, ...] = ()
    """Advice for the user, one sentence each."""

    def samples(self, rate_hz: int) -> Floats:
        """Return the samples at one of the available rates.

        Raises: KeyError for another rate.
        """
        known = {
            16_000: self.samples_16k,
            22_050: self.samples_22k,
            24_000: self.samples_24k,
        }
        return known[rate_hz]


def longest_s(available_mb: int | None) -> float:
    """Return the maximum length of a recording for the available memory.

    Memory grows with the square of the length: measured by
    ``tests/judge/test_cloning_memory.py``, 130 MB for 5 s, 180 for 10 and 510 for 29.
    None: the memory is unknown.
    """
    if available_mb is None or available_mb >= _ENOUGH_MB:
        return MAX_S
    return _SMALL_MAX_S if available_mb >= _LITTLE_MB else _GOOD_MAX_S


def load_recording(source: Path | bytes, *, max_s: float | None = None) -> Recording:
    """Read a WAV, FLAC, OGG or MP3 file, or the bytes of one.

    Silence around the speech is cut off; a recording longer than ``max_s`` is cut to
    its best part of up to 10 s. None means 30 s, or less on a machine with little
    memory.
    Raises: BadRecording if it cannot be read, is too short, silent, clipped or noisy.
    """
    content = source if isinstance(source, bytes) else read_recording(source)
    max_s = longest_s(available_mb()) if max_s is None else max_s
    samples, rate_hz, is_whole = decode(content, max_s=_MAX_READ_S)
    notices = []
    if not is_whole:
        notices.append(f"Only the first {_MAX_READ_S} s are used.")
    if rate_hz < 16_000:  # noqa: PLR2004 - the rate that the networks hear
        notices.append(
            f"The recording has only {rate_hz} samples per second and sounds dull."
        )
    samples, start_s, is_excerpt, cut_notices = _cut(samples, rate_hz, max_s)
    notices += cut_notices + _judge(samples, rate_hz)

    peak = float(np.abs(samples).max())
    samples = samples * np.float32(np.clip(peak, _MIN_PEAK, _MAX_PEAK) / peak)
    return Recording(
        samples_16k=resample(samples, rate_hz, 16_000),
        samples_22k=resample(samples, rate_hz, 22_050),
        samples_24k=resample(samples, rate_hz, 24_000),
        start_s=start_s,
        duration_s=len(samples) / rate_hz,
        is_excerpt=is_excerpt,
        notices=tuple(notices),
    )


def read_recording(path: Path) -> bytes:
    """Read a recording from a file.

    Raises: BadRecording if it cannot be read.
    """
    try:
        return read_file(path, max_bytes=MAX_FILE_BYTES)
    except (FileNotFoundError, UnusableFile) as error:
        raise BadRecording(f"The recording {path.name!r} cannot be read.") from error


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


def _cut(
    samples: Floats, rate_hz: int, max_s: float
) -> tuple[Floats, float, bool, list[str]]:
    """Return the used part, where it starts, whether speech was left out, notices."""
    if len(samples) < MIN_S * rate_hz:
        raise _too_short(len(samples) / rate_hz)
    # Only floating-point files exceed full scale; these are not clipped.
    samples = samples / max(np.float32(1.0), np.abs(samples).max())
    samples -= samples.mean()
    levels = quality.frame_levels(samples, rate_hz)
    check_audible(levels)
    part = quality.speech_part(levels)
    is_excerpt = part.seconds > max_s
    if is_excerpt:
        part = quality.best_part(
            samples, rate_hz, within=part, min_s=_GOOD_MIN_S, max_s=_GOOD_MAX_S
        )
    if part.seconds < MIN_S:
        raise _too_short(part.seconds)
    notices = []
    # Margins within the maximum length of the networks.
    room = int(max_s * quality.FRAMES_PER_S) - (part.stop - part.start)
    margin = min(_MARGIN_FRAMES, room // 2)
    start = max(0, part.start - margin)
    stop = min(len(levels), part.stop + margin)
    size = rate_hz // quality.FRAMES_PER_S
    start_s, stop_s = start * size / rate_hz, stop * size / rate_hz
    if is_excerpt:
        notices.append(
            f"The recording is longer than {max_s:.0f} s; only the part from "
            f"{start_s:.1f} s to {stop_s:.1f} s is used."
        )
    elif part.seconds < _GOOD_MIN_S:
        notices.append(
            f"There are only {part.seconds:.1f} s of speech; "
            f"{_GOOD_MIN_S:.0f} to {_GOOD_MAX_S:.0f} s sound better."
        )
    return samples[start * size : stop * size], start_s, is_excerpt, notices


def check_audible(levels: Floats) -> None:
    """Check that a recording is not silent, from the levels of its frames in dB (F,).

    Raises: BadRecording.
    """
    if levels.max() < _SILENT_DB:
        raise BadRecording(
            f"The recording is silent: {levels.max():.0f} dB at its loudest.",
            remedy="Check the microphone.",
        )


def _too_short(seconds: float) -> BadRecording:
    return BadRecording(
        f"There are only {seconds:.1f} s of speech; at least {MIN_S:.0f} s are needed.",
        remedy=f"Record {_GOOD_MIN_S:.0f} to {_GOOD_MAX_S:.0f} s.",
    )


def _judge(samples: Floats, rate_hz: int) -> list[str]:
    """Return notices on noise and clipping; raise BadRecording if there is too much."""
    heard = quality.measure(samples, rate_hz)
    if heard.snr_db < _WORST_SNR_DB:
        raise BadRecording(
            f"Speech cannot be told from noise: {heard.snr_db:.0f} dB between the loud "
            f"and the quiet, at least {_WORST_SNR_DB:.0f} dB are needed.",
            remedy="Record in a quiet room, close to the microphone.",
        )
    if heard.clipped_share > _WORST_CLIPPED:
        raise BadRecording(
            f"The recording is clipped: {heard.clipped_share:.0%} of it is at full "
            "scale.",
            remedy="Turn the microphone's level down.",
        )
    notices = []
    if heard.snr_db < _GOOD_SNR_DB:
        notices.append("There is noise in the recording, which the voice will copy.")
    if heard.clipped_share > _GOOD_CLIPPED:
        notices.append("The recording is clipped in places; turn the level down.")
    return notices


def resample(samples: Floats, rate_hz: int, new_rate_hz: int) -> Floats:
    """Return samples (S,) at another rate, in [-1, 1]."""
    if rate_hz == new_rate_hz:
        return samples
    resampled: Floats = soxr.resample(samples, rate_hz, new_rate_hz)
    return np.clip(resampled, -1.0, 1.0)
