"""Streaming for the later families: speech tokens -> samples.

    tokens  |--- prompt ---|- chunk -|- chunk -|- chunk -| ahead |
    sound                  |- hop ---|------- hop -------|

The flow works on a grid of chunks that starts with the prompt and solves each chunk
once; a stateful vocoder turns its frames into samples. The first hop is one chunk, so
that audio starts early; later hops grow, because each has a fixed cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.joining import Stretcher
    from wyoming_cosyvoice.model.streaming import Windows

    Floats = NDArray[np.float32]


class MelStream(Protocol):
    """State of the flow within a sentence."""

    def wanted_tokens(self, hop: int) -> int:
        """Return the tokens required for the next chunks; at least ``hop`` are new."""

    def push(
        self,
        speech_tokens: Sequence[int],
        *,
        is_last: bool,
        in_chunks: bool = True,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Take all tokens of the sentence so far; return the new frames (1, T, M)."""


class PieceVocoder(Protocol):
    """State of the vocoder within a sentence."""

    def push(
        self, mel: Floats, *, is_last: bool, cancel: CancelToken | None = None
    ) -> Floats:
        """Take frames (1, T, M) and return the samples (1, S) that are final."""


class ChunkStream:
    """Flow, speed and vocoder over the chunks of one sentence.

    Without ``windows`` a sentence is synthesized at once, when all its tokens are
    known.
    """

    def __init__(
        self,
        flow: MelStream,
        stretcher: Stretcher,
        vocoder: PieceVocoder,
        *,
        windows: Windows | None,
        cancel: CancelToken | None = None,
    ) -> None:
        self._flow = flow
        self._stretcher = stretcher
        self._vocoder = vocoder
        self._cancel = cancel
        self._hops = None if windows is None else windows.hops()
        self._tokens: list[int] = []
        self._wanted = self._next_wanted()

    @property
    def wanted(self) -> int | None:
        """The number of tokens with which samples come next; None: only at the end."""
        return self._wanted

    def push(self, token: int) -> Floats | None:
        """Take a token; return samples (S,) if there are new ones.

        Raises: SynthesisCancelled, SynthesisError.
        """
        self._tokens.append(token)
        if self._wanted is None or len(self._tokens) < self._wanted:
            return None
        samples = self._speak(is_last=False)
        self._wanted = self._next_wanted()
        return samples if samples.size else None

    def finish(self) -> Floats:
        """Return the remaining samples (S,).

        Raises: SynthesisCancelled, SynthesisError.
        """
        if not self._tokens:
            return np.zeros(0, np.float32)
        return self._speak(is_last=True)

    def _next_wanted(self) -> int | None:
        if self._hops is None:
            return None
        return self._flow.wanted_tokens(next(self._hops))

    def _speak(self, *, is_last: bool) -> Floats:
        mel = self._flow.push(
            self._tokens,
            is_last=is_last,
            in_chunks=self._hops is not None,
            cancel=self._cancel,
        )
        mel = self._stretcher.push(mel, is_last=is_last)
        samples = self._vocoder.push(mel, is_last=is_last, cancel=self._cancel)
        last: Floats = samples[0]
        return last
