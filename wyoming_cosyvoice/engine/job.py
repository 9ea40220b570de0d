"""The scheduling of one request: its reader, its sentences, its turns.

A job runs in the event loop; only calls into the Synthesizer go to the worker, one at a
time. A turn reads new text and computes one piece of audio; the next turn continues
there.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from wyoming_cosyvoice.engine.order import next_sound_due
from wyoming_cosyvoice.engine.output import Output
from wyoming_cosyvoice.engine.request_calls import RequestCalls
from wyoming_cosyvoice.engine.text_queue import TextQueue
from wyoming_cosyvoice.engine.timed_calls import TimedCalls
from wyoming_cosyvoice.errors import (
    Busy,
    CosyVoiceError,
    EngineLost,
    LanguageNotSpoken,
    SynthesisCancelled,
    SynthesisError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wyoming_cosyvoice.config import SoundConfig, SpeechConfig
    from wyoming_cosyvoice.engine.languages import LastLanguages
    from wyoming_cosyvoice.engine.sentences import Segment
    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.engine.worker import Worker
    from wyoming_cosyvoice.synth.interface import (
        SentenceReader,
        Synthesizer,
    )

_LOGGER = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Job:
    """The engine's side of one Speech. Only the scheduler calls it."""

    def __init__(
        self,
        speech: Speech,
        worker: Worker,
        defaults: SpeechConfig,
        sound: SoundConfig,
        languages: LastLanguages,
    ) -> None:
        self.speech = speech
        self._sound = sound
        self._bound: tuple[Synthesizer, Output] | None = None
        self._reader: SentenceReader | None = None
        self._text = TextQueue(speech)
        self._sentences = self._text.sentences
        self._segment: Segment | None = None
        self._refusal: LanguageNotSpoken | None = None
        self._calls = TimedCalls(speech, worker)
        self._request = RequestCalls(speech, defaults, languages)
        self._expiry: asyncio.TimerHandle | None = None
        self._had_turn = False
        self._is_in_turn = False
        self._asked_at: float | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a turn has work to do."""
        speech = self.speech
        if speech.is_ended or self._text.has_to_read:
            return True
        if self._segment is not None or self._sentences:
            return not (speech.is_full or self._wants_text)
        return speech.is_finished

    @property
    def _wants_text(self) -> bool:
        """Whether the sentence that is spoken waits for more of its text."""
        return getattr(self._segment, "wants_text", False)

    @property
    def is_idle(self) -> bool:
        """Whether it has nothing to speak: it waits for text or only for its end."""
        has_sentence = self._segment is not None or bool(self._sentences)
        # During a turn, the worker has its text or its sentence.
        return not (has_sentence or self.speech.has_text or self._is_in_turn)

    @property
    def holds_segment(self) -> bool:
        """Whether there is an open sentence that the worker has to close."""
        return self._segment is not None or bool(self._sentences.opened)

    def bind(self, synthesizer: Synthesizer) -> tuple[Synthesizer, Output]:
        """Set the model and the sample rate."""
        rate_hz = self.speech.rate_hz = synthesizer.sample_rate
        output = Output(self.speech, self._calls, self._sound, rate_hz)
        self._bound = (synthesizer, output)
        return self._bound

    @property
    def due(self) -> float:
        """When the client needs the next audio, by the loop's clock."""
        asked_at = self._asked_at or asyncio.get_running_loop().time()
        return next_sound_due(asked_at, self.speech.audio_until)

    def note_input(self) -> None:
        """Record new input, and start the timeout of the first turn."""
        loop = asyncio.get_running_loop()
        if self._asked_at is None and self.is_waiting:
            self._asked_at = loop.time()
        if self._expiry is None and not self._had_turn:
            self._expiry = loop.call_later(self.speech.limits.waiting_s, self._expire)

    def close(self) -> None:
        """Stop the timers; the job is finished."""
        self._text.close()
        if self._expiry is not None:
            self._expiry.cancel()

    async def turn(self, synthesizer: Synthesizer) -> None:
        """Read new text and compute one piece of audio; end the speech if it was last.

        ``synthesizer`` is used if none is bound yet. Raises: only EngineLost.
        """
        self._had_turn = True
        if self._expiry is not None:
            self._expiry.cancel()
        bound = self._bound or self.bind(synthesizer)
        await self._guard(partial(self._advance, *bound))
        if self.speech.is_ended:
            await self._close_segments()
        if not self.is_waiting:
            self._asked_at = None

    async def prepare(self, synthesizer: Synthesizer) -> bool:
        """Start a sentence before its turn.

        It is then decoded in a batch with others: the first sentence, or, once there is
        audio, the following ones. Return whether anything was done. Raises: only
        EngineLost.
        """
        if self._segment is not None and self.speech.audio_until is None:
            return False
        bound = self._bound or self.bind(synthesizer)
        did = await self._guard(partial(self._prepare, bound[0]))
        if self.speech.is_ended:
            await self._close_segments()
        return did or False

    async def _guard(self, work: Callable[[], Awaitable[_Result]]) -> _Result | None:
        """Run one step; an error ends the speech. Raises: EngineLost."""
        speech = self.speech
        self._is_in_turn = True
        try:
            return None if speech.is_ended else await work()
        except EngineLost:
            raise
        except (CosyVoiceError, SynthesisCancelled) as error:
            speech.end(error)
        except Exception:
            # A cancelled network may fail with any error.
            if speech.is_ended:
                _LOGGER.debug("Request %d ended with", speech.id, exc_info=True)
            else:
                _LOGGER.exception("Request %d failed", speech.id)
                speech.end(SynthesisError("Synthesis failed; see the log."))
        finally:
            self._is_in_turn = False
        return None

    async def _prepare(self, synthesizer: Synthesizer) -> bool:
        await self._read(synthesizer)
        has_audio = self.speech.audio_until is not None
        most = synthesizer.max_batch if has_audio else 1
        speak = partial(self._request.speak, synthesizer)
        prepare = partial(self._sentences.prepare, speak, most=most)
        try:
            return await self._calls.run(prepare)
        except LanguageNotSpoken as refusal:
            self._refusal = refusal
            self._text.note_taken()
            return False

    async def _advance(self, synthesizer: Synthesizer, output: Output) -> None:
        speech = self.speech
        await self._read(synthesizer)
        try:
            if self._segment is None and self._sentences:
                self._segment = await self._begin(synthesizer, output)
            is_held = speech.is_ended or speech.is_full or self._wants_text
            if self._segment is not None and not is_held:
                await self._advance_segment(self._segment, output)
        except LanguageNotSpoken as refusal:
            # Applies to this sentence only: the others are spoken.
            self._segment, self._refusal = None, refusal
        if self._text.is_read and self._segment is None and not self._sentences:
            await output.finish()
            if not speech.stats.audio_s:
                if self._refusal is not None:
                    raise self._refusal
                output.deliver_silence()
            speech.end()

    async def _read(self, synthesizer: Synthesizer) -> None:
        if self._reader is None:
            self._reader = await self._calls.run(self._request.reader_for(synthesizer))
        await self._text.read(
            self._reader,
            self._calls.run,
            sentences=synthesizer.max_batch,
            is_speaking=self._segment is not None,
        )

    async def _begin(self, synthesizer: Synthesizer, output: Output) -> Segment:
        """Open the next sentence and start its timers."""
        speak = partial(self._request.speak, synthesizer)
        try:
            sentence, segment = await self._calls.run(
                partial(self._sentences.take, speak)
            )
        finally:
            self._text.note_taken()
        self.speech.stats.sentences += 1
        self._request.note_language(sentence)
        output.begin_sentence()
        self._calls.allow(sentence.max_speech_s / self._request.speed)
        return segment

    async def _advance_segment(self, segment: Segment, output: Output) -> None:
        more_follows = bool(self._sentences) or not self.speech.is_finished
        if await output.advance(segment, more_follows=more_follows):
            self._segment = None
            self._calls.allow()  # for reading the following text

    async def _close_segments(self) -> None:
        """Free the job's resources in the worker."""
        held = [self._segment, *self._sentences.opened]
        self._segment = None
        self._sentences.clear()
        for segment in held:
            close = getattr(segment, "close", None)
            if close is None:
                continue
            try:
                await self._calls.run(close)
            except EngineLost:
                raise
            except Exception:
                _LOGGER.exception("Request %d could not be closed", self.speech.id)

    def _expire(self) -> None:
        waited_s = self.speech.limits.waiting_s
        reason = f"The request waited {waited_s:g} s for its turn."
        self.speech.end(Busy(reason, remedy="Try again later."))
