"""Join windows of sound without seams.

A sentence is synthesized in overlapping windows. Three stateful stages keep what the
next window needs and return what is final:

    MelJoiner      cross-fades the frames that two windows share
    Stretcher      changes the speed, frame by frame
    VocoderStream  turns frames into samples, cross-fading again

Upstream: cosyvoice/cli/model.py, token2wav. The original restarts the source in each
window; here its phase continues (see VocoderStream).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.fade import HELD, Fade, cross_fade, smooth
from wyoming_cosyvoice.model.flow import interpolate
from wyoming_cosyvoice.model.vocoder import KnownSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.noise import Noise
    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.model.vocoder import Vocoded, Vocoder

    Floats = NDArray[np.float32]


class MelJoiner:
    """Joins mels whose last frames are the first frames of the next one."""

    def __init__(self, overlap_frames: int, *, fade: Fade = smooth) -> None:
        self._overlap = overlap_frames
        self._fade = fade
        self._held: Floats | None = None

    def push(self, mel: Floats, *, is_last: bool) -> Floats:
        """Take a window's mel (1, T, M) and return the frames that are final."""
        if self._held is not None:
            shared = self._held.shape[1]
            faded = cross_fade(self._held, mel[:, :shared], self._fade)
            mel = np.concatenate([faded, mel[:, shared:]], axis=1)
        if is_last:
            return mel
        cut = mel.shape[1] - self._overlap
        self._held = mel[:, cut:]
        return mel[:, :cut]


class Stretcher:
    """Changes the speed of mel frames by linear interpolation."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._frames: Floats | None = None
        self._first = 0  # index of the first frame that is kept
        self._made = 0  # frames returned

    def push(self, mel: Floats, *, is_last: bool) -> Floats:
        """Take frames (1, T, M) and return the new frames that can be computed.

        Frame n is at (n + 0.5) * speed - 0.5 of the input frames. A mel that comes in
        one piece is stretched to exactly int(T / speed) frames, as upstream, but at
        least one.
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
        # Frame n needs the frame to its right, except at the end.
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
        # The left neighbour of the next frame is the first one still needed.
        following = int((self._made + 0.5) * self._speed - 0.5)
        used = min(max(following - self._first, 0), mel.shape[1] - 1)
        self._frames, self._first = mel[:, used:], self._first + used
        return stretched


class VocoderStream:
    """Turns pieces of mel into samples that join.

    The last frames of a piece are vocoded again with the next one, and the samples of
    both versions are cross-faded. Both use the same source during the fade, and its
    phase continues into the next piece: with different phases the fade would sound
    hoarse. With ``restarts_source`` the phase starts at 0 in each piece, as in the
    original, where all repeated frames keep their source.
    """

    def __init__(
        self,
        vocoder: Vocoder,
        noise: Noise,
        *,
        vocoder_overlap_frames: int,
        shaper: PitchShaper | None = None,
        fade: Fade = smooth,
        restarts_source: bool = False,
    ) -> None:
        self._vocoder = vocoder
        self._shaper = shaper
        self._noise = noise
        self._overlap = vocoder_overlap_frames
        self._fade = fade
        self._restarts_source = restarts_source
        self._mel: Floats | None = None
        self._first_frame = 0  # of the mel, in the sentence
        self._known: KnownSource | None = None
        self._samples: Floats | None = None

    def push(
        self, mel: Floats, *, is_last: bool, cancel: CancelToken | None = None
    ) -> Floats:
        """Take frames (1, T, M) and return the samples (1, S) that are final.

        Raises: SynthesisCancelled, SynthesisError.
        """
        if self._mel is not None:
            mel = np.concatenate([self._mel, mel], axis=1)
        if mel.shape[1] <= (0 if is_last else self._overlap):
            self._mel = mel
            return np.zeros((1, 0), np.float32)
        settings = self._vocoder.settings
        noise = self._noise.source(len(settings.harmonics), mel.shape[1] * settings.hop)
        made = self._vocoder.generate(
            mel,
            noise,
            known=self._known,
            shaper=self._shaper,
            first_frame=self._first_frame,
            cancel=cancel,
        )
        samples = made.samples
        if self._samples is not None:
            known = self._samples.shape[1]
            faded = cross_fade(self._samples, samples[:, :known], self._fade)
            samples = np.concatenate([faded, samples[:, known:]], axis=1)
        if is_last:
            return samples
        first = mel.shape[1] - self._overlap
        cut = first * settings.hop
        self._mel, self._samples = mel[:, first:], samples[:, cut:]
        self._first_frame += first
        self._known = self._source_from(made, first)
        return samples[:, :cut]

    def _source_from(self, made: Vocoded, first: int) -> KnownSource:
        """Return the source from frame ``first`` on, for the next piece."""
        hop = self._vocoder.settings.hop
        if self._restarts_source:
            return KnownSource(made.f0[:, :0], made.source[:, first * hop :], 0.0)
        # The pitch of the very last frames was predicted without right context.
        end = first + math.ceil(self._overlap * (1 - HELD))
        begin = float(made.cycles[first]) if first < len(made.cycles) else 0.0
        source = made.source[:, first * hop : end * hop]
        return KnownSource(made.f0[:, first:end], source, begin)


def _between(left: Floats, right: Floats, fraction: Floats) -> Floats:
    return left + (right - left) * fraction[None, :, None]
