"""From a request to samples: text, tokenizer and networks, joined.

    synthesizer = Synthesizer.open(Pack.open(folder))
    reader = synthesizer.reader(text_format="text", voice=None, language=None)
    for sentence in [*reader.feed(text), *reader.finish()]:
        for samples in synthesizer.speak(sentence, ...):
            ...

Knows no sockets and no asyncio. It computes in the thread that calls it, one call at a
time; iterators of several sentences may be open and advanced in turn.
"""

from __future__ import annotations

import itertools
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import BadParameter, ModelUnsupported
from wyoming_cosyvoice.model.speakers import Speaker, load_speaker
from wyoming_cosyvoice.model.voice_model import Settings, Utterance, VoiceModel
from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.tokenizer import open_tokenizer
from wyoming_cosyvoice.voices import Voice, choose_voice, find_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.manifest import PackVoice
    from wyoming_cosyvoice.model.pack import Pack
    from wyoming_cosyvoice.text import Lexicon, Reading, Sentence
    from wyoming_cosyvoice.tokenizer import Tokenizer

_LOGGER = logging.getLogger(__name__)

SPEED_RANGE = (0.5, 2.0)
"""What the networks can follow; requests and markup together stay within it."""

MAX_SENTENCE_S = 30.0
"""No sentence becomes longer than this, whatever its model does."""

# Text tokens of the longest sentence: about 15 s of speech. A byte pair is a syllable or
# a word, a phoneme unit a single sound.
_LONGEST_TEXT = {"whisper-bpe": 80, "phonemes": 240}

_WARM_UP_TOKENS = 20


@dataclass(frozen=True, slots=True)
class SynthesizerOptions:
    """What a user may set; None leaves it to the pack."""

    threads: int | None = None
    default_voice: str | None = None
    settings: Settings | None = None
    """Steps, guidance and windows."""

    lexicon: Lexicon | None = None


class Synthesizer:
    """Speaks sentences with the voices of one pack."""

    def __init__(
        self,
        model: VoiceModel,
        tokenizer: Tokenizer,
        speakers: dict[str, Speaker],
        voices: tuple[Voice, ...],
        options: SynthesizerOptions,
    ) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._speakers = speakers
        self._voices = voices
        self._options = options

    @classmethod
    def open(cls, pack: Pack, options: SynthesizerOptions | None = None) -> Self:
        """Load the networks, the tokenizer and the speakers of a pack.

        Raises: ModelError.
        """
        options = options or SynthesizerOptions()
        manifest = pack.manifest
        file = manifest.tokenizer.file
        tokenizer = open_tokenizer(
            manifest.tokenizer.kind,
            None if file is None else pack.file(file),
        )
        if tokenizer.vocabulary_size != manifest.tokenizer.tokens:
            raise ModelUnsupported(
                f"The tokenizer has {tokenizer.vocabulary_size} tokens, the model of "
                f"{manifest.name} {manifest.tokenizer.tokens}.",
                remedy="Convert the model again with this version.",
            )
        speakers = {v.id: load_speaker(pack.file(v.file)) for v in manifest.voices}
        return cls(
            VoiceModel(pack, threads=options.threads, settings=options.settings),
            tokenizer,
            speakers,
            tuple(map(pack_voice, manifest.voices)),
            options,
        )

    @property
    def model(self) -> VoiceModel:
        """The networks, for those who measure them."""
        return self._model

    @property
    def sample_rate(self) -> int:
        """Samples per second of everything that it speaks."""
        return self._model.manifest.sample_rate

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices that it has."""
        return self._voices

    def reader(
        self,
        *,
        text_format: str = "text",
        voice: str | None = None,
        language: str | None = None,
        on_reading: Callable[[Reading], None] | None = None,
    ) -> SentenceReader:
        """Return a reader for the text of one request; voice and language are hints.

        ``on_reading`` is told what each step made of each written sentence.
        """
        known = find_voice(self._voices, voice or self._options.default_voice)
        spoken = known.languages[0].split("-")[0] if known and known.languages else None
        return SentenceReader(
            count_tokens=lambda text: self._tokenizer.count(text, spoken or "zh"),
            text_format=text_format,
            voice_language=spoken,
            request_language=language,
            lexicon=self._options.lexicon,
            max_tokens=_LONGEST_TEXT[self._model.manifest.tokenizer.kind],
            on_reading=on_reading,
        )

    def speak(
        self,
        sentence: Sentence,
        *,
        voice: str | None = None,
        speed: float = 1.0,
        seed: int | None = None,
        instruction: str | None = None,
        cancel: CancelToken | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Yield the samples (S,) of a sentence, the first as early as possible.

        Raises: SynthesisCancelled, SynthesisError, BadParameter for an instruction that
        the model does not understand.
        """
        chosen, warning = choose_voice(
            self._voices,
            sentence.voice or voice,
            sentence.language,
            self._options.default_voice,
        )
        if warning is not None:
            _LOGGER.warning("%s", warning)
        speaker = self._speakers[chosen.id]
        utterance = self._utterance(sentence, speaker, speed, instruction)
        if not utterance.text_tokens:
            return
        rng = np.random.default_rng(seed)
        yield from self._model.speak(utterance, rng, cancel=cancel)
        if sentence.pause_s > 0:
            yield np.zeros(round(sentence.pause_s * self.sample_rate), np.float32)

    def warm_up(self) -> None:
        """Speak a few tokens to nobody: the first run of each network is its slowest.

        Raises: SynthesisError if the model cannot speak at all.
        """
        speaker = next(iter(self._speakers.values()), None)
        if speaker is None:
            return
        count = _WARM_UP_TOKENS
        utterance = Utterance([0], speaker, min_tokens=count, max_tokens=count + 1)
        rng = np.random.default_rng(0)
        tokens = itertools.islice(self._model.decode(utterance, rng), count)
        for _ in self._model.sound(tokens, utterance, rng):
            pass

    def text_tokens(self, sentence: Sentence) -> list[int]:
        """Return the text tokens of a sentence, as ``say --explain`` shows them."""
        return self._tokenizer.encode(sentence.spoken, sentence.language)

    def _utterance(
        self,
        sentence: Sentence,
        speaker: Speaker,
        speed: float,
        instruction: str | None,
    ) -> Utterance:
        rate = self._model.manifest.token_rate
        slowest, fastest = SPEED_RANGE
        longest = min(sentence.max_speech_s, MAX_SENTENCE_S)
        shortest = min(sentence.min_speech_s, longest)
        # A recording in another language lends its sound to the flow only: its words
        # would lead the language model astray.
        is_foreign = speaker.language not in (None, sentence.language)
        continues = bool(speaker.text_tokens) and not is_foreign and not instruction
        return Utterance(
            text_tokens=self.text_tokens(sentence),
            speaker=speaker,
            min_tokens=math.floor(shortest * rate),
            max_tokens=math.ceil(longest * rate),
            prompt_text=(
                self._instruction_tokens(instruction)
                if instruction
                else speaker.text_tokens
                if continues
                else ()
            ),
            prompt_speech=speaker.prompt.speech_tokens if continues else (),
            hears_speaker=not instruction,
            speed=min(max(speed * sentence.rate, slowest), fastest),
        )

    def _instruction_tokens(self, instruction: str) -> list[int]:
        if self._model.manifest.kind != "instruct":
            raise BadParameter(
                f"The model {self._model.manifest.name} follows no instructions.",
                field="instruction",
                remedy="Use CosyVoice-300M-Instruct.",
            )
        # Imported here: other tokenizers know no instructions.
        from wyoming_cosyvoice.tokenizer.whisper_bpe import (  # noqa: PLC0415
            WhisperBpe,
        )

        if not isinstance(self._tokenizer, WhisperBpe):
            raise BadParameter(
                "This tokenizer has no instructions.", field="instruction"
            )
        return self._tokenizer.encode_instruction(instruction)


def pack_voice(voice: PackVoice) -> Voice:
    """Return a pack's voice as clients see it."""
    return Voice(
        id=voice.id,
        speaker=voice.speaker,
        name=voice.name,
        description=voice.description,
        languages=voice.languages,
    )
