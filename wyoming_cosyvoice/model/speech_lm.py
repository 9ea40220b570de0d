"""Prefixes of sentences -> logits of their speech tokens, one step at a time.

The cache is allocated once per batch and written in place by the network; a row that
ends early goes on being computed until the batch ends, because a row more costs little
(the weights are read once for all).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.positions import PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.session import Binding


class SpeechLm:
    """The network; ``begin`` gives a decoding state per batch."""

    def __init__(self, pack: Path, *, threads: int) -> None:
        self.stage = Stage(pack / "speech_lm.onnx", threads=threads)
        self.positions = PositionTables(
            pack / "speech_lm_positions.onnx", threads=threads, is_causal=True
        )
        shape = self.stage.shape("keys_0")
        self.heads, self.head_width = int(shape[1]), int(shape[3])
        self.blocks = sum(name.startswith("keys_") for name in self.stage.inputs)
        self.vocabulary = int(self.stage.shape("logits")[1])

    @property
    def end_token(self) -> int:
        """The token that ends a sentence; speech tokens are all below it."""
        return self.vocabulary - 1

    def begin(
        self,
        prefixes: Sequence[NDArray[np.float32]],
        prompts: Sequence[Sequence[int]],
        *,
        max_tokens: int,
        cancel: CancelToken | None = None,
    ) -> Decoding:
        """Read the prefixes (1, P, D) and prompt speech tokens of a batch.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return Decoding(self, prefixes, prompts, max_tokens, cancel)


class Decoding:
    """The state of one batch: cache, lengths and the logits of the last step."""

    def __init__(
        self,
        lm: SpeechLm,
        prefixes: Sequence[NDArray[np.float32]],
        prompts: Sequence[Sequence[int]],
        max_tokens: int,
        cancel: CancelToken | None,
    ) -> None:
        rows = len(prefixes)
        starts = [
            prefix.shape[1] + len(prompt)
            for prefix, prompt in zip(prefixes, prompts, strict=True)
        ]
        capacity = max(starts) + max_tokens
        self._lm = lm
        self._cancel = cancel
        self._reach = 0
        shape = (rows, lm.heads, capacity, lm.head_width)
        # Zeros, not empty: what lies beyond a row is masked, but must be finite.
        self._cache = {
            f"{kind}_{block}": np.zeros(shape, np.float32)
            for kind in ("keys", "values")
            for block in range(lm.blocks)
        }
        self._lengths = np.zeros(rows, np.int32)
        self._tokens = np.zeros((rows, 1), np.int64)
        self.logits = np.zeros((rows, lm.vocabulary), np.float32)
        """(B, V): for the token after the last position of each row."""
        for row, (prefix, prompt) in enumerate(zip(prefixes, prompts, strict=True)):
            self._read_prompt(row, prefix, prompt)
        self._reach = 0
        self._lengths[:] = starts
        self._nothing = np.zeros((rows, 0, prefixes[0].shape[2]), np.float32)

    def step(self, tokens: Sequence[int]) -> None:
        """Append one token to each row and compute the logits of the next.

        Raises: SynthesisCancelled, SynthesisError.
        """
        self._tokens[:, 0] = tokens
        if self._lengths.max() >= self._reach:
            self._bind_step()
        self._lm.stage.run_bound(self._binding, cancel=self._cancel)
        self._lengths += 1

    def _bind_step(self) -> None:
        """Bind the arrays of a step, with tables that reach beyond the longest row."""
        longest = int(self._lengths.max()) + 1
        self._reach = self._lm.positions.size_for(longest)
        self._binding = self._bind(
            self._nothing, self._tokens, self._lengths, self.logits, slice(None)
        )

    def _read_prompt(
        self, row: int, prefix: NDArray[np.float32], prompt: Sequence[int]
    ) -> None:
        tokens = np.array([prompt], np.int64).reshape(1, -1)
        start = np.zeros(1, np.int32)
        one = slice(row, row + 1)
        self._reach = self._lm.positions.size_for(prefix.shape[1] + len(prompt))
        binding = self._bind(prefix, tokens, start, self.logits[one], one)
        self._lm.stage.run_bound(binding, cancel=self._cancel)

    def _bind(
        self,
        prefix: NDArray[np.float32],
        tokens: NDArray[np.int64],
        lengths: NDArray[np.int32],
        logits: NDArray[np.float32],
        rows: slice,
    ) -> Binding:
        cache = {name: array[rows] for name, array in self._cache.items()}
        return self._lm.stage.bind(
            {
                "prefix": prefix,
                "speech_tokens": tokens,
                "lengths": lengths,
                **self._lm.positions.reach(self._reach),
                **cache,
            },
            {"logits": logits, **{f"new_{name}": a for name, a in cache.items()}},
        )
