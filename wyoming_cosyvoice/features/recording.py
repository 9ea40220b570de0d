"""A file or upload -> a short, clean reference recording, or an error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import soxr

from wyoming_cosyvoice.errors import BadRecording, UnusableFile
from wyoming_cosyvoice.features import quality
from wyoming_cosyvoice.features.decoding import MAX_FILE_BYTES, decode
from wyoming_cosyvoice.files import read_file
from wyoming_cosyvoice.machine.memory import available_mb

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

MIN_S, MAX_S = 1.0, 30.0

_MAX_READ_S = 180

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
    if rate_hz < 16_000:  # noqa: PLR2004 - the rate of the networks
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
    except FileNotFoundError as error:
        raise BadRecording(f"There is no file {str(path)!r}.") from error
    except UnusableFile as error:
        raise BadRecording(
            f"The recording {path.name!r} cannot be read: {error}"
        ) from error


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
    shown = math.floor(10 * seconds) / 10  # 0.97 is not "only 1.0 s"
    return BadRecording(
        f"There are only {shown:.1f} s of speech; at least {MIN_S:.0f} s are needed.",
        remedy=f"Record {_GOOD_MIN_S:.0f} to {_GOOD_MAX_S:.0f} s.",
    )


def _judge(samples: Floats, rate_hz: int) -> list[str]:
    """Return notices on noise and clipping; raise BadRecording if there is too much."""
    found = quality.measure(samples, rate_hz)
    if found.snr_db < _WORST_SNR_DB:
        raise BadRecording(
            f"There is too much noise: {found.snr_db:.0f} dB between loud and quiet "
            f"parts, at least {_WORST_SNR_DB:.0f} dB are needed.",
            remedy="Record in a quiet room, close to the microphone.",
        )
    if found.clipped_share > _WORST_CLIPPED:
        raise BadRecording(
            f"The recording is clipped: {found.clipped_share:.0%} of it is at full "
            "scale.",
            remedy="Turn the microphone's level down.",
        )
    notices = []
    if found.snr_db < _GOOD_SNR_DB:
        notices.append("There is noise in the recording, which the voice will copy.")
    if found.clipped_share > _GOOD_CLIPPED:
        notices.append("The recording is clipped in places; turn the level down.")
    return notices


def resample(samples: Floats, rate_hz: int, new_rate_hz: int) -> Floats:
    """Return samples (S,) at another rate, in [-1, 1]."""
    if rate_hz == new_rate_hz:
        return samples
    resampled: Floats = soxr.resample(samples, rate_hz, new_rate_hz)
    return np.clip(resampled, -1.0, 1.0)
