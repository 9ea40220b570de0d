"""A sentence that is decoded in a batch, and the maximum batch size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.shared_decoding import Row

    Floats = NDArray[np.float32]

MAX_BATCH = 8
"""Maximum batch size. Each further sentence delays the audio; the eighth still costs
only a quarter of decoding it alone."""


class SharedSpeech:
    """An iterator over the samples (S,) of a sentence that is decoded in a batch."""

    def __init__(self, row: Row, samples: Iterator[Floats]) -> None:
        self._row = row
        self._samples = samples

    def prepare(self) -> bool:
        """Join the batch before this sentence's turn, unless the batch is full.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return self._row.prepare(most=MAX_BATCH)

    def close(self) -> None:
        """Drop the rest of the sentence and free its resources."""
        self._row.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Floats:
        """Return the next samples. Raises: what ``VoiceModel.speak`` raises."""
        return next(self._samples)
