"""Speech tokens as they come -> samples as early as they can.

    tokens  |--- hop ---|- overlap -|
                        |--- hop ---|- overlap -|
                                    |---- the rest ----|

The flow turns each window into mel, knowing the overlap's noise and mean from the
window before; joining.py makes one sound of them. The original waits for 100 + 20
tokens each time; here the first window is short, so that sound starts soon, and later
ones grow, so that less is computed twice. The seams are smoother than the original's
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
    from wyoming_cosyvoice.model.draws import Draws
    from wyoming_cosyvoice.model.flow import Flow, FlowPrompt, FlowState
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.vocoder import Vocoder
    from wyoming_cosyvoice.pack.settings import FlowSettings

    Floats = NDArray[np.float32]


_LEAST = {
    "first_tokens": 1,
    "growth": 1,
    "most_tokens": 1,
    "overlap_tokens": 1,
    "again_frames": 0,
}


@dataclass(frozen=True, slots=True)
class Windows:
    """How a sentence is cut into windows, in speech tokens and mel frames.

    Raises: ConfigError if a number is out of its range.
    """

    first_tokens: int = 30
    """Tokens that the first window gives to the sound, beside its overlap."""

    growth: float = 1.5
    """Each window's hop by the one before, at least 1. Where sound is made in less than
    two thirds of the time it takes to hear, the next window is ready in time."""

    most_tokens: int = 120
    """The longest hop."""

    overlap_tokens: int = 20
    """Tokens that a window shares with the next."""

    again_frames: int = 20
    """Mel frames that the vocoder sees twice."""

    is_upstream: bool = False
    """Join windows as the original does, to be compared with it: the overlap keeps the
    mean of the window that did not see what follows, the source begins anew in every
    window, and Hamming windows fade."""

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            if getattr(self, name) < least:
                raise ConfigError(f"{name} of the windows must be at least {least}.")

    def hops(self) -> Iterator[int]:
        """Yield the hop of every window."""
        hop = float(self.first_tokens)
        while True:
            yield int(hop)
            hop = min(hop * self.growth, self.most_tokens)


def upstream_windows(token_rate: int) -> Windows:
    """Return the schedule of the original: two seconds, again and again."""
    hop = 2 * token_rate
    return Windows(first_tokens=hop, growth=1.0, most_tokens=hop, is_upstream=True)


_ONE_WINDOW = Windows(first_tokens=1 << 30, most_tokens=1 << 30)


@dataclass(frozen=True, slots=True)
class Sound:
    """What the flow and the vocoder need to know about a sentence's sound."""

    speaker_embedding: Floats
    """(E,)"""

    prompt: FlowPrompt
    settings: FlowSettings
    speed: float = 1.0
    """0.5 (half as fast) to 2.0."""

    prosody: Prosody | None = None
    """How the pitch is moved; None leaves it as the vocoder predicts it."""


class SoundStream:
    """Flow and vocoder over the windows of one sentence."""

    def __init__(
        self,
        flow: Flow,
        vocoder: Vocoder,
        sound: Sound,
        draws: Draws,
        *,
        windows: Windows | None,
        cancel: CancelToken | None = None,
    ) -> None:
        self._flow = flow
        self._sound = sound
        self._draws = draws
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
        shaper = (
            PitchShaper(sound.prosody, vocoder.settings.voiced_above_hz)
            if sound.prosody is not None
            else None
        )
        self._vocoder = VocoderStream(
            vocoder,
            draws,
            again_frames=windows.again_frames,
            shaper=shaper,
            fade=fade,
            begins_anew=windows.is_upstream,
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
            self._draws.flow_noise(frames, flow.mel_bins),
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
