"""The audio of one speech: the synthesizer's samples -> pieces for the client.

The chain of sound processing runs in the worker, like the synthesizer.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.audio import bounded, check_finite
from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.word_times import WordTimes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.config import SoundConfig
    from wyoming_cosyvoice.engine.sentences import Segment
    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.engine.timed_calls import TimedCalls

    Floats = NDArray[np.float32]

_SILENCE_S = 0.1
"""Silence that answers a text with nothing to speak: players reject empty audio."""


class Output:
    """Processes the audio of one Speech and delivers it; lives in the event loop."""

    def __init__(
        self, speech: Speech, calls: TimedCalls, sound: SoundConfig, rate_hz: int
    ) -> None:
        if speech.request.source is not None:
            sound = replace(sound, trim=False)  # as long as its source
        self._speech = speech
        self._calls = calls
        self._rate_hz = rate_hz
        self._chain = Chain(sound, rate_hz)
        self._word_times = WordTimes(self._chain, rate_hz)

    def begin_sentence(self) -> None:
        """Mark that the next audio belongs to a new sentence."""
        self._word_times.begin()

    async def advance(self, segment: Segment, *, more_follows: bool) -> bool:
        """Deliver more audio of a sentence; return whether it has ended.

        ``more_follows``: otherwise the silence at its end may be that of the answer.
        Raises: SynthesisError if the answer is too long, and what the segment raises.
        """
        speech = self._speech
        samples, is_over = await self._calls.run(
            partial(_next_samples, segment, self._chain, more_follows=more_follows)
        )
        # Not every synthesizer has word times.
        speech.words += self._word_times.collect(getattr(segment, "words", ()))
        speech.deliver(samples)
        # Let the client task send this before the worker is busy again.
        await asyncio.sleep(0)
        longest_s = speech.limits.audio_s
        if speech.stats.audio_s > longest_s:
            raise SynthesisError(f"The answer is longer than {longest_s:g} s.")
        return is_over

    async def finish(self) -> None:
        """Deliver the audio that the chain still holds."""
        speech = self._speech
        speech.deliver(await self._calls.run(partial(_last_samples, self._chain)))
        # The chain may have trimmed the end of the last word.
        speech.words[-1:] = [
            replace(word, end_s=min(word.end_s, speech.stats.audio_s))
            for word in speech.words[-1:]
        ]

    def deliver_silence(self) -> None:
        """Answer a text that has nothing to speak."""
        silence_samples = round(_SILENCE_S * self._rate_hz)
        self._speech.deliver(np.zeros(silence_samples, np.float32))


def _next_samples(
    segment: Segment, chain: Chain, *, more_follows: bool
) -> tuple[Floats, bool]:
    """Return more audio of a sentence, possibly empty, and whether it has ended.

    Buffered audio is copied, because the networks reuse their buffers.
    """
    samples = next(segment, None)
    if samples is None:
        nothing = np.zeros(0, np.float32)
        return bounded(chain.flush_sentence()) if more_follows else nothing, True
    check_finite(samples)
    return bounded(chain.process(samples)), False


def _last_samples(chain: Chain) -> Floats:
    return bounded(chain.finish())
