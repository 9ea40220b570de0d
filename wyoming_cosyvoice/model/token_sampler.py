"""Samples the speech tokens of one sentence from the language model's logits."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.alignment import TextCursor
    from wyoming_cosyvoice.model.utterance import Utterance
    from wyoming_cosyvoice.pack.settings import Sampling

_LOGGER = logging.getLogger(__name__)


class TokenSampler:
    """Keeps the history, and the minimum and maximum length of the sentence."""

    def __init__(
        self,
        utterance: Utterance,
        sampling: Sampling,
        rng: np.random.Generator,
        end_token: int,
        *,
        cursor: TextCursor | None = None,
    ) -> None:
        """Tokens from ``end_token`` on end the sentence; ``cursor`` tracks the text."""
        self._utterance = utterance
        self._sampling = sampling
        self._rng = rng
        self._end = end_token
        self._cursor = cursor
        self._history: list[int] = []

    def choose(self, logits: NDArray[np.float32]) -> int | None:
        """Return the next token, given the logits (V,); None at the end.

        Raises: SynthesisError.
        """
        history, utterance, cursor = self._history, self._utterance, self._cursor
        if len(history) >= utterance.max_tokens:
            _LOGGER.warning(
                "A sentence was cut at %d speech tokens: the model did not end it",
                utterance.max_tokens,
            )
            return None
        token = sample(
            logits,
            history,
            self._sampling,
            self._rng,
            end_token=self._end,
            may_end=len(history) >= utterance.min_tokens,
            allowed=None if cursor is None else cursor.allowed(),
        )
        if token >= self._end:
            return None
        history.append(token)
        if cursor is not None:
            cursor.advance(token)
            if utterance.times is not None:
                utterance.times.append(cursor.text_token)
            if utterance.rise is not None:
                utterance.rise.append(cursor.text_token, is_voiced=cursor.is_voiced)
        return token

    def draft(self) -> Sequence[int]:
        """Return the drafted tokens after the last one."""
        return () if self._cursor is None else self._cursor.draft()
