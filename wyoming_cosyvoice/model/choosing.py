"""Draws the speech tokens of one sentence, from the logits of its language model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.model.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.alignment import Place
    from wyoming_cosyvoice.model.utterance import Utterance
    from wyoming_cosyvoice.pack.settings import Sampling

_LOGGER = logging.getLogger(__name__)


class Chooser:
    """Knows what was said so far, when the sentence may end and when it must."""

    def __init__(
        self,
        utterance: Utterance,
        sampling: Sampling,
        rng: np.random.Generator,
        end_token: int,
        *,
        place: Place | None = None,
    ) -> None:
        """``end_token`` and all above it end the sentence; ``place`` keeps its text."""
        self._utterance = utterance
        self._sampling = sampling
        self._rng = rng
        self._end = end_token
        self._place = place
        self._history: list[int] = []

    def choose(self, logits: NDArray[np.float32]) -> int | None:
        """Return the next token, given the logits (V,); None at the end.

        Raises: SynthesisError.
        """
        history, utterance, place = self._history, self._utterance, self._place
        if len(history) >= utterance.max_tokens:
            _LOGGER.warning(
                "A sentence was ended at %d speech tokens; its model did not end it",
                utterance.max_tokens,
            )
            return None
        if not np.isfinite(logits).all():
            raise SynthesisError("The language model's logits are not finite.")
        token = sample(
            logits,
            history,
            self._sampling,
            self._rng,
            end_token=self._end,
            may_end=len(history) >= utterance.min_tokens,
            allowed=None if place is None else place.allowed(),
        )
        if token >= self._end:
            return None
        history.append(token)
        if place is not None:
            place.advance(token)
            if utterance.times is not None:
                utterance.times.note(place.text_token)
        return token

    def expected(self) -> Sequence[int]:
        """Return what may follow the last token."""
        return () if self._place is None else self._place.expected()
