"""Speech tokens and a speaker -> mel, by flow matching.

An encoder predicts the mean mel ``mu``; a few Euler steps along the learned velocity
lead from noise to the mel (Matcha-TTS, arXiv 2309.03199; guidance as in Voicebox, arXiv
2306.15687; upstream cosyvoice/flow). Mels are time-major here: (1, T, M).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.device import CPU
from wyoming_cosyvoice.model.fade import Fade, cross_fade
from wyoming_cosyvoice.model.positions import PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.pack.settings import FlowSettings

    Floats = NDArray[np.float32]

# The first and last tokens of a window overlap its neighbours. They are stretched
# separately, so that they become the same number of frames in both windows.
_EDGE_TOKENS = 20


@dataclass(frozen=True, slots=True)
class FlowPrompt:
    """Prompt of the flow from a reference recording; both parts may be empty."""

    speech_tokens: tuple[int, ...] = ()
    mel: Floats | None = None
    """(T1, M): mel of the recording."""


@dataclass(frozen=True, slots=True)
class FlowState:
    """State passed from one window to the next, so that the windows join."""

    noise: Floats
    """(1, O, M) noise of the prompt and of the last frames."""

    mu: Floats
    """(1, O, M) mean mel of the same frames."""


class Flow:
    """Encoder and estimator.

    ``token_rate`` is in tokens per second of speech, ``frame_rate`` in mel frames.
    """

    def __init__(
        self,
        pack: Path,
        *,
        threads: int,
        token_rate: float,
        frame_rate: float,
        device: Device = CPU,
    ) -> None:
        # The encoder runs once a window: a device would gain nothing.
        self._encoder = Stage(pack / "flow_encoder.onnx", threads=threads)
        self._estimator = Stage(
            pack / "flow_estimator.onnx", threads=threads, device=device
        )
        self._positions = PositionTables(
            pack / "flow_encoder_positions.onnx", threads=threads, is_causal=False
        )
        self._token_rate = token_rate
        self._frame_rate = frame_rate
        self.mel_bins = int(self._estimator.shape("mel")[2])

    @property
    def frames_per_token(self) -> float:
        """Mel frames per speech token."""
        return self._frame_rate / self._token_rate

    def frames(self, tokens: int) -> int:
        """Return the number of mel frames for a number of speech tokens."""
        return int(tokens / self._token_rate * self._frame_rate)

    def encode(
        self,
        speech_tokens: Sequence[int],
        prompt: FlowPrompt,
        speaker_embedding: Floats,
        *,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return mu (1, T, M), prompt frames first, and the condition (1, T, 2 M).

        The condition is the speaker and the prompt mel, further inputs of the
        estimator. Raises: SynthesisCancelled, SynthesisError.
        """
        prompt_mel = prompt.mel
        prompt_frames = 0 if prompt_mel is None else len(prompt_mel)
        left, right, fraction = self._regulate(
            len(prompt.speech_tokens), prompt_frames, len(speech_tokens)
        )
        tokens = np.array([[*prompt.speech_tokens, *speech_tokens]], np.int64)
        outputs = self._encoder.run(
            {
                "speech_tokens": tokens,
                "speaker_embedding": speaker_embedding.reshape(1, -1),
                "left": left,
                "right": right,
                "fraction": fraction,
                **self._positions.tables(tokens.shape[1]),
            },
            cancel=cancel,
        )
        mu = outputs["mu"]  # (1, T, M)
        speaker = np.repeat(outputs["speaker"][:, None], mu.shape[1], axis=1)
        prompt_condition = np.zeros_like(mu)
        if prompt_mel is not None:
            prompt_condition[0, :prompt_frames] = prompt_mel
        return mu, np.concatenate([speaker, prompt_condition], axis=2)

    def velocity(
        self,
        mel: Floats,
        mu: Floats,
        condition: Floats,
        time: float,
        *,
        is_guided: bool = True,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Run the estimator once: (2, T, M), unconditional last, or (1, T, M)."""
        row = np.concatenate([mu, condition], axis=2)  # (1, T, 3 M)
        rows = np.concatenate([row, np.zeros_like(row)]) if is_guided else row
        return self._estimate(mel, rows, time, cancel)

    def solve(
        self,
        mu: Floats,
        condition: Floats,
        noise: Floats,
        settings: FlowSettings,
        *,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Integrate the flow from noise (1, T, M) to a mel (1, T, M).

        Raises: SynthesisCancelled between steps and inside them, SynthesisError.
        """
        row = np.concatenate([mu, condition], axis=2)  # (1, T, 3 M)
        rows = np.concatenate([row, np.zeros_like(row)])
        mel = noise * np.float32(settings.temperature)
        for now, then in itertools.pairwise(schedule(settings.steps)):
            is_guided = settings.is_guided_at(float(now))
            velocity = self._estimate(
                mel, rows if is_guided else row, float(now), cancel
            )
            if is_guided:
                with_guidance = np.float32(1 + settings.guidance) * velocity[:1]
                velocity = with_guidance - np.float32(settings.guidance) * velocity[1:]
            mel = mel + (then - now) * velocity
        return mel

    def generate(
        self,
        speech_tokens: Sequence[int],
        prompt: FlowPrompt,
        speaker_embedding: Floats,
        noise: Floats,
        settings: FlowSettings,
        *,
        before: FlowState | None = None,
        overlap_frames: int = 0,
        fade: Fade | None = None,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, FlowState]:
        """Turn one window of tokens into its mel, without the prompt's frames.

        Shapes: noise (1, T, M) for prompt and window; returns (1, T - T1, M). The first
        frames reuse the noise and mean of ``before``, so that windows join. Since the
        previous window lacked right context, its mean is faded into the new one with
        ``fade``; without it the old mean is kept until the overlap ends, as in the
        original.
        Raises: SynthesisCancelled, SynthesisError.
        """
        prompt_frames = 0 if prompt.mel is None else len(prompt.mel)
        mu, condition = self.encode(
            speech_tokens, prompt, speaker_embedding, cancel=cancel
        )
        if before is not None:
            known = before.mu.shape[1]
            shared = before.mu
            if fade is not None:
                faded = cross_fade(
                    shared[:, prompt_frames:], mu[:, prompt_frames:known], fade
                )
                shared = np.concatenate([shared[:, :prompt_frames], faded], axis=1)
            mu = np.concatenate([shared, mu[:, known:]], axis=1)
            noise = np.concatenate([before.noise, noise[:, known:]], axis=1)
        mel = self.solve(mu, condition, noise, settings, cancel=cancel)
        frames = mu.shape[1]
        kept = np.r_[
            :prompt_frames, max(prompt_frames, frames - overlap_frames) : frames
        ]
        return mel[:, prompt_frames:], FlowState(noise[:, kept], mu[:, kept])

    def _estimate(
        self, mel: Floats, rows: Floats, time: float, cancel: CancelToken | None
    ) -> Floats:
        feeds = {"mel": mel, "condition": rows, "time": np.array([time], np.float32)}
        velocity: Floats = self._estimator.run(feeds, cancel=cancel)["velocity"]
        return velocity

    def _regulate(
        self, prompt_tokens: int, prompt_frames: int, tokens: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
        """Return the token rows left and right of each mel frame, and the fraction."""
        frames = self.frames(tokens)
        parts = [(prompt_tokens, prompt_frames)]
        if tokens > 2 * _EDGE_TOKENS:
            edge = self.frames(_EDGE_TOKENS)
            middle = tokens - 2 * _EDGE_TOKENS, frames - 2 * edge
            parts += [(_EDGE_TOKENS, edge), middle, (_EDGE_TOKENS, edge)]
        else:
            parts.append((tokens, frames))
        first = 0
        lefts, rights, fractions = [], [], []
        for size, count in parts:
            left, right, fraction = interpolate(size, count)
            lefts.append(left + first)
            rights.append(right + first)
            fractions.append(fraction)
            first += size
        return np.concatenate(lefts), np.concatenate(rights), np.concatenate(fractions)


def schedule(steps: int) -> Floats:
    """Return the times (steps + 1,) from 0 to 1 of Euler steps, short ones first.

    They are rounded where the original rounds: the network embeds the time as sinusoids
    of up to 1000 t, so the last digit matters.
    """
    angles = np.linspace(0, 1, steps + 1, dtype=np.float32) * np.float32(np.pi / 2)
    cosines = np.cos(angles.astype(np.float64)).astype(np.float32)
    return np.float32(1) - cosines


def interpolate(
    size: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Spread ``count`` points evenly over ``size`` rows.

    Returns the rows left and right of each point, int64 (count,), and the fraction
    between them, as in PyTorch's linear interpolation with align_corners=False.
    """
    if size == 0 or count == 0:
        empty = np.zeros(0, np.int64)
        return empty, empty, empty.astype(np.float32)
    scale = np.float32(size / count)
    points = np.arange(count, dtype=np.float32) + np.float32(0.5)
    places = np.maximum(points * scale - np.float32(0.5), 0)
    left = np.minimum(places.astype(np.int64), size - 1)
    right = np.minimum(left + 1, size - 1)
    return left, right, places - left.astype(np.float32)
