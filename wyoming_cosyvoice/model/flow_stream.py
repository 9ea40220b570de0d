"""Speech tokens -> mel, chunk by chunk, each solved once (the later families' flows).

A frame attends to its own chunk and all frames before, so the cached keys and values of
every step are all that a later chunk needs. The result equals solving the whole prefix
with masks, which the original repeats for every chunk (arXiv 2412.10117, section 2.4;
upstream flow/flow_matching.py). Mels are time-major.

The prompt comes first and is the same for every sentence of a voice, so the cache of
its complete chunks is kept for the voice's next sentence (model/solved_prompts.py).
"""

from __future__ import annotations

import itertools
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.fixed_noise import FRAMES, fixed_noise
from wyoming_cosyvoice.model.flow import schedule
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
    from wyoming_cosyvoice.model.flow import FlowPrompt
    from wyoming_cosyvoice.pack.settings import FlowSettings

    Floats = NDArray[np.float32]


class FlowStream:
    """The stream of one sentence: speech tokens -> mel frames."""

    def __init__(
        self,
        flow: ChunkedFlow,
        prompt: FlowPrompt,
        speaker_embedding: Floats,
        settings: FlowSettings,
    ) -> None:
        """Start a sentence; prompt mel and tokens are cut to a common length."""
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
        self._guided = [
            settings.is_guided_at(float(now)) for now in schedule(settings.steps)[:-1]
        ]
        self._memories = [
            flow.empty_memory(2 if is_guided else 1, len(self._prompt_mel))
            for is_guided in self._guided
        ]
        self._solved = 0  # frames, including those of the prompt

    def wanted_tokens(self, hop: int = 1) -> int:
        """Return the tokens required for the next chunks, including the look-ahead.

        Chunks lie on a grid that starts with the prompt; there are enough of them for
        at least ``hop`` new tokens.
        """
        flow, prompt = self._flow, len(self._prompt_tokens)
        done = max(self._solved // FRAMES_PER_TOKEN, prompt)
        end = -(-(done + hop) // flow.chunk_tokens) * flow.chunk_tokens
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

        Without ``in_chunks`` all new frames attend to each other, as in the original
        without streaming.
        Raises: SynthesisCancelled, SynthesisError.
        """
        flow = self._flow
        tokens = [*self._prompt_tokens, *speech_tokens]
        ahead = 0 if is_last else flow.look_ahead_tokens
        end = FRAMES_PER_TOKEN * (len(tokens) - ahead)
        prompt_frames = len(self._prompt_mel)
        if end <= self._solved:
            return np.zeros((1, 0, flow.mel_bins), np.float32)
        if in_chunks and self._solved == 0:
            self._solve_prompt(cancel)
        mu, speaker = flow.encoder.encode(
            tokens,
            self._speaker,
            ahead_tokens=ahead,
            in_chunks=in_chunks,
            cancel=cancel,
        )
        condition = flow.condition(mu, speaker, self._prompt_mel)
        first = self._solved
        mel = self._solve_chunks(
            condition, end, cancel, in_chunks=in_chunks, is_last=is_last
        )
        return mel[:, max(prompt_frames - first, 0) :]

    def solve(self, condition: Floats, *, in_chunks: bool) -> Floats:
        """Return the mel (1, T, M) of a whole sentence's condition (1, T, 3 M).

        Raises: SynthesisError.
        """
        frames = condition.shape[1]
        return self._solve_chunks(
            condition, frames, None, in_chunks=in_chunks, is_last=True
        )

    def _solve_prompt(self, cancel: CancelToken | None) -> None:
        """Solve the chunks of the prompt that do not depend on the sentence, once.

        They are encoded without the sentence: integers in the encoder share one scale,
        so each sentence would change them a little.
        """
        flow, tokens = self._flow, self._prompt_tokens
        ahead = flow.look_ahead_tokens
        whole = (len(tokens) - ahead) // flow.chunk_tokens * flow.chunk_tokens
        if whole <= 0:
            return
        frames = FRAMES_PER_TOKEN * whole
        key = self._prompt_key()
        known = flow.prompts.take(key, self)
        if known is not None:
            self._memories, self._solved = known, frames
            return
        mu, speaker = flow.encoder.encode(
            tokens[: whole + ahead],
            self._speaker,
            ahead_tokens=ahead,
            in_chunks=True,
            cancel=cancel,
        )
        condition = flow.condition(mu, speaker, self._prompt_mel[:frames])
        self._solve_chunks(condition, frames, cancel, in_chunks=True)
        flow.prompts.keep(key, self._memories, self)

    def _prompt_key(self) -> bytes:
        """Return a fingerprint of this prompt, speaker and solver."""
        key = sha256(repr((self._settings, self._prompt_tokens)).encode())
        for array in (self._prompt_mel, self._speaker):
            key.update(np.ascontiguousarray(array).tobytes())
        return key.digest()

    def _solve_chunks(
        self,
        condition: Floats,
        end: int,
        cancel: CancelToken | None,
        *,
        in_chunks: bool,
        is_last: bool = False,
    ) -> Floats:
        """Solve the frames after the known ones up to ``end``: (1, T, M)."""
        grid = FRAMES_PER_TOKEN * self._flow.chunk_tokens if in_chunks else end
        first = self._solved
        cuts = [first, *range((first // grid + 1) * grid, end, grid), end]
        pieces = [
            self._solve(
                condition[:, begin:stop],
                begin,
                cancel,
                remembers=not is_last or stop < end,
            )
            for begin, stop in itertools.pairwise(cuts)
        ]
        self._solved = end
        return np.concatenate(pieces, axis=1)

    def _solve(
        self,
        condition: Floats,
        first: int,
        cancel: CancelToken | None,
        *,
        remembers: bool,
    ) -> Floats:
        """Integrate the flow from noise to the mel of the new frames."""
        settings, flow = self._settings, self._flow
        rows = np.concatenate([condition, np.zeros_like(condition)])
        noise = fixed_noise()[:, np.arange(first, first + rows.shape[1]) % FRAMES]
        mel = noise * np.float32(settings.temperature)
        steps = itertools.pairwise(schedule(settings.steps))
        for (now, then), moment, memory, is_guided in zip(
            steps, self._moments, self._memories, self._guided, strict=True
        ):
            velocity = flow.velocity(
                mel,
                rows if is_guided else condition,
                moment,
                memory,
                remembers=remembers,
                cancel=cancel,
            )
            if is_guided:
                with_guidance = np.float32(1 + settings.guidance) * velocity[:1]
                velocity = with_guidance - np.float32(settings.guidance) * velocity[1:]
            mel = mel + (then - now) * velocity
        return mel
