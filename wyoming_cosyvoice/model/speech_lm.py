"""Prefixes of sentences -> logits of their speech tokens, one step at a time.

The cache is allocated once per batch and written in place by the network; a row that
ends early goes on being computed until the batch ends, because a row more costs little
(the weights are read once for all).

For the same reason a step may be given guesses of what comes after its token. The
network reads them as if they were said, and the steps that would append them find
their logits ready; at the first token that was not guessed the rest is forgotten. What
is said is the same, only sooner: speculative decoding (arXiv 2211.17192), with the
alignment of the text (model/alignment.py) as the model that guesses.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.positions import NoPositions, PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.session import Binding


class SpeechLm:
    """The network; ``begin`` gives a decoding state per batch.

    ``end_token`` is the first of those that end a sentence, by default the last one.
    """

    def __init__(
        self, pack: Path, *, threads: int, end_token: int | None = None
    ) -> None:
        self.stage = Stage(pack / "speech_lm.onnx", threads=threads)
        self.positions: PositionTables | NoPositions = NoPositions()
        if "positions_0" in self.stage.inputs:
            self.positions = PositionTables(
                pack / "speech_lm_positions.onnx", threads=threads, is_causal=True
            )
        shape = self.stage.shape("keys_0")
        self.heads, self.head_width = int(shape[1]), int(shape[3])
        self.blocks = sum(name.startswith("keys_") for name in self.stage.inputs)
        self.vocabulary = int(self.stage.shape("logits")[1])
        # Graphs of before there were guesses give the logits of one position.
        self.takes_guesses = "wanted" in self.stage.inputs
        self.end_token = self.vocabulary - 1 if end_token is None else end_token
        """It and all above end a sentence; speech tokens are all below it."""

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

    def new_cache(self, rows: int, positions: int) -> dict[str, NDArray[np.float32]]:
        """Return caches ``keys_<i>`` and ``values_<i>`` (B, H, C, d_k)."""
        shape = (rows, self.heads, positions, self.head_width)
        # Zeros, not empty: what lies beyond a row is masked, but must be finite.
        return {
            f"{kind}_{block}": np.zeros(shape, np.float32)
            for kind in ("keys", "values")
            for block in range(self.blocks)
        }

    def no_prefix(self, rows: int) -> NDArray[np.float32]:
        """Return the prefix (B, 0, D) of rows whose prompt was read."""
        return np.zeros((rows, 0, int(self.stage.shape("prefix")[2])), np.float32)

    def bind(
        self,
        prefix: NDArray[np.float32],
        tokens: NDArray[np.int64],
        lengths: NDArray[np.int32],
        logits: NDArray[np.float32],
        cache: Mapping[str, NDArray[np.float32]],
        *,
        reach: int,
    ) -> Binding:
        """Tie a run to arrays, for rows of fewer than ``reach`` positions.

        Shapes: prefix (B, P, D), tokens (B, N), lengths (B,), logits (B W, V); W is 1,
        or as many of the last positions as get logits.
        """
        inputs: dict[str, NDArray[np.generic]] = {
            "prefix": prefix,
            "speech_tokens": tokens,
            "lengths": lengths,
            **self.positions.reach(reach),
            **cache,
        }
        if self.takes_guesses:
            inputs["wanted"] = np.array([len(logits) // len(lengths)], np.int64)
        return self.stage.bind(
            inputs,
            {"logits": logits, **{f"new_{name}": a for name, a in cache.items()}},
        )


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
        self._lm = lm
        self._cancel = cancel
        self._capacity = max(starts) + max_tokens
        self._cache = lm.new_cache(rows, self._capacity)
        self._lengths = np.zeros(rows, np.int32)
        self.logits = np.zeros((rows, lm.vocabulary), np.float32)
        """(B, V): for the token after the last position of each row."""
        for row, (prefix, prompt) in enumerate(zip(prefixes, prompts, strict=True)):
            self._read_prompt(row, prefix, prompt)
        self._lengths[:] = starts
        self._nothing = lm.no_prefix(rows)
        self._reach = 0
        self._steps: dict[int, _Step] = {}
        self._ahead: deque[tuple[int, NDArray[np.float32]]] = deque()

    def step(self, tokens: Sequence[int], guesses: Sequence[int] = ()) -> None:
        """Append one token to each row and compute the logits of the next.

        ``guesses`` are what may follow in the only row of a batch of one.
        Raises: SynthesisCancelled, SynthesisError.
        """
        if self._ahead:
            guess, logits = self._ahead.popleft()
            if guess == tokens[0]:
                if self._cancel is not None:
                    self._cancel.raise_if_cancelled()
                self.logits = logits
                self._lengths += 1
                return
            self._ahead.clear()
        if guesses:
            room = self._capacity - int(self._lengths[0]) - 1
            guesses = guesses[:room] if self._lm.takes_guesses else ()
        step = self._prepare(1 + len(guesses))
        step.tokens[:, 0] = tokens
        step.tokens[:, 1:] = guesses
        self._lm.stage.run_bound(step.binding, cancel=self._cancel)
        self._lengths += 1
        rows = len(tokens)
        self.logits = step.logits[:rows]
        for place, guess in enumerate(guesses, 1):
            self._ahead.append((guess, step.logits[place : place + 1]))

    def _prepare(self, count: int) -> _Step:
        """Return a step of so many tokens, whose tables reach beyond the longest row.

        The arrays of a step are bound once for as long as the tables reach.
        """
        longest = int(self._lengths.max()) + count
        if longest > self._reach:
            self._reach = self._lm.positions.size_for(longest)
            self._steps.clear()
        if count not in self._steps:
            rows = len(self._lengths)
            tokens = np.zeros((rows, count), np.int64)
            logits = np.zeros((rows * count, self._lm.vocabulary), np.float32)
            binding = self._lm.bind(
                self._nothing,
                tokens,
                self._lengths,
                logits,
                self._cache,
                reach=self._reach,
            )
            self._steps[count] = _Step(tokens, logits, binding)
        return self._steps[count]

    def _read_prompt(
        self, row: int, prefix: NDArray[np.float32], prompt: Sequence[int]
    ) -> None:
        tokens = np.array([prompt], np.int64).reshape(1, -1)
        start = np.zeros(1, np.int32)
        one = slice(row, row + 1)
        self._reach = self._lm.positions.size_for(prefix.shape[1] + len(prompt))
        cache = {name: array[one] for name, array in self._cache.items()}
        binding = self._lm.bind(
            prefix, tokens, start, self.logits[one], cache, reach=self._reach
        )
        self._lm.stage.run_bound(binding, cancel=self._cancel)


@dataclass(frozen=True, slots=True)
class _Step:
    """The arrays of a step of so many tokens a row."""

    tokens: NDArray[np.int64]
    """(B, N)"""

    logits: NDArray[np.float32]
    """(B N, V)"""

    binding: Binding
