"""Streaming for the 300M family: speech tokens -> samples, as early as possible.

    tokens  |--- hop ---|- overlap -|
                        |--- hop ---|- overlap -|
                                    |---- the rest ----|

The flow turns each window into mel, reusing the noise and mean of the overlap from the
previous window; joining.py joins the windows. The original waits for 100 + 20 tokens
each time; here the first window is short, so that audio starts early, and later ones
grow, so that less is computed twice. The joins are smoother than in the original
(``Windows.is_upstream``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.model.fade import hamming, smooth
from wyoming_cosyvoice.model.joining import MelJoiner, Stretcher, VocoderStream
from wyoming_cosyvoice.model.prosody import PitchShaper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.flow import Flow, FlowPrompt, FlowState
    from wyoming_cosyvoice.model.noise import Noise
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.rising import Rise
    from wyoming_cosyvoice.model.vocoder import Vocoder
    from wyoming_cosyvoice.pack.settings import FlowSettings

    Floats = NDArray[np.float32]


_MINIMUM = {
    "first_tokens": 1,
    "growth": 1,
    "max_tokens": 1,
    "overlap_tokens": 1,
    "vocoder_overlap_frames": 0,
}


@dataclass(frozen=True, slots=True)
class Windows:
    """How a sentence is cut into windows, in speech tokens and mel frames.

    Raises: ConfigError if a number is out of its range.
    """

    first_tokens: int = 30
    """New tokens of the first window, without the overlap."""

    growth: float = 1.5
    """Ratio of consecutive hops, at least 1. If the real-time factor is below 2/3, the
    next window is ready in time."""

    max_tokens: int = 120
    """The longest hop."""

    overlap_tokens: int = 20
    """Tokens that a window shares with the next."""

    vocoder_overlap_frames: int = 20
    """Mel frames that the vocoder processes twice."""

    is_upstream: bool = False
    """Join windows as the original does, for comparisons: the overlap keeps the mean of
    the earlier window, the source restarts in every window, Hamming windows fade."""

    def __post_init__(self) -> None:
        for name, minimum in _MINIMUM.items():
            if getattr(self, name) < minimum:
                raise ConfigError(f"{name} of the windows must be at least {minimum}.")

    def hops(self) -> Iterator[int]:
        """Yield the hop of each window in turn."""
        hop = float(self.first_tokens)
        while True:
            yield int(hop)
            hop = min(hop * self.growth, self.max_tokens)


def upstream_windows(token_rate: int) -> Windows:
    """Return the windows of the original: a constant hop of two seconds."""
    hop = 2 * token_rate
    return Windows(first_tokens=hop, growth=1.0, max_tokens=hop, is_upstream=True)


_ONE_WINDOW = Windows(first_tokens=1 << 30, max_tokens=1 << 30)


@dataclass(frozen=True, slots=True)
class Sound:
    """Inputs of the flow and the vocoder for one sentence."""

    speaker_embedding: Floats
    """(E,)"""

    prompt: FlowPrompt
    settings: FlowSettings
    speed: float = 1.0
    """0.5 (half as fast) to 2.0."""

    prosody: Prosody | None = None
    """Changes to the pitch; None keeps the predicted pitch."""

    rise: Rise | None = None
    """The end of a question that rises."""


class SoundStream:
    """Flow and vocoder over the windows of one sentence."""

    def __init__(
        self,
        flow: Flow,
        vocoder: Vocoder,
        sound: Sound,
        noise: Noise,
        *,
        windows: Windows | None,
        cancel: CancelToken | None = None,
    ) -> None:
        self._flow = flow
        self._sound = sound
        self._noise = noise
        self._cancel = cancel
        windows = windows or _ONE_WINDOW
        self._overlap_tokens = windows.overlap_tokens
        self._overlap_frames = flow.frames(windows.overlap_tokens)
        self._hops = windows.hops()
        self._hop = next(self._hops)
        self._state: FlowState | None = None
        fade = hamming if windows.is_upstream else smooth
        self._fade_of_mean = None if windows.is_upstream else smooth
        self._joiner = MelJoiner(self._overlap_frames, fade=fade)
        self._stretcher = Stretcher(sound.speed)
        shaper = None
        if sound.prosody is not None or sound.rise is not None:
            shaper = PitchShaper(
                sound.prosody,
                vocoder.settings.voiced_above_hz,
                rise=sound.rise,
                tokens_per_frame=sound.speed / flow.frames_per_token,
            )
        self._vocoder = VocoderStream(
            vocoder,
            noise,
            vocoder_overlap_frames=windows.vocoder_overlap_frames,
            shaper=shaper,
            fade=fade,
            restarts_source=windows.is_upstream,
        )
        self._tokens: list[int] = []

    def push(self, token: int) -> Floats | None:
        """Take a token; return samples (S,) if there are new ones.

        Raises: SynthesisCancelled, SynthesisError.
        """
        self._tokens.append(token)
        if len(self._tokens) < self._hop + self._overlap_tokens:
            return None
        samples = self._speak(self._tokens, is_last=False)
        self._tokens = self._tokens[self._hop :]
        self._hop = next(self._hops)
        return samples if samples.size else None

    def finish(self) -> Floats:
        """Return the samples (S,) of all tokens that are left.

        Raises: SynthesisCancelled, SynthesisError.
        """
        if not self._tokens:
            return np.zeros(0, np.float32)
        return self._speak(self._tokens, is_last=True)

    def _speak(self, tokens: Sequence[int], *, is_last: bool) -> Floats:
        sound, flow = self._sound, self._flow
        prompt_frames = 0 if sound.prompt.mel is None else len(sound.prompt.mel)
        frames = prompt_frames + flow.frames(len(tokens))
        mel, self._state = flow.generate(
            tokens,
            sound.prompt,
            sound.speaker_embedding,
            self._noise.flow_noise(frames, flow.mel_bins),
            sound.settings,
            before=self._state,
            overlap_frames=self._overlap_frames,
            fade=self._fade_of_mean,
            cancel=self._cancel,
        )
        mel = self._joiner.push(mel, is_last=is_last)
        mel = self._stretcher.push(mel, is_last=is_last)
        samples = self._vocoder.push(mel, is_last=is_last, cancel=self._cancel)
        last: Floats = samples[0]
        return last
