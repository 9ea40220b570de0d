"""The text tokens of a sentence that is spoken while it is written."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.synth.utterances import MAX_SENTENCE_S, speech_tokens

if TYPE_CHECKING:
    from wyoming_cosyvoice.synth.front_end import FrontEnd
    from wyoming_cosyvoice.text.ahead import GrowingSentence


class GrowingText:
    """Gives the language model each text token of a sentence once."""

    def __init__(
        self, sentence: GrowingSentence, front: FrontEnd, token_rate: float
    ) -> None:
        self._sentence = sentence
        self._front = front
        self._token_rate = token_rate
        self._spoken = ""
        self._given: list[int] = []
        self._is_cut = False

    @property
    def is_complete(self) -> bool:
        """Whether the sentence is complete."""
        return self._sentence.is_complete

    @property
    def speech_limits(self) -> tuple[int, int]:
        """The least and the most speech tokens."""
        least, most = speech_tokens(self._sentence.so_far, self._token_rate)
        if not self.is_complete:
            most = math.ceil(MAX_SENTENCE_S * self._token_rate)
        return least, most

    def take(self) -> list[int]:
        """Return the text tokens that are new.

        Words are encoded with those before them; should that change the earlier tokens,
        the rest is encoded by itself.
        """
        sentence = self._sentence.so_far
        if sentence.spoken == self._spoken:
            return []
        tokens = self._front.text_tokens(sentence)
        known = len(self._given)
        if self._is_cut or tokens[:known] != self._given:
            self._is_cut = True
            rest = sentence.spoken[len(self._spoken) :]
            tokens = [
                *self._given,
                *self._front.text_tokens(replace(sentence, spoken=rest)),
            ]
        self._spoken, self._given = sentence.spoken, tokens
        return tokens[known:]
