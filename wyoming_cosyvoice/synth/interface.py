"""The interface between the engine and a model.

``PackSynthesizer`` implements it with networks; tests implement it with tones. Callers
import this module without loading networks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from wyoming_cosyvoice.text.sentence import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.voices import Voice

__all__ = [
    "CANNOT_CLONE",
    "CLONING_REMEDY",
    "Sentence",
    "SentenceReader",
    "Skipped",
    "Synthesizer",
]

CANNOT_CLONE = "This model cannot clone voices."
CLONING_REMEDY = (
    "CosyVoice-300M can: choose it on the web page under Models, or with "
    "`wyoming-cosyvoice fetch cosyvoice-300m`."
)


class Sentence(Protocol):
    """The properties of a sentence that the engine uses."""

    @property
    def language(self) -> str | None:
        """The language; None for a piece of a recording."""

    @property
    def max_speech_s(self) -> float:
        """Maximum duration at speed 1."""


class SentenceReader(Protocol):
    """Streamed text -> sentences; runs in the worker."""

    @property
    def skipped(self) -> Sequence[Skipped]:
        """Parts of the text so far that the model cannot read."""

    @property
    def held_chars(self) -> int:
        """Characters that wait for more text."""

    def feed(self, text: str) -> Sequence[Sentence]:
        """Return the sentences that ``text`` completes."""

    def ahead(self, *, may_begin: bool) -> Sequence[Sentence]:
        """Extend a sentence that is begun but not complete, or begin and return one.

        Only some models and requests have such sentences.
        """

    def pause(self) -> Sequence[Sentence]:
        """Return the sentences that are complete if no more text follows for now."""

    def finish(self) -> Sequence[Sentence]:
        """Return the remaining sentences at the end of the text.

        Raises: LanguageNotSpoken if there was text, but none that can be read.
        """


class Synthesizer(Protocol):
    """Text -> samples, blocking; all methods except properties run in the worker.

    Several iterators of ``speak`` may be open at once: one of them waits while its
    client is slow. Only one is advanced at a time.
    """

    @property
    def sample_rate(self) -> int:
        """Sample rate of the output."""

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices; may grow at run time. Cheap, from any thread."""

    @property
    def abilities(self) -> tuple[str, ...]:
        """What else it can do, in the words of ``abilities.ABILITIES``."""

    @property
    def max_batch(self) -> int:
        """Largest useful batch of sentences; 1 if batching does not help.

        If above 1, the result of ``speak`` has a method ``prepare``, which starts the
        sentence before its first samples are requested, and returns whether it did.
        """

    def reader(
        self, *, text_format: str, voice: Voice | None, language: str | None
    ) -> SentenceReader:
        """Return a reader for the text of one request; voice and language are hints."""

    def speak(
        self,
        # Its own reader made it, so the synthesizer knows its class.
        sentence: Any,
        *,
        voice: Voice | None,
        preferred: Voice | None,
        speed: float,
        seed: int | None,
        emotion: str | None,
        instruction: str | None,
        cancel: CancelToken,
    ) -> Iterator[NDArray[np.float32]]:
        """Yield the samples of a sentence, shape (S,), as early as possible.

        The iterator may have ``words`` (the timed words so far), ``prepare`` (see
        ``max_batch``), ``wants_text`` (whether it waits for more of its sentence) and
        ``close``, which frees its resources before its end.
        ``voice`` speaks it, unless markup names another; None follows the language of
        the sentence: ``preferred`` if it speaks it, else the first that does.
        Checks ``cancel`` at each decoding step and window.
        Raises: SynthesisCancelled, SynthesisError, BadParameter for an instruction that
        the model cannot follow.
        """

    def source_reader(self, content: bytes) -> SentenceReader:
        """Return a reader that gives the pieces of a recording as its sentences.

        Its ``finish`` raises BadRecording.
        Raises: ModelUnsupported if the model has no speech tokenizer.
        """

    def convert(
        self,
        # Its own reader made it, so the synthesizer knows its class.
        piece: Any,
        *,
        voice: Voice | None,
        seed: int | None,
        cancel: CancelToken,
    ) -> Iterator[NDArray[np.float32]]:
        """Yield the samples of a piece of a recording, shape (S,), in another voice.

        Raises: SynthesisCancelled, SynthesisError.
        """

    # Cloning. A model that cannot clone has no ``cloning_key``.

    @property
    def cloning_key(self) -> str | None:
        """Identifies the networks that extract features; None if it has none."""

    def listen(self, recording: Recording, transcript: str) -> PromptFeatures:
        """Extract the features of a recording with its ``transcript``.

        Raises: ModelUnsupported if the model cannot clone, SynthesisError.
        """

    def add_voice(
        self,
        voice: Voice,
        features: Mapping[str, PromptFeatures],
        *,
        language: str | None,
        is_listed: bool,
    ) -> None:
        """Add a voice, or replace it, given its recordings' features by emotion.

        ``language`` is that of the recordings. A voice that is not listed can only be
        found by its id.
        """

    def remove_voice(self, voice_id: str) -> None:
        """Remove a voice that was added, if there is one of this id."""

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion: instruction, recordings or prosody.

        Cheap, from any thread.
        """
