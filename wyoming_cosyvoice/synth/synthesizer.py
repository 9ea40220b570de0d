"""The synthesizer of a pack: text, tokenizer and networks combined.

    synthesizer = PackSynthesizer.open(Pack.open(folder))
    reader = synthesizer.reader(text_format="text", voice=None, language=None)
    for sentence in [*reader.feed(text), *reader.finish()]:
        for samples in synthesizer.speak(sentence, ...):
            ...

It uses neither sockets nor asyncio and computes in the calling thread, one call at a
time; iterators of several sentences may be open and advanced in turn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.chunked_model import ChunkedModel
from wyoming_cosyvoice.model.cloning import cloning_key, extract_once
from wyoming_cosyvoice.model.families import open_model
from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.synth.abilities import abilities_of
from wyoming_cosyvoice.synth.companions import Companions
from wyoming_cosyvoice.synth.conversion import (
    SourceReader,
    check_can_listen,
    convert_piece,
)
from wyoming_cosyvoice.synth.front_end import FrontEnd, pack_voices
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.rendering import Renderer
from wyoming_cosyvoice.synth.style import Style
from wyoming_cosyvoice.synth.voice_table import NEUTRAL, VoiceSpeakers, VoiceTable
from wyoming_cosyvoice.text.ahead import GrowingSentence
from wyoming_cosyvoice.voices import base_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.features.source import SourcePiece
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.model.model import Model
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.synth.spoken import SpokenSentence
    from wyoming_cosyvoice.text import Reading, Sentence, SentenceReader
    from wyoming_cosyvoice.voices import Voice


class PackSynthesizer:
    """Speaks sentences with the voices of one pack."""

    def __init__(
        self,
        model: Model,
        front: FrontEnd,
        voices: VoiceTable,
        options: SynthesizerOptions,
        companions: Companions[PackSynthesizer],
    ) -> None:
        self._model = model
        self._front = front
        self._voices = voices
        self._options = options
        self._companions = companions
        self._style = Style(model.manifest)
        self._renderer = Renderer(model, front, options.pause_s)
        self.reads_ahead = options.text_ahead and isinstance(model, ChunkedModel)
        """Whether its readers begin sentences before they are complete."""

    @classmethod
    def open(cls, pack: Pack, options: SynthesizerOptions | None = None) -> Self:
        """Load the networks, the tokenizer and the speakers of a pack.

        Raises: ModelError.
        """
        options = options or SynthesizerOptions()
        manifest = pack.manifest
        model = open_model(pack, threads=options.threads, settings=options.settings)
        voices = VoiceTable(
            VoiceSpeakers(
                voice,
                {NEUTRAL: load_speaker(pack.file(stored.file))},
                stored.sentence_level_db,
            )
            for voice, stored in zip(
                pack_voices(manifest), manifest.voices, strict=True
            )
        )
        front = FrontEnd.open(pack, options.lexicon)
        companions = Companions[PackSynthesizer](
            pack, lambda found: cls.open(found, options)
        )
        return cls(model, front, voices, options, companions)

    @property
    def model(self) -> Model:
        """The networks, for measurements."""
        return self._model

    @property
    def sample_rate(self) -> int:
        """Sample rate of the output."""
        return self._model.manifest.sample_rate

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The available voices."""
        return self._voices.listed

    @property
    def abilities(self) -> tuple[str, ...]:
        """What the model can do, in the words of ``abilities.ABILITIES``."""
        return abilities_of(self._model.manifest)

    @property
    def max_batch(self) -> int:
        """Largest useful batch of sentences; those with a seed are not batched.

        A batch would change their sampled tokens.
        """
        return self._model.max_batch

    @property
    def cloning_key(self) -> str | None:
        """Key of the cloning networks; None if the pack has none."""
        return cloning_key(self._model.manifest)

    def listen(self, recording: Recording, transcript: str = "") -> PromptFeatures:
        """Extract the features of a recording.

        Raises: ModelUnsupported if the pack cannot listen, SynthesisError.
        """
        check_can_listen(self._model)
        self._model.pack.check_unchanged()
        # Opened for each recording: the networks are large and rarely used.
        threads = choose_threads(self._model.manifest, self._options.threads)
        return extract_once(self._model.pack, threads.count, recording, transcript)

    def add_voice(
        self,
        voice: Voice,
        features: Mapping[str, PromptFeatures],
        *,
        language: str | None = None,
        is_listed: bool = True,
    ) -> None:
        """Add a voice, or replace it, given its recordings' features by emotion.

        ``language`` is that of the recordings; if it is unknown, the voice is
        offered for all languages of the model. A voice that is not listed can only be
        found by its id.
        """
        if language is None:
            voice = replace(voice, languages=self._front.languages)
        speakers = {
            emotion: each.speaker(
                self._transcript_tokens(each.prompt_text, language), language
            )
            for emotion, each in features.items()
        }
        self._voices.add(VoiceSpeakers(voice, speakers), is_listed=is_listed)

    def remove_voice(self, voice_id: str) -> None:
        """Remove an added voice; running sentences are not affected."""
        self._voices.remove(voice_id)

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion: instruction, recordings or prosody."""
        if self._style.follows_instructions:
            return "instruction"
        return "recordings" if self._voices.has_emotions(voice_id) else "prosody"

    def reader(
        self,
        *,
        text_format: str = "text",
        voice: Voice | None = None,
        language: str | None = None,
        on_reading: Callable[[Reading], None] | None = None,
    ) -> SentenceReader:
        """Return a reader for the text of one request; voice and language are hints.

        ``on_reading`` is called with the result of each step for each written sentence.
        """
        self._prepare(language)
        return self._front.reader(
            text_format=text_format,
            voice=voice,
            language=language,
            reads_ahead=self.reads_ahead,
            on_reading=on_reading,
        )

    def source_reader(self, content: bytes) -> SourceReader:
        """Return a reader for the conversion of a recording.

        Raises: ModelUnsupported if the pack cannot listen.
        """
        check_can_listen(self._model)
        return SourceReader(content)

    def convert(
        self,
        piece: SourcePiece,
        *,
        voice: Voice | None = None,
        seed: int | None = None,
        cancel: CancelToken | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Yield the samples (S,) of a piece of a recording in another voice.

        Raises: ModelUnsupported if the pack cannot listen, SynthesisCancelled,
        SynthesisError, ModelCorrupt if its files were changed.
        """
        self._model.pack.check_unchanged()
        return convert_piece(
            self._model,
            piece,
            self._voices.choose(piece.language, voice, None).neutral,
            threads=choose_threads(self._model.manifest, self._options.threads).count,
            seed=seed,
            cancel=cancel,
        )

    def speak(
        self,
        sentence: Sentence | GrowingSentence,
        *,
        voice: Voice | None = None,
        preferred: Voice | None = None,
        speed: float = 1.0,
        seed: int | None = None,
        instruction: str | None = None,
        emotion: str | None = None,
        cancel: CancelToken | None = None,
    ) -> SpokenSentence:
        """Return an iterator over the samples (S,) of a sentence and its timed words.

        ``voice`` speaks it, unless markup names another; None follows the language of
        the sentence: ``preferred`` if it speaks it, else the first that does.
        The first samples come as early as possible.
        Raises: SynthesisCancelled, SynthesisError, BadParameter for an instruction that
        the model does not understand, ModelCorrupt if its files were changed.
        """
        growing = None
        if isinstance(sentence, GrowingSentence):
            growing, sentence = sentence, sentence.so_far
        language = self._front.trained_language(sentence)
        if companion := self._companions.speaking(language):
            return companion.speak(
                sentence,
                voice=voice,
                preferred=preferred,
                speed=speed,
                seed=seed,
                instruction=instruction,
                emotion=emotion,
                cancel=cancel,
            )
        self._model.pack.check_unchanged()
        chosen = self._voices.choose(
            sentence.language, voice, preferred, markup=sentence.voice
        )
        manner = self._style.manner(
            chosen,
            sentence.language,
            speed=speed,
            emotion=emotion,
            instruction=instruction,
            is_exclaimed=self._front.is_exclaimed(sentence),
        )
        return self._renderer.render(
            sentence,
            manner,
            growing=growing,
            level_db=chosen.level_db,
            seed=seed,
            cancel=cancel,
        )

    def warm_up(self, language: str | None = None) -> None:
        """Synthesize a few tokens: the first run of each network is the slowest.

        What only ``language`` needs is opened in the background.
        Raises: SynthesisError if the model does not work.
        """
        self._front.warm_up()
        self._prepare(language)
        if not self.voices:
            return
        self._renderer.warm_up(self._voices[self.voices[0].id].neutral)

    def _prepare(self, language: str | None) -> None:
        if language is not None:
            base = base_language(language)
            self._front.prepare(base)
            self._companions.prepare(base)

    @property
    def opening_tokens(self) -> Sequence[int]:
        """The text tokens before every text; () except for CosyVoice3."""
        return self._front.tokenizer.opening_tokens

    def text_tokens(self, sentence: Sentence) -> list[int]:
        """Return the text tokens of a sentence."""
        return self._front.text_tokens(sentence)

    def _transcript_tokens(self, transcript: str, language: str | None) -> list[int]:
        """Return the text tokens of a transcript, read like any text."""
        reader = self.reader(language=language)
        sentences = [*reader.feed(transcript), *reader.finish()]
        return [token for each in sentences for token in self.text_tokens(each)]
