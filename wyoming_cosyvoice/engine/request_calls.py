"""The calls of one request into the synthesizer, with the configured defaults."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming_cosyvoice.config import SpeechConfig
    from wyoming_cosyvoice.engine.languages import LastLanguages
    from wyoming_cosyvoice.engine.sentences import Segment
    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.synth.interface import (
        Sentence,
        SentenceReader,
        Synthesizer,
    )
    from wyoming_cosyvoice.voices import Voice


class RequestCalls:
    """Opens the reader of one Speech, and its sentences."""

    def __init__(
        self, speech: Speech, defaults: SpeechConfig, languages: LastLanguages
    ) -> None:
        self._request = speech.request
        self._cancel = speech.token
        self._defaults = defaults
        self._languages = languages
        self._preferred: Voice | None = None

    @property
    def speed(self) -> float:
        """The requested speed, or the default."""
        speed = self._request.speed
        return self._defaults.speed if speed is None else speed

    def reader_for(self, synthesizer: Synthesizer) -> Callable[[], SentenceReader]:
        """Return the call that opens the reader."""
        request = self._request
        if request.source is not None:
            return partial(synthesizer.source_reader, request.source)
        # Looked up only now: it may be a user voice that was added since the start.
        self._preferred = find_voice(synthesizer.voices, self._defaults.voice)
        voice = request.voice or self._preferred
        return partial(
            synthesizer.reader,
            text_format=request.text_format,
            voice=voice,
            language=self._language(voice),
        )

    def note_language(self, sentence: Sentence) -> None:
        """Remember the language of the client, for texts without letters."""
        self._languages.note(self._request.client, sentence.language)

    def speak(self, synthesizer: Synthesizer, sentence: Sentence) -> Segment:
        """Open a sentence, after its reader."""
        request = self._request
        seed = self._defaults.seed if request.seed is None else request.seed
        if request.source is not None:
            return synthesizer.convert(
                sentence, voice=request.voice, seed=seed, cancel=self._cancel
            )
        return synthesizer.speak(
            sentence,
            voice=request.voice,
            preferred=self._preferred,
            speed=self.speed,
            seed=seed,
            emotion=request.emotion,
            instruction=self._instruction(synthesizer),
            cancel=self._cancel,
        )

    def _language(self, voice: Voice | None) -> str | None:
        """Return the language of a text without letters: requested, set or recent."""
        wanted = self._request.language or self._defaults.language
        return wanted or self._languages.last(self._request.client, voice)

    def _instruction(self, synthesizer: Synthesizer) -> str | None:
        request = self._request
        if request.instruction or request.emotion not in (None, "neutral"):
            return request.instruction
        follows = "instruct" in synthesizer.abilities
        return self._defaults.instruct if follows else None
