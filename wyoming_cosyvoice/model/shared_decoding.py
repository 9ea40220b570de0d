"""Batched decoding: each step reads the weights once for all sentences.

    rows    A |prompt|======================|
            B       |prompt|=======|
            C              |prompt|================|     rows come and go

A step of a large language model is limited by memory bandwidth, so a second row costs
little. When one row needs a token, all rows advance by one; the others find their
tokens ready when their turn comes. Each row has its own length, voice and random
generator, and ends, fails or is cancelled separately. The last row moves into the cache
slot of a row that leaves, so the rows stay contiguous.

ONNX Runtime uses different kernels for one row and for several, with different
rounding: the logits differ by about a hundredth of their range, so the sampled tokens
may differ. Requests with a seed are decoded separately (``Decoding``).

All calls are made from one thread; only ``Row.leave`` may be called from any thread.
"""

from __future__ import annotations

import weakref
from collections import deque
from typing import TYPE_CHECKING, Self

import numpy as np

from wyoming_cosyvoice.errors import SynthesisCancelled, SynthesisError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.session import Binding
    from wyoming_cosyvoice.model.speech_lm import SpeechLm

    Floats = NDArray[np.float32]
    Prompt = tuple[Floats, tuple[int, ...]]

# The cache grows by this many rows and positions at a time. Pages that are never
# written do not use physical memory.
_MORE_ROWS = 4
_MORE_POSITIONS = 512


class SharedDecoding:
    """The batch of sentences being decoded, and its cache."""

    def __init__(self, lm: SpeechLm) -> None:
        self._lm = lm
        self._rows: list[_State] = []
        self._cache: dict[str, Floats] = {}
        self._lengths = np.zeros(0, np.int32)
        self._step: _Step | None = None

    @property
    def rows(self) -> int:
        """Number of sentences being decoded."""
        return len(self._rows)

    def open(
        self,
        prompt: Callable[[], Prompt],
        choose: Callable[[Floats], int | None],
        *,
        max_tokens: int,
        cancel: CancelToken | None = None,
    ) -> Row:
        """Return the row of a sentence, which joins when prepared or first advanced.

        ``prompt`` returns the prefix (1, P, D) and the prompt speech tokens; ``choose``
        samples a token from logits (V,), None at the end of the sentence.
        """
        return Row(self, _State(prompt, choose, max_tokens, cancel))

    def join(self, state: _State) -> None:
        """Process the prompt of a sentence and add its row to the batch.

        Raises: SynthesisCancelled, SynthesisError.
        """
        if state.has_joined:
            return
        state.has_joined = True
        if state.cancel is not None:
            state.cancel.raise_if_cancelled()
        prefix, prompt = state.prompt()
        tokens = np.array([prompt], np.int64).reshape(1, -1)
        length = prefix.shape[1] + tokens.shape[1]
        self._remove_ended()
        self._grow_cache(len(self._rows) + 1, length + state.max_tokens)
        slot = len(self._rows)
        logits = np.zeros((1, self._lm.vocabulary), np.float32)
        binding = self._lm.bind(
            prefix,
            tokens,
            np.zeros(1, np.int32),
            logits,
            {name: array[slot : slot + 1] for name, array in self._cache.items()},
            table_size=self._lm.positions.size_for(length),
        )
        self._lm.stage.run_bound(binding, cancel=state.cancel)
        state.logits = logits[0]
        self._lengths[slot] = length
        self._rows.append(state)
        self._step = None

    def advance(self) -> None:
        """Sample a token for each row, and compute the next logits."""
        for row in self._rows:
            row.draw()
        self._remove_ended()
        if not self._rows:
            return
        try:
            step = self._prepare()
            step.tokens[:, 0] = [row.last for row in self._rows]
            # Cancelling a run ends it for all rows, so only a single row may do it.
            only = self._rows[0].cancel if len(self._rows) == 1 else None
            self._lm.stage.run_bound(step.binding, cancel=only)
        except (SynthesisCancelled, SynthesisError) as error:
            for row in self._rows:
                row.end(error)
            self._remove_ended()
            return
        self._lengths[: len(self._rows)] += 1
        for row, logits in zip(self._rows, step.logits, strict=True):
            row.logits = logits

    def sweep(self) -> None:
        """Free the cache of rows that have left."""
        self._remove_ended()

    def _remove_ended(self) -> None:
        kept = [slot for slot, row in enumerate(self._rows) if not row.is_over]
        if len(kept) == len(self._rows):
            return
        # The last rows move into the free slots.
        free = [slot for slot in range(len(kept)) if self._rows[slot].is_over]
        for to, source in zip(free, (s for s in kept if s >= len(kept)), strict=True):
            used = int(self._lengths[source])
            for array in self._cache.values():
                array[to, :, :used] = array[source, :, :used]
            self._lengths[to] = used
            self._rows[to] = self._rows[source]
        del self._rows[len(kept) :]
        self._step = None
        if not self._rows:
            self._cache = {}

    def _grow_cache(self, rows: int, positions: int) -> None:
        """Grow the cache to hold this number of rows and positions."""
        had_rows, had_positions = 0, 0
        if self._cache:
            had_rows, _, had_positions, _ = next(iter(self._cache.values())).shape
        if rows <= had_rows and positions <= had_positions:
            return
        cache = self._lm.new_cache(
            max(had_rows, _round_up(rows, _MORE_ROWS)),
            max(had_positions, _round_up(positions, _MORE_POSITIONS)),
        )
        for name, array in cache.items():
            for slot in range(len(self._rows)):
                used = int(self._lengths[slot])
                array[slot, :, :used] = self._cache[name][slot, :, :used]
        lengths = np.zeros(len(next(iter(cache.values()))), np.int32)
        lengths[: len(self._rows)] = self._lengths[: len(self._rows)]
        self._cache, self._lengths, self._step = cache, lengths, None

    def _prepare(self) -> _Step:
        """Return the bound step for the current rows; rebuilt when they change."""
        rows = len(self._rows)
        longest = int(self._lengths[:rows].max()) + 1
        if self._step is None or longest > self._step.table_size:
            table_size = self._lm.positions.size_for(longest)
            self._step = _Step(self._lm, rows, self._lengths, self._cache, table_size)
        return self._step


class Row:
    """One sentence: an iterator over its speech tokens."""

    def __init__(self, shared: SharedDecoding, state: _State) -> None:
        self._shared = shared
        self._state = state
        # A row that is dropped without ``close`` must not stay in the batch.
        weakref.finalize(self, state.leave).atexit = False

    def prepare(self, *, most: int) -> bool:
        """Join the batch, so that its steps decode this sentence as well.

        Return False if the batch already has ``most`` rows.
        Raises: SynthesisCancelled, SynthesisError.
        """
        if self._shared.rows >= most:
            return False
        self._shared.join(self._state)
        return True

    def leave(self) -> None:
        """Stop decoding; the cache is freed after the next step."""
        self._state.leave()

    def close(self) -> None:
        """Stop decoding and free the cache now."""
        self._state.leave()
        self._shared.sweep()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> int:
        """Return the next token.

        Raises: SynthesisCancelled, SynthesisError, what drawing raises, StopIteration.
        """
        state = self._state
        if state.cancel is not None:
            state.cancel.raise_if_cancelled()
        self._shared.join(state)
        while not state.tokens:
            if state.error is not None:
                raise state.error
            if state.is_over:
                raise StopIteration
            self._shared.advance()
        return state.tokens.popleft()


class _State:
    """State of one row."""

    def __init__(
        self,
        prompt: Callable[[], Prompt],
        choose: Callable[[Floats], int | None],
        max_tokens: int,
        cancel: CancelToken | None,
    ) -> None:
        self.prompt = prompt
        self.choose = choose
        self.max_tokens = max_tokens
        self.cancel = cancel
        self.has_joined = False
        self.is_over = False
        self.error: Exception | None = None
        self.tokens: deque[int] = deque()
        self.last = 0
        self.logits = np.zeros(0, np.float32)

    def draw(self) -> None:
        """Sample a token from the logits; errors are kept for the row's iterator."""
        if self.cancel is not None and self.cancel.is_cancelled:
            self.end(SynthesisCancelled())
        if self.is_over:
            return
        try:
            token = self.choose(self.logits)
        # An error of one row must not affect the others.
        except Exception as error:  # noqa: BLE001
            self.end(error)
            return
        if token is None:
            self.is_over = True
            return
        self.last = token
        self.tokens.append(token)

    def end(self, error: Exception) -> None:
        self.is_over = True
        self.error = error

    def leave(self) -> None:
        self.is_over = True


class _Step:
    """Bound arrays for a step of all rows, valid up to ``table_size`` positions."""

    def __init__(
        self,
        lm: SpeechLm,
        rows: int,
        lengths: NDArray[np.int32],
        cache: dict[str, Floats],
        table_size: int,
    ) -> None:
        self.table_size = table_size
        self.tokens = np.zeros((rows, 1), np.int64)
        self.logits = np.zeros((rows, lm.vocabulary), np.float32)
        self.binding: Binding = lm.bind(
            lm.empty_prefix(rows),
            self.tokens,
            lengths[:rows],
            self.logits,
            {name: array[:rows] for name, array in cache.items()},
            table_size=table_size,
        )


def _round_up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple
