"""Speech tokens -> mel, chunk by chunk, each solved once (the flow of CosyVoice3).

A frame sees its own chunk and all frames before, so what earlier chunks left behind,
keys and values of every step, is all that a later one needs: the result is that of
solving the whole prefix with masks, as the original does for every chunk again
(arXiv 2412.10117, section 2.4; upstream flow/flow_matching.py). Mels are time-major.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.model.fixed_noise import FRAMES, fixed_noise
from wyoming_cosyvoice.model.flow import FlowPrompt, schedule
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.pack.settings import FlowSettings

    Floats = NDArray[np.float32]

MOMENTS = "flow_moments.npz"
"""What each time of a schedule does to the network: an array per count of steps."""

FRAMES_PER_TOKEN = 2


@dataclass(slots=True)
class _Memory:
    """What the frames before left behind, for one step of the flow."""

    heard: Floats
    """(2, B, K, D) of the two position layers."""

    kept: Floats
    """(capacity, N, 2, B, D) keys and values; the first ``frames`` rows count."""

    frames: int = 0

    def add(self, made: Floats) -> None:
        end = self.frames + len(made)
        if end > len(self.kept):
            grown = np.empty(
                (max(end, 2 * len(self.kept)), *made.shape[1:]), np.float32
            )
            grown[: self.frames] = self.kept[: self.frames]
            self.kept = grown
        self.kept[self.frames : end] = made
        self.frames = end


class ChunkedFlow:
    """Encoder, estimator and the table of moments.

    ``chunk_tokens`` and ``look_ahead_tokens`` are those of the checkpoint.
    Raises: ModelCorrupt, ModelUnsupported.
    """

    def __init__(
        self, pack: Path, *, threads: int, chunk_tokens: int, look_ahead_tokens: int
    ) -> None:
        self._encoder = Stage(pack / "flow_encoder.onnx", threads=threads)
        self._estimator = Stage(pack / "flow_estimator.onnx", threads=threads)
        with np.load(pack / MOMENTS, allow_pickle=False) as arrays:
            self._moments = {int(count): arrays[count] for count in arrays.files}
        self.mel_bins = int(self._estimator.shape("mel")[2])
        self.chunk_tokens = chunk_tokens
        self.look_ahead_tokens = look_ahead_tokens

    def encode(
        self,
        speech_tokens: Sequence[int],
        speaker_embedding: Floats,
        *,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return mu (1, 2 N, M) and the speaker (1, M); the prompt's tokens come first.

        Raises: SynthesisCancelled, SynthesisError.
        """
        outputs = self._encoder.run(
            {
                "speech_tokens": np.array([speech_tokens], np.int64),
                "speaker_embedding": speaker_embedding.reshape(1, -1),
            },
            cancel=cancel,
        )
        return outputs["mu"], outputs["speaker"]

    def condition(self, mu: Floats, speaker: Floats, prompt_mel: Floats) -> Floats:
        """Put prompt mel, mu and speaker side by side: (1, T, 3 M)."""
        told = np.repeat(speaker[:, None], mu.shape[1], axis=1)
        heard = np.zeros_like(mu)
        heard[0, : len(prompt_mel)] = prompt_mel
        return np.concatenate([heard, mu, told], axis=2)

    def moments(self, steps: int) -> Floats:
        """Return what the moments of so many steps do, (steps, 6 N + 2, D).

        Raises: ConfigError for a count that was not prepared at conversion.
        """
        if steps not in self._moments:
            known = ", ".join(map(str, sorted(self._moments)))
            raise ConfigError(
                f"This model's flow cannot be solved in {steps} steps.",
                remedy=f"Choose one of {known}.",
            )
        rows: Floats = self._moments[steps]
        return rows

    def remember_nothing(self, rows: int) -> _Memory:
        """Return the memory that a sentence of ``rows`` (1 or 2) begins with."""
        _, _, heard_frames, width = self._estimator.shape("heard")
        blocks = int(self._estimator.shape("kept")[1])
        return _Memory(
            np.zeros((2, rows, int(heard_frames), int(width)), np.float32),
            np.zeros((0, blocks, 2, rows, int(width)), np.float32),
        )

    def velocity(
        self,
        mel: Floats,
        rows: Floats,
        moment: Floats,
        memory: _Memory,
        *,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Run the estimator once on new frames, which the memory then holds as well.

        Shapes: mel (1, T, M), rows (B, T, 3 M), moment (6 N + 2, D); returns (B, T, M).
        """
        outputs = self._estimator.run(
            {
                "mel": mel,
                "condition": rows,
                "moment": moment,
                "first": np.array([memory.frames], np.int64),
                "heard": memory.heard,
                "kept": memory.kept[: memory.frames],
            },
            cancel=cancel,
        )
        memory.heard = outputs["heard_next"]
        memory.add(outputs["made"])
        velocity: Floats = outputs["velocity"]
        return velocity

    def begin(
        self, prompt: FlowPrompt, speaker_embedding: Floats, settings: FlowSettings
    ) -> FlowStream:
        """Begin a sentence; prompt mel and tokens are cut to a common length."""
        return FlowStream(self, prompt, speaker_embedding, settings)


class FlowStream:
    """One sentence: tokens come, frames go."""

    def __init__(
        self,
        flow: ChunkedFlow,
        prompt: FlowPrompt,
        speaker_embedding: Floats,
        settings: FlowSettings,
    ) -> None:
        mel = (
            np.zeros((0, flow.mel_bins), np.float32)
            if prompt.mel is None
            else prompt.mel
        )
        common = min(len(mel) // FRAMES_PER_TOKEN, len(prompt.speech_tokens))
        self._flow = flow
        self._prompt_tokens = list(prompt.speech_tokens[:common])
        self._prompt_mel = mel[: FRAMES_PER_TOKEN * common]
        self._speaker = speaker_embedding
        self._settings = settings
        self._moments = flow.moments(settings.steps)
        rows = 2 if settings.guidance > 0 else 1
        self._memories = [flow.remember_nothing(rows) for _ in range(settings.steps)]
        self._solved = 0  # frames, the prompt's among them

    @property
    def wanted_tokens(self) -> int:
        """How many tokens the next whole chunk needs, those looked ahead to included.

        Chunks lie on a grid that begins with the prompt.
        """
        flow, prompt = self._flow, len(self._prompt_tokens)
        done = max(self._solved // FRAMES_PER_TOKEN, prompt)
        end = (done // flow.chunk_tokens + 1) * flow.chunk_tokens
        return end - prompt + flow.look_ahead_tokens

    def push(
        self,
        speech_tokens: Sequence[int],
        *,
        is_last: bool,
        in_chunks: bool = True,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Take all tokens of the sentence so far; return the new frames (1, T, M).

        Without ``in_chunks`` all new frames see each other, as in the original where it
        does not stream: for a sentence that comes whole.
        Raises: SynthesisCancelled, SynthesisError.
        """
        flow = self._flow
        tokens = [*self._prompt_tokens, *speech_tokens]
        ahead = 0 if is_last else flow.look_ahead_tokens
        end = FRAMES_PER_TOKEN * (len(tokens) - ahead)
        prompt_frames = len(self._prompt_mel)
        if end <= self._solved:
            return np.zeros((1, 0, flow.mel_bins), np.float32)
        mu, speaker = flow.encode(tokens, self._speaker, cancel=cancel)
        condition = flow.condition(mu[:, :end], speaker, self._prompt_mel)
        grid = FRAMES_PER_TOKEN * flow.chunk_tokens if in_chunks else end
        first = self._solved
        cuts = [first, *range((first // grid + 1) * grid, end, grid), end]
        pieces = [
            self._solve(condition[:, begin:stop], begin, cancel)
            for begin, stop in itertools.pairwise(cuts)
        ]
        self._solved = end
        mel = np.concatenate(pieces, axis=1)
        return mel[:, max(prompt_frames - first, 0) :]

    def _solve(
        self, condition: Floats, first: int, cancel: CancelToken | None
    ) -> Floats:
        """Follow the flow from noise to the mel of the frames after the known ones."""
        settings, flow = self._settings, self._flow
        is_guided = settings.guidance > 0
        rows = condition
        if is_guided:
            rows = np.concatenate([condition, np.zeros_like(condition)])
        noise = fixed_noise()[:, np.arange(first, first + rows.shape[1]) % FRAMES]
        mel = noise * np.float32(settings.temperature)
        steps = itertools.pairwise(schedule(settings.steps))
        for (now, then), moment, memory in zip(
            steps, self._moments, self._memories, strict=True
        ):
            velocity = flow.velocity(mel, rows, moment, memory, cancel=cancel)
            if is_guided:
                with_guidance = np.float32(1 + settings.guidance) * velocity[:1]
                velocity = with_guidance - np.float32(settings.guidance) * velocity[1:]
            mel = mel + (then - now) * velocity
        return mel
