"""What it takes to speak one request: its reader, its sentences, its turns.

A job lives in the event loop; only the calls into the Synthesizer go to the worker, one
at a time. One turn reads the text that came and makes one piece of sound; the next turn
goes on where that one stopped.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from wyoming_cosyvoice.audio import bounded, check_finite
from wyoming_cosyvoice.engine.order import next_sound_due
from wyoming_cosyvoice.engine.text_queue import TextQueue
from wyoming_cosyvoice.errors import (
    Busy,
    CosyVoiceError,
    EngineLost,
    LanguageNotSpoken,
    SynthesisCancelled,
    SynthesisError,
    SynthesisTimeout,
)
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.word_times import WordTimes
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from numpy.typing import NDArray

    from wyoming_cosyvoice.config import Limits, SoundConfig, SpeechConfig
    from wyoming_cosyvoice.engine.languages import LastLanguages
    from wyoming_cosyvoice.engine.sentences import Segment
    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.engine.worker import Worker
    from wyoming_cosyvoice.synth.interface import (
        Sentence,
        SentenceReader,
        Synthesizer,
    )
    from wyoming_cosyvoice.voices import Voice

    Floats = NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_SILENCE_S = 0.1
"""Answer to a text with nothing to speak; players take an empty one as a failure."""


class Job:
    """The engine's side of one Speech. Only the engine's task gives it turns."""

    def __init__(
        self,
        speech: Speech,
        worker: Worker,
        limits: Limits,
        defaults: SpeechConfig,
        sound: SoundConfig,
        languages: LastLanguages,
    ) -> None:
        self.speech = speech
        self._worker = worker
        self._limits = limits
        self._defaults = defaults
        self._sound = sound
        self._languages = languages
        self._bound: tuple[Synthesizer, Chain] | None = None
        self._word_times: WordTimes | None = None
        self._reader: SentenceReader | None = None
        self._preferred: Voice | None = None
        self._text = TextQueue(speech, limits)
        self._sentences = self._text.sentences
        self._segment: Segment | None = None
        self._refusal: LanguageNotSpoken | None = None
        self._left_s = limits.sentence_s
        self._expiry: asyncio.TimerHandle | None = None
        self._has_had_turn = False
        self._asked_at: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a turn would do something."""
        speech = self.speech
        if speech.is_ended or self._text.has_to_read:
            return True
        if self._segment is not None or self._sentences:
            return not speech.is_full
        return speech.is_finished

    @property
    def is_idle(self) -> bool:
        """Whether it waits for text, and has nothing to speak."""
        speech = self.speech
        has_work = self._segment is not None or bool(self._sentences)
        return not (speech.is_finished or has_work or self.is_waiting)

    @property
    def holds_segment(self) -> bool:
        """Whether a sentence was begun that the worker has to close."""
        return self._segment is not None or bool(self._sentences.opened)

    def bind(self, synthesizer: Synthesizer) -> tuple[Synthesizer, Chain]:
        """Settle which model speaks, and with that the sample rate."""
        rate_hz = synthesizer.sample_rate
        sound = self._sound
        if self.speech.request.source is not None:
            sound = replace(sound, trim=False)  # it keeps the time of its source
        chain = Chain(sound, rate_hz)
        self._bound = (synthesizer, chain)
        self._word_times = WordTimes(chain, rate_hz)
        self.speech.rate_hz = rate_hz
        return self._bound

    @property
    def due(self) -> float:
        """When its listener needs the next sound, by the loop's clock."""
        asked_at = self._asked_at or asyncio.get_running_loop().time()
        return next_sound_due(asked_at, self.speech.heard_until)

    def note_input(self) -> None:
        """Note when there is something to do, and start the wait for the first turn."""
        loop = asyncio.get_running_loop()
        if self._asked_at is None and self.is_waiting:
            self._asked_at = loop.time()
        if self._expiry is None and not self._has_had_turn:
            self._expiry = loop.call_later(self._limits.waiting_s, self._expire)

    def close(self) -> None:
        """Stop the timers; nothing is done for this job any more."""
        self._text.close()
        if self._expiry is not None:
            self._expiry.cancel()

    async def turn(self, synthesizer: Synthesizer) -> None:
        """Read what came and make one piece of sound; ends the speech if that is all.

        ``synthesizer`` is used if none is bound yet. Raises: EngineLost, nothing else.
        """
        self._has_had_turn = True
        if self._expiry is not None:
            self._expiry.cancel()
        bound = self._bound or self.bind(synthesizer)
        await self._guard(partial(self._advance, *bound))
        if self.speech.is_ended:
            await self._close_segments()
        if not self.is_waiting:
            self._asked_at = None

    async def prepare(self, synthesizer: Synthesizer) -> bool:
        """Have the model begin with a sentence before its turn comes.

        It is then decoded in one step with others: the first sentence, or, once there
        is sound, those that follow. Return whether anything was done.
        Raises: EngineLost, nothing else.
        """
        if self._segment is not None and self.speech.heard_until is None:
            return False
        bound = self._bound or self.bind(synthesizer)
        did = await self._guard(partial(self._prepare, bound[0]))
        if self.speech.is_ended:
            await self._close_segments()
        return did or False

    async def _guard(self, work: Callable[[], Awaitable[_Result]]) -> _Result | None:
        """Do some work; what fails in it ends the speech. Raises: EngineLost."""
        speech = self.speech
        try:
            return None if speech.is_ended else await work()
        except EngineLost:
            raise
        except (CosyVoiceError, SynthesisCancelled) as error:
            speech.end(error)
        except Exception:
            # A network that is stopped from outside fails in ways of its own.
            if speech.is_ended:
                _LOGGER.debug("Request %d ended with", speech.id, exc_info=True)
            else:
                _LOGGER.exception("Request %d failed", speech.id)
                speech.end(SynthesisError("Speaking failed; see the log."))
        return None

    async def _prepare(self, synthesizer: Synthesizer) -> bool:
        await self._read(synthesizer)
        is_heard = self.speech.heard_until is not None
        most = synthesizer.most_together if is_heard else 1
        speak = partial(self._speak, synthesizer)
        prepare = partial(self._sentences.prepare, speak, most=most)
        try:
            return await self._call(prepare)
        except LanguageNotSpoken as refusal:
            self._refusal = refusal
            self._text.note_taken()
            return False

    async def _advance(self, synthesizer: Synthesizer, chain: Chain) -> None:
        speech = self.speech
        await self._read(synthesizer)
        try:
            if self._segment is None and self._sentences:
                self._segment = await self._begin(synthesizer)
            if self._segment is not None and not (speech.is_ended or speech.is_full):
                await self._advance_segment(self._segment, chain)
        except LanguageNotSpoken as refusal:
            # Of this sentence only: the others are spoken.
            self._segment, self._refusal = None, refusal
        if self._text.is_read and self._segment is None and not self._sentences:
            speech.deliver(await self._call(partial(_last_samples, chain)))
            # The chain may have cut the very end of the last word.
            speech.words[-1:] = [
                replace(word, end_s=min(word.end_s, speech.stats.audio_s))
                for word in speech.words[-1:]
            ]
            if self._refusal is not None and not speech.stats.audio_s:
                raise self._refusal
            if not speech.stats.audio_s:
                silence_samples = round(_SILENCE_S * synthesizer.sample_rate)
                speech.deliver(np.zeros(silence_samples, np.float32))
            speech.end()

    async def _read(self, synthesizer: Synthesizer) -> None:
        request = self.speech.request
        if self._reader is None:
            # Looked up as late as this: it may be one of the user's own.
            self._preferred = find_voice(synthesizer.voices, self._defaults.voice)
        voice = request.voice or self._preferred
        if self._reader is None and request.source is not None:
            read = partial(synthesizer.source_reader, request.source)
            self._reader = await self._call(read)
        elif self._reader is None:
            self._reader = await self._call(
                partial(
                    synthesizer.reader,
                    text_format=request.text_format,
                    voice=voice,
                    language=self._language(voice),
                )
            )
        await self._text.read(
            self._reader, self._call, sentences=synthesizer.most_together
        )

    def _language(self, voice: Voice | None) -> str | None:
        """Return what a text without letters is taken for: asked for, set or heard."""
        request = self.speech.request
        wanted = request.language or self._defaults.language
        return wanted or self._languages.last(request.client, voice)

    async def _begin(self, synthesizer: Synthesizer) -> Segment:
        """Return the next sentence's sound, and start its clocks."""
        speak = partial(self._speak, synthesizer)
        try:
            sentence, segment = await self._call(partial(self._sentences.take, speak))
        finally:
            self._text.note_taken()
        self.speech.stats.sentences += 1
        self._languages.note(self.speech.request.client, sentence.language)
        if self._word_times is not None:
            self._word_times.begin()
        expected_s = sentence.max_speech_s / self._speed
        self._left_s = max(
            self._limits.sentence_s, self._limits.sentence_per_audio * expected_s
        )
        return segment

    @property
    def _speed(self) -> float:
        speed = self.speech.request.speed
        return self._defaults.speed if speed is None else speed

    def _speak(self, synthesizer: Synthesizer, sentence: Sentence) -> Segment:
        request = self.speech.request
        seed = self._defaults.seed if request.seed is None else request.seed
        if request.source is not None:
            return synthesizer.convert(
                sentence, voice=request.voice, seed=seed, cancel=self.speech.token
            )
        return synthesizer.speak(
            sentence,
            voice=request.voice,
            preferred=self._preferred,
            speed=self._speed,
            seed=seed,
            emotion=request.emotion,
            instruction=request.instruction,
            cancel=self.speech.token,
        )

    async def _advance_segment(self, segment: Segment, chain: Chain) -> None:
        speech = self.speech
        # Else the silence at its end may be the end of all.
        more_follows = bool(self._sentences) or not speech.is_finished
        samples, is_over = await self._call(
            partial(_next_samples, segment, chain, more_follows=more_follows)
        )
        # Not every synthesizer knows when its words are heard.
        words = getattr(segment, "words", ())
        if self._word_times is not None:
            speech.words += self._word_times.collect(words)
        if is_over:
            self._segment = None
            self._left_s = self._limits.sentence_s  # for reading what comes next
        speech.deliver(samples)
        # Lets the listener send this before the worker is busy again.
        await asyncio.sleep(0)
        if speech.stats.audio_s > self._limits.audio_s:
            raise SynthesisError(
                f"The answer is longer than {self._limits.audio_s:g} s."
            )

    async def _call(self, call: Callable[[], _Result]) -> _Result:
        """Run a call in the worker, within what is left of the sentence's time."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        future = self._worker.run(call)
        done, _ = await asyncio.wait((future,), timeout=max(0.0, self._left_s))
        if not done:
            self.speech.end(
                SynthesisTimeout("A sentence took too long and was given up.")
            )
            done, _ = await asyncio.wait((future,), timeout=self._limits.stuck_s)
        took_s = loop.time() - began
        self._left_s -= took_s
        self.speech.stats.computing_s += took_s
        if not done:
            raise EngineLost(
                f"The model did not stop within {self._limits.stuck_s:g} s.",
                remedy="Restart the program.",
            )
        return future.result()

    async def _close_segments(self) -> None:
        """Free in the worker what the job holds there."""
        held = [self._segment, *self._sentences.opened]
        self._segment = None
        self._sentences.clear()
        for segment in held:
            close = getattr(segment, "close", None)
            if close is None:
                continue
            try:
                await self._call(close)
            except EngineLost:
                raise
            except Exception:
                _LOGGER.exception("Request %d could not be closed", self.speech.id)

    def _expire(self) -> None:
        waited_s = self._limits.waiting_s
        self.speech.end(
            Busy(
                f"The request waited {waited_s:g} s for its turn.",
                remedy="Try again later.",
            )
        )


def _next_samples(
    segment: Segment, chain: Chain, *, more_follows: bool
) -> tuple[Floats, bool]:
    """Return more sound of a sentence, perhaps none yet, and whether it is over.

    What waits for its listener is a copy: the networks' buffers are used again.
    """
    samples = next(segment, None)
    if samples is None:
        nothing = np.zeros(0, np.float32)
        return bounded(chain.flush_sentence()) if more_follows else nothing, True
    check_finite(samples)
    return bounded(chain.process(samples)), False


def _last_samples(chain: Chain) -> Floats:
    return bounded(chain.finish())
