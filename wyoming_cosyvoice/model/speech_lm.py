"""The speech language model: prefix -> logits of speech tokens, step by step.

The cache is allocated once per batch and written in place by the network. A row that
ends early is computed until the batch ends, because a row costs little (the weights are
read once for all).

For the same reason a step may process drafted tokens after its token. If the sampled
tokens match the draft, their logits are already computed; at the first mismatch the
rest is discarded. The output is the same, only faster: speculative decoding (arXiv
2211.17192), with the text alignment (model/alignment.py) as the draft model.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.machine.memory import untouched_zeros
from wyoming_cosyvoice.model.positions import NoPositions, PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.session import Binding


class SpeechLm:
    """The network; ``begin`` returns a decoding state per batch.

    ``end_token`` is the first token that ends a sentence, by default the last token.
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
        # Older graphs return the logits of one position only.
        self.accepts_drafts = "wanted" in self.stage.inputs
        self.end_token = self.vocabulary - 1 if end_token is None else end_token
        """This token and all above end a sentence; speech tokens are below it."""

    def begin(
        self,
        prefixes: Sequence[NDArray[np.float32]],
        prompts: Sequence[Sequence[int]],
        *,
        max_tokens: int,
        cancel: CancelToken | None = None,
    ) -> Decoding:
        """Process the prefixes (1, P, D) and prompt speech tokens of a batch.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return Decoding(self, prefixes, prompts, max_tokens, cancel)

    def new_cache(self, rows: int, positions: int) -> dict[str, NDArray[np.float32]]:
        """Return caches ``keys_<i>`` and ``values_<i>`` (B, H, C, d_k)."""
        shape = (rows, self.heads, positions, self.head_width)
        # Zeros, not empty: values beyond a row are masked, but must be finite.
        return {
            f"{kind}_{block}": untouched_zeros(shape)
            for kind in ("keys", "values")
            for block in range(self.blocks)
        }

    def empty_prefix(self, rows: int) -> NDArray[np.float32]:
        """Return the empty prefix (B, 0, D) of rows after their prompt."""
        return np.zeros((rows, 0, int(self.stage.shape("prefix")[2])), np.float32)

    def bind(
        self,
        prefix: NDArray[np.float32],
        tokens: NDArray[np.int64],
        lengths: NDArray[np.int32],
        logits: NDArray[np.float32],
        cache: Mapping[str, NDArray[np.float32]],
        *,
        table_size: int,
    ) -> Binding:
        """Bind a run to arrays, for rows of fewer than ``table_size`` positions.

        Shapes: prefix (B, P, D), tokens (B, N), lengths (B,), logits (B W, V), where W
        is the number of last positions that get logits.
        """
        inputs: dict[str, NDArray[np.generic]] = {
            "prefix": prefix,
            "speech_tokens": tokens,
            "lengths": lengths,
            **self.positions.tables(table_size),
            **cache,
        }
        if self.accepts_drafts:
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
            self._process(row, prefix, prompt)
        self._empty_prefix = lm.empty_prefix(rows)
        self._table_size = 0
        self._steps: dict[int, _Step] = {}
        self._drafted: deque[tuple[int, NDArray[np.float32]]] = deque()

    def append(self, prefix: NDArray[np.float32], prompt: Sequence[int] = ()) -> None:
        """Append rows (1, P, D) and speech tokens to a batch of one row.

        The logits of the next token are computed. Raises: SynthesisCancelled,
        SynthesisError.
        """
        self._drafted.clear()
        self.logits = np.zeros_like(self.logits)
        self._process(0, prefix, prompt)

    def step(self, tokens: Sequence[int], drafted: Sequence[int] = ()) -> None:
        """Append one token to each row and compute the logits of the next.

        ``drafted`` are the expected next tokens, for a batch of one row.
        Raises: SynthesisCancelled, SynthesisError.
        """
        if self._drafted:
            draft, logits = self._drafted.popleft()
            if draft == tokens[0]:
                if self._cancel is not None:
                    self._cancel.raise_if_cancelled()
                self.logits = logits
                self._lengths += 1
                return
            self._drafted.clear()
        if drafted:
            room = self._capacity - int(self._lengths[0]) - 1
            drafted = drafted[:room] if self._lm.accepts_drafts else ()
        step = self._prepare(1 + len(drafted))
        step.tokens[:, 0] = tokens
        step.tokens[:, 1:] = drafted
        self._lm.stage.run_bound(step.binding, cancel=self._cancel)
        self._lengths += 1
        rows = len(tokens)
        self.logits = step.logits[:rows]
        for place, draft in enumerate(drafted, 1):
            self._drafted.append((draft, step.logits[place : place + 1]))

    def _prepare(self, count: int) -> _Step:
        """Return a step of ``count`` tokens, with tables for the longest row.

        The arrays of a step are bound once, until larger tables are needed.
        """
        longest = int(self._lengths.max()) + count
        if longest > self._table_size:
            self._table_size = self._lm.positions.size_for(longest)
            self._steps.clear()
        if count not in self._steps:
            rows = len(self._lengths)
            tokens = np.zeros((rows, count), np.int64)
            logits = np.zeros((rows * count, self._lm.vocabulary), np.float32)
            binding = self._lm.bind(
                self._empty_prefix,
                tokens,
                self._lengths,
                logits,
                self._cache,
                table_size=self._table_size,
            )
            self._steps[count] = _Step(tokens, logits, binding)
        return self._steps[count]

    def _process(
        self, row: int, prefix: NDArray[np.float32], prompt: Sequence[int]
    ) -> None:
        """Process rows and speech tokens at the end of a row, for its logits."""
        tokens = np.array([prompt], np.int64).reshape(1, -1)
        one = slice(row, row + 1)
        length = self._lengths[one].copy()
        end = int(length[0]) + prefix.shape[1] + len(prompt)
        cache = {name: array[one] for name, array in self._cache.items()}
        logits = self.logits[one]
        binding = self._lm.bind(prefix, tokens, length, logits, cache, table_size=end)
        self._lm.stage.run_bound(binding, cancel=self._cancel)
        self._lengths[row] = end


@dataclass(frozen=True, slots=True)
class _Step:
    """The arrays of a step, for a fixed number of tokens per row."""

    tokens: NDArray[np.int64]
    """(B, N)"""

    logits: NDArray[np.float32]
    """(B N, V)"""

    binding: Binding
