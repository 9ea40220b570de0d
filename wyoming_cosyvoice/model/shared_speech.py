"""A sentence that is decoded with others, and how many others there may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.shared_decoding import Row

    Floats = NDArray[np.float32]

MOST_TOGETHER = 8
"""Sentences that are decoded together. Each more makes sound wait longer, and the
eighth still costs a quarter of what it costs alone."""


class SharedSpeech:
    """An iterator over the samples (S,) of a sentence that is decoded with others."""

    def __init__(self, row: Row, samples: Iterator[Floats]) -> None:
        self._row = row
        self._samples = samples

    def prepare(self) -> bool:
        """Join the others before this sentence's turn comes, unless they are many.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return self._row.prepare(most=MOST_TOGETHER)

    def close(self) -> None:
        """Give up what is left of the sentence, and free what it holds."""
        self._row.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Floats:
        """Return the next samples. Raises: what ``VoiceModel.speak`` raises."""
        return next(self._samples)
