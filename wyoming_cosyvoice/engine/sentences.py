"""The sentences of one speech that wait to be spoken; the first may be open already.

A sentence is opened when it is spoken, or earlier, so that a model that decodes several
sentences in one step can begin with it (``prepare``).
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
    """Sentences in the order in which they are spoken."""

    def __init__(self) -> None:
        self._waiting: deque[Sentence] = deque()
        self._open: deque[tuple[Sentence, Segment]] = deque()
        self._prepared = 0  # how many of the open ones

    def __len__(self) -> int:
        return len(self._open) + len(self._waiting)

    @property
    def opened(self) -> list[Segment]:
        """The open ones, which somebody has to close."""
        return [segment for _, segment in self._open]

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Add sentences at the end."""
        self._waiting.extend(sentences)

    def take(self, speak: Callable[[Sentence], Segment]) -> tuple[Sentence, Segment]:
        """Remove and return the first sentence, opened by ``speak`` if it is not yet.

        Raises: what ``speak`` raises.
        """
        if not self._open:
            self._open_next(speak)
        self._prepared = max(0, self._prepared - 1)
        return self._open.popleft()

    def prepare(self, speak: Callable[[Sentence], Segment], *, most: int) -> bool:
        """Have the model begin with one more of the first sentences, at most so many.

        Return whether it did anything. Raises: what ``speak`` and the model raise.
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
        """Forget all sentences."""
        self._waiting.clear()
        self._open.clear()
        self._prepared = 0

    def _open_next(self, speak: Callable[[Sentence], Segment]) -> None:
        sentence = self._waiting.popleft()
        self._open.append((sentence, speak(sentence)))
