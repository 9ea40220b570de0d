"""A sentence being spoken: its samples and word times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from wyoming_cosyvoice.audio import TimedWord
from wyoming_cosyvoice.model.phone_times import SOUND_AHEAD_S, PhoneTimes
from wyoming_cosyvoice.synth.delivery import EDGE_S, pause_after_s
from wyoming_cosyvoice.synth.written_words import Match, match_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.shared_speech import SharedSpeech
    from wyoming_cosyvoice.sound.shape import Trimmer
    from wyoming_cosyvoice.text import Sentence
    from wyoming_cosyvoice.text.ahead import GrowingSentence
    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan


@dataclass(frozen=True, slots=True)
class WordClock:
    """Converts phone times of one sentence to word times."""

    spans: Sequence[TokenSpan]
    times: PhoneTimes
    tokens_per_s: float
    """Speech tokens per second of audio at the current speed."""

    ahead_s: float = 0.0
    """How much earlier a phone sounds than its tokens, at that speed."""

    trimmer: Trimmer | None = None
    """The trimmer of the sentence, if any."""

    @classmethod
    def of(
        cls,
        spans: Sequence[TokenSpan],
        *,
        token_rate: float,
        speed: float,
        trimmer: Trimmer,
    ) -> Self:
        """Return the clock of a sentence that is spoken at ``speed``."""
        ahead_s = SOUND_AHEAD_S / speed
        return cls(spans, PhoneTimes(), token_rate * speed, ahead_s, trimmer)


class SpokenSentence:
    """An iterator over the samples (S,) of a sentence.

    ``words`` grows as samples are returned. Models without phone tokens have one
    "word": the whole sentence, at its end.
    """

    def __init__(
        self,
        samples: Iterator[NDArray[np.float32]],
        sentence: Sentence,
        sample_rate: int,
        clock: WordClock | None,
        *,
        trimmer: Trimmer,
        shared: SharedSpeech | None = None,
        pause_setting_s: float | None = None,
        growing: GrowingSentence | None = None,
    ) -> None:
        """``shared`` is set if the sentence is decoded in a batch with others.

        With ``growing``, ``sentence`` is its beginning; empty samples wait for more.
        """
        self._samples = samples
        self._trimmer = trimmer
        self._shared = shared
        self._pause_setting_s = pause_setting_s
        self._beginning = sentence
        self._growing = growing
        self._waits_since: tuple[int, bool] | None = None
        self._rate = sample_rate
        self._clock = clock
        self.pause_s = 0.0
        """The silence after the sentence; known at its end."""
        self._given = 0
        self._is_over = False
        self._matches: list[Match] = []
        if clock is not None:
            places = [(span.start, span.end) for span in clock.spans]
            self._matches = match_words(sentence.source, sentence.spoken, places)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> NDArray[np.float32]:
        """Return the next samples.

        Raises: what the synthesis raises, StopIteration at the end.
        """
        if self._is_over:
            raise StopIteration
        samples = next(self._samples, None)
        if samples is None:
            self._is_over = True
            samples = self._end()
            if not samples.size:
                raise StopIteration
        elif self._growing is not None and not samples.size:
            self._waits_since = self._growing.progress
        else:
            samples = self._trimmer.process(samples)
        self._given += len(samples)
        return samples

    @property
    def wants_text(self) -> bool:
        """Whether it can only continue with more text of its sentence."""
        growing = self._growing
        return growing is not None and growing.progress == self._waits_since

    @property
    def _sentence(self) -> Sentence:
        return self._beginning if self._growing is None else self._growing.so_far

    def _end(self) -> NDArray[np.float32]:
        """Return the rest of the sentence and the pause after it."""
        rest = self._trimmer.finish()
        if not self._given + len(rest):
            self.pause_s = self._sentence.pause_s
            return np.zeros(round(self.pause_s * self._rate), np.float32)
        self.pause_s = pause_after_s(self._sentence, self._pause_setting_s)
        # The silence at the ends of both sentences is part of the pause.
        count = max(0, round((self.pause_s - 2 * EDGE_S) * self._rate))
        return np.concatenate([rest, np.zeros(count, np.float32)])

    def close(self) -> None:
        """Drop the rest of the sentence and free its resources."""
        for held in (self._samples, self._shared):
            close = getattr(held, "close", None)
            if close is not None:
                close()

    def prepare(self) -> bool:
        """Join the decoding batch; return False if that is not possible.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return self._shared is not None and self._shared.prepare()

    @property
    def words(self) -> list[TimedWord]:
        """The words so far, with times in seconds from the start of the sentence.

        A word is added when all of its samples were returned, at the latest at the end
        of the sentence. The pause after the sentence belongs to no word.
        """
        given_s = self._given / self._rate
        if self._is_over:
            given_s = max(0.0, given_s - max(0.0, self.pause_s - 2 * EDGE_S))
        clock = self._clock
        if clock is None or not self._matches:
            text = self._sentence.source
            return [TimedWord(text, 0.0, given_s)] if self._is_over and given_s else []
        voice_s = given_s - EDGE_S if self._is_over else given_s
        known = []
        cut = 0 if clock.trimmer is None else clock.trimmer.cut_samples
        earlier_s = clock.ahead_s + cut / self._rate
        for match in self._matches:
            spans = clock.spans[match.first : match.last]
            found = clock.times.span(spans[0].first, spans[-1].last)
            if found is None:
                break
            start_s, end_s = (
                max(0.0, at / clock.tokens_per_s - earlier_s) for at in found
            )
            if end_s > given_s and not self._is_over:
                break
            known.append(TimedWord(match.text, start_s, min(end_s, voice_s)))
        return known
