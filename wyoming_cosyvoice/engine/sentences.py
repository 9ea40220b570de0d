"""The queued sentences of one speech; the first ones may already be open.

A sentence is opened when it is spoken, or earlier, so that it can join a decoding batch
(``prepare``).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.synth.interface import Sentence

    Segment = Iterator[NDArray[np.float32]]


class SentenceQueue:
    """Sentences in the order of speaking."""

    def __init__(self) -> None:
        self._waiting: deque[Sentence] = deque()
        self._open: deque[tuple[Sentence, Segment]] = deque()
        self._prepared = 0  # how many of the open ones

    def __len__(self) -> int:
        return len(self._open) + len(self._waiting)

    @property
    def opened(self) -> list[Segment]:
        """The open sentences, which have to be closed."""
        return [segment for _, segment in self._open]

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Add sentences at the end."""
        self._waiting.extend(sentences)

    def take(self, speak: Callable[[Sentence], Segment]) -> tuple[Sentence, Segment]:
        """Remove and return the first sentence, opening it by ``speak`` if necessary.

        Raises: errors of ``speak``.
        """
        if not self._open:
            self._open_next(speak)
        self._prepared = max(0, self._prepared - 1)
        return self._open.popleft()

    def prepare(self, speak: Callable[[Sentence], Segment], *, most: int) -> bool:
        """Start one more of the first ``most`` sentences.

        Return whether it did anything. Raises: errors of ``speak`` and the model.
        """
        if self._prepared >= min(most, len(self)):
            return False
        if len(self._open) == self._prepared:
            self._open_next(speak)
        _, segment = self._open[self._prepared]
        prepare = getattr(segment, "prepare", None)
        if prepare is None or not prepare():
            return False
        self._prepared += 1
        return True

    def clear(self) -> None:
        """Drop all sentences."""
        self._waiting.clear()
        self._open.clear()
        self._prepared = 0

    def _open_next(self, speak: Callable[[Sentence], Segment]) -> None:
        sentence = self._waiting.popleft()
        self._open.append((sentence, speak(sentence)))
