"""Speech of a text that is still being written: text and speech alternate, 5 : 15.

    begin, opening, 5 text, 15 speech, 5 text, 15 speech, ...  rest, task, speech, end

After 15 speech tokens the language model asks for more text by its fill token, or
earlier of its own accord; the fill token itself is never fed back. When the text is
complete, the rest of it and the task mark follow the next fill, as if the sentence had
been known from the start. A prompt is laid out in the same way, before the first token
is sampled: its speech needs a third as many text tokens (CosyVoice 2, arXiv 2412.10117,
section 2.4; upstream llm/llm.py, ``inference_bistream``).

As in the original, the last speech token before the rest of the text is fed twice.
Unlike it, CosyVoice3 without prompt speech waits for its first text.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.model.sampling import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.speech_lm import Decoding, SpeechLm
    from wyoming_cosyvoice.model.text_encoder import TextTable
    from wyoming_cosyvoice.pack.settings import Sampling

    Floats = NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)

TEXT_BLOCK = 5
SPEECH_BLOCK = 15


class Choose(Protocol):
    """Samples tokens from logits."""

    def __call__(self, logits: Floats, *, may_end: bool) -> int:
        """Return a token, given the logits (V,): a speech token or a mark.

        While the sentence may not end, the fill token is the only mark.
        """


class ArrivingText(Protocol):
    """The text of one sentence, while it arrives."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing follows what ``take`` returns next."""

    @property
    def speech_limits(self) -> tuple[int, int]:
        """The least and the most speech tokens of the sentence so far."""

    def take(self) -> Sequence[int]:
        """Return the text tokens that arrived since the last call."""


class AheadSampler:
    """Samples the speech tokens of one sentence, whose length may be unknown yet."""

    def __init__(
        self,
        sampling: Sampling,
        rng: np.random.Generator,
        *,
        end_token: int,
        fill_token: int,
    ) -> None:
        self._sampling = sampling
        self._rng = rng
        self._end_token = end_token
        self._fill_token = fill_token
        self._history: list[int] = []
        self._spoken = 0
        self.limits = (0, 0)
        """The least and the most speech tokens."""

    def __call__(self, logits: Floats, *, may_end: bool) -> int:
        """Return the next token; the end token at the maximum length.

        Raises: SynthesisError.
        """
        least, most = self.limits
        if self._spoken >= most:
            _LOGGER.warning("A sentence was cut at %d speech tokens", most)
            return self._end_token
        token = sample(
            logits,
            self._history,
            self._sampling,
            self._rng,
            end_token=self._end_token,
            may_end=may_end and self._spoken >= least,
            fill_token=None if may_end else self._fill_token,
        )
        self._history.append(token)
        self._spoken += token < self._end_token
        return token


class AheadDecoding:
    """Decodes one sentence whose text tokens arrive in pieces.

    Feed text and call ``advance`` until ``wants_text`` or ``is_over``.
    """

    def __init__(
        self,
        lm: SpeechLm,
        table: TextTable,
        choose: Choose,
        *,
        fill_token: int,
        capacity: int,
        opening: Sequence[int] = (),
        prompt_text: Sequence[int] = (),
        prompt_speech: Sequence[int] = (),
        first_speech: int = 0,
        cancel: CancelToken | None = None,
    ) -> None:
        """Prepare a sentence; nothing is computed until there is enough text.

        ``opening`` are the text tokens that precede all speech, ``prompt_text`` and
        ``prompt_speech`` what is laid out like the sentence itself. ``capacity`` is the
        maximum number of positions, prompts included. Decoding begins when there is
        text for ``first_speech`` speech tokens.
        """
        self._lm = lm
        self._table = table
        self._choose = choose
        self._fill_token = fill_token
        self._capacity = capacity
        self._opening = list(opening)
        self._text = list(prompt_text)
        self._prompt_speech = list(prompt_speech)
        blocks = -(-(len(prompt_speech) + first_speech) // SPEECH_BLOCK)
        self._first_text = TEXT_BLOCK * max(1, blocks)
        self._cancel = cancel
        self._decoding: Decoding | None = None
        self._until_fill = SPEECH_BLOCK - len(prompt_speech) % SPEECH_BLOCK
        self._last: int | None = None
        self._is_filled = False
        self._has_task = False
        self._is_complete = False
        self.is_over = False
        """Whether the model has ended the sentence."""

    @property
    def wants_text(self) -> bool:
        """Whether it can only continue with more text, or with the end of it."""
        if self.is_over or self._is_complete:
            return False
        if self._decoding is None:
            return len(self._text) < self._first_text
        return self._is_filled and len(self._text) < TEXT_BLOCK

    def feed(self, text_tokens: Sequence[int]) -> None:
        """Append text tokens."""
        self._text += text_tokens

    def finish(self) -> None:
        """Take what was fed as the complete text."""
        self._is_complete = True

    def advance(self) -> int | None:
        """Process what is there and sample once.

        Return the speech token; None if the model asks for text or has ended.
        Raises: SynthesisCancelled, SynthesisError.
        """
        if self.is_over or self.wants_text:
            return None
        decoding = self._append()
        if not self._has_task:
            if not self._until_fill:
                self._note_fill()
                return None
            self._until_fill -= 1
        token = self._choose(decoding.logits[0], may_end=self._has_task)
        if token < self._lm.end_token:
            self._last = token
            return token
        if token == self._fill_token and not self._has_task:
            self._note_fill()
            return None
        self.is_over = True
        return None

    def _note_fill(self) -> None:
        self._is_filled = True
        self._until_fill = SPEECH_BLOCK

    def _append(self) -> Decoding:
        """Append the next rows: a speech token, or text."""
        if self._decoding is None:
            self._decoding = self._begin()
            return self._decoding
        decoding = self._decoding
        if self._last is not None and not self._is_filled:
            decoding.step([self._last])
            return decoding
        if self._is_complete:
            if self._last is not None:
                decoding.step([self._last])
            self._has_task = True
            _, rest, task = self._rows(self._text)
            decoding.append(np.concatenate([rest, task], axis=1))
        else:
            decoding.append(self._take(TEXT_BLOCK))
        self._is_filled = False
        return decoding

    def _begin(self) -> Decoding:
        """Lay out the prompt and process it."""
        begin, opening, task = self._rows(self._opening)
        speech = self._prompt_speech
        if self._is_complete:
            self._has_task = True
            rows = [begin, opening, self._take(len(self._text)), task]
            return self._start(rows, speech)
        decoding = self._start(
            [begin, opening, self._take(TEXT_BLOCK)], speech[:SPEECH_BLOCK]
        )
        for at in range(SPEECH_BLOCK, len(speech), SPEECH_BLOCK):
            decoding.append(self._take(TEXT_BLOCK), speech[at : at + SPEECH_BLOCK])
        return decoding

    def _start(self, rows: Sequence[Floats], speech: Sequence[int]) -> Decoding:
        prefix = np.concatenate(rows, axis=1)
        left = self._capacity - prefix.shape[1] - len(speech)
        return self._lm.begin([prefix], [speech], max_tokens=left, cancel=self._cancel)

    def _take(self, count: int) -> Floats:
        """Remove the first text tokens and return their rows (1, count, D)."""
        taken, self._text = self._text[:count], self._text[count:]
        return self._rows(taken)[1]

    def _rows(self, text_tokens: list[int]) -> tuple[Floats, Floats, Floats]:
        """Return the rows of begin, of text tokens and of task."""
        prefix = self._table.encode(text_tokens, cancel=self._cancel).prefix
        return prefix[:, :1], prefix[:, 1:-1], prefix[:, -1:]
