"""Windows of sound, joined without a seam.

A sentence is spoken in windows that overlap. Three small machines keep what the next
window needs and give out what is finished:

    MelJoiner      cross-fades the frames that two windows share
    Stretcher      changes the speed, frame by frame
    VocoderStream  turns frames into samples, cross-fading again

Upstream: cosyvoice/cli/model.py, token2wav and fade_in_out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.flow import interpolate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.draws import Draws
    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.model.vocoder import Vocoder

    Floats = NDArray[np.float32]


def cross_fade(earlier: Floats, later: Floats) -> Floats:
    """Fade from one version of the same stretch of time to another.

    Shapes: both (1, K) or (1, K, M). The Hamming halves do not quite add up to one at
    the ends (0.08 + 1.0), which is the original's choice.
    """
    length = earlier.shape[1]
    window = np.hamming(2 * length).astype(np.float32)
    shape = (1, length) + (1,) * (earlier.ndim - 2)
    rising, falling = window[:length].reshape(shape), window[length:].reshape(shape)
    return later * rising + earlier * falling


class MelJoiner:
    """Joins mels whose last frames are the next one's first."""

    def __init__(self, overlap_frames: int) -> None:
        self._overlap = overlap_frames
        self._held: Floats | None = None

    def push(self, mel: Floats, *, is_last: bool) -> Floats:
        """Take a window's mel (1, T, M) and return the frames that are final."""
        if self._held is not None:
            shared = self._held.shape[1]
            faded = cross_fade(self._held, mel[:, :shared])
            mel = np.concatenate([faded, mel[:, shared:]], axis=1)
        if is_last:
            return mel
        cut = mel.shape[1] - self._overlap
        self._held = mel[:, cut:]
        return mel[:, :cut]


class Stretcher:
    """Plays mel frames faster or slower, by linear interpolation."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._frames: Floats | None = None
        self._first = 0  # index of the first frame that is kept
        self._made = 0  # frames given out

    def push(self, mel: Floats, *, is_last: bool) -> Floats:
        """Take frames (1, T, M) and return those that can be made of them.

        Frame n lies at (n + 0.5) * speed - 0.5 of the frames taken. A mel that comes in
        one piece is stretched to exactly int(T / speed) frames, as upstream does it,
        but never to none.
        """
        if self._speed == 1.0:
            return mel
        if self._frames is None and is_last:
            count = max(1, int(mel.shape[1] / self._speed))
            left, right, fraction = interpolate(mel.shape[1], count)
            return _between(mel[:, left], mel[:, right], fraction)
        if self._frames is not None:
            mel = np.concatenate([self._frames, mel], axis=1)
        end = self._first + mel.shape[1]
        # Frame n needs the frame right of its place; at the end there is none.
        reach = end if is_last else end - 0.5
        count = max(int(reach / self._speed), 1 if is_last else 0)
        numbers = np.arange(self._made, max(count, self._made))
        places = np.clip((numbers + 0.5) * self._speed - 0.5, 0, end - 1)
        left = places.astype(np.int64)
        right = np.minimum(left + 1, end - 1)
        fraction = (places - left).astype(np.float32)
        stretched = _between(
            mel[:, left - self._first], mel[:, right - self._first], fraction
        )
        self._made += len(numbers)
        # The next frame's left neighbour is the first that is still of use.
        following = int((self._made + 0.5) * self._speed - 0.5)
        used = min(max(following - self._first, 0), mel.shape[1] - 1)
        self._frames, self._first = mel[:, used:], self._first + used
        return stretched


class VocoderStream:
    """Turns frames that come in pieces into samples that join.

    The last frames of a piece are vocoded again with the next one, with the source that
    they have already, and the samples of both versions are cross-faded.
    """

    def __init__(
        self,
        vocoder: Vocoder,
        draws: Draws,
        *,
        again_frames: int,
        shaper: PitchShaper | None = None,
    ) -> None:
        self._vocoder = vocoder
        self._shaper = shaper
        self._draws = draws
        self._again = again_frames
        self._mel: Floats | None = None
        self._source: Floats | None = None
        self._samples: Floats | None = None

    def push(
        self, mel: Floats, *, is_last: bool, cancel: CancelToken | None = None
    ) -> Floats:
        """Take frames (1, T, M) and return the samples (1, S) that are final.

        Raises: SynthesisCancelled, SynthesisError.
        """
        if self._mel is not None:
            mel = np.concatenate([self._mel, mel], axis=1)
        if mel.shape[1] <= (0 if is_last else self._again):
            self._mel = mel
            return np.zeros((1, 0), np.float32)
        settings = self._vocoder.settings
        draws = self._draws.source(len(settings.harmonics), mel.shape[1] * settings.hop)
        samples, source = self._vocoder.generate(
            mel,
            draws,
            known_source=self._source,
            shaper=self._shaper,
            cancel=cancel,
        )
        if self._samples is not None:
            known = self._samples.shape[1]
            faded = cross_fade(self._samples, samples[:, :known])
            samples = np.concatenate([faded, samples[:, known:]], axis=1)
        if is_last:
            return samples
        cut = samples.shape[1] - self._again * settings.hop
        self._mel = mel[:, mel.shape[1] - self._again :]
        self._source, self._samples = source[:, cut:], samples[:, cut:]
        return samples[:, :cut]


def _between(left: Floats, right: Floats, fraction: Floats) -> Floats:
    return left + (right - left) * fraction[None, :, None]
