"""Word times of several sentences in the output of a chain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.audio import TimedWord
    from wyoming_cosyvoice.sound.chain import Chain


class WordTimes:
    """Converts word times within a sentence to times in the whole output.

    times = WordTimes(chain, rate_hz)
    for sentence in sentences:
        segment = synthesizer.speak(sentence, ...)
        times.begin()
        for samples in segment:
            write(chain.process(samples))
            words += times.collect(segment.words)
        words += times.collect(segment.words)
    """

    def __init__(self, chain: Chain, rate_hz: int) -> None:
        self._chain = chain
        self._rate_hz = rate_hz
        self._begin_samples = 0
        self._collected = 0

    def begin(self) -> None:
        """Mark that the next input of the chain belongs to a new sentence."""
        self._begin_samples = self._chain.input_samples
        self._collected = 0

    def collect(self, words: Sequence[TimedWord]) -> list[TimedWord]:
        """Return the words of the sentence that were not returned before."""
        offset = self._begin_samples - self._chain.cut_samples
        offset_s = offset / self._rate_hz
        found = words[self._collected :]
        self._collected += len(found)
        return [
            replace(
                word,
                start_s=max(0.0, word.start_s + offset_s),
                end_s=max(0.0, word.end_s + offset_s),
            )
            for word in found
        ]
