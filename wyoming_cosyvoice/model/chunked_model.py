"""A pack of a later family, opened: text tokens and a speaker -> samples.

The networks in the order in which data goes through them. One thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelUnsupported, SynthesisError
from wyoming_cosyvoice.model.choosing import Chooser
from wyoming_cosyvoice.model.chunk_stream import ChunkStream
from wyoming_cosyvoice.model.ending import end_cleanly
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.joining import Stretcher
from wyoming_cosyvoice.model.prosody import PitchShaper
from wyoming_cosyvoice.model.shared_decoding import SharedDecoding
from wyoming_cosyvoice.model.shared_speech import MOST_TOGETHER, SharedSpeech
from wyoming_cosyvoice.model.streaming import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.alignment import Alignment
    from wyoming_cosyvoice.model.chunk_stream import PieceVocoder
    from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
    from wyoming_cosyvoice.model.speech_lm import SpeechLm
    from wyoming_cosyvoice.model.text_encoder import TextTable
    from wyoming_cosyvoice.model.voice_model import Settings, Utterance
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import ChunkSettings

    Floats = NDArray[np.float32]


WINDOWS = Windows(first_tokens=13, growth=1.5, most_tokens=50)
"""Hops in tokens, each rounded up to whole chunks: half a second at least, then a
second, then two."""


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of one family, opened."""

    text: TextTable
    speech_lm: SpeechLm
    flow: ChunkedFlow
    begin_vocoder: Callable[[np.random.Generator, PitchShaper | None], PieceVocoder]
    """Begins a sentence with its random numbers and what moves its pitch."""

    spoken: Callable[[Iterator[int]], Iterator[int]] = iter
    """Which of the drawn tokens are spoken."""


class ChunkedModel:
    """Text table, language model, flow and vocoder of one pack."""

    alignment: Alignment | None = None
    """Their tokens do not tell where a word is spoken."""

    def __init__(self, pack: Pack, settings: Settings, networks: Networks) -> None:
        """Put the networks together.

        Raises: ConfigError for a count of steps that the flow cannot be solved in.
        """
        networks.flow.moments(settings.flow.steps)
        self.pack = pack
        self.manifest = pack.manifest
        self.settings = settings
        self.networks = networks
        self._shared = SharedDecoding(networks.speech_lm)

    @property
    def text_encoder(self) -> TextTable:
        """What reads the text."""
        return self.networks.text

    @property
    def speech_lm(self) -> SpeechLm:
        """The language model."""
        return self.networks.speech_lm

    def frames(self, tokens: int) -> int:
        """Return how many mel frames so many speech tokens become."""
        return FRAMES_PER_TOKEN * tokens

    def speak(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of a sentence, piece by piece.

        Raises: SynthesisCancelled within a decoding or flow step, SynthesisError.
        """
        tokens = self.decode(utterance, rng, cancel=cancel)
        return self.sound(tokens, utterance, rng, cancel=cancel)

    def decode(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[int]:
        """Yield speech tokens until the model ends the sentence or the cap is reached.

        Raises: SynthesisCancelled, SynthesisError.
        """
        return self.networks.spoken(self._draw(utterance, rng, cancel))

    def sound(
        self,
        tokens: Iterable[int],
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of speech tokens as they come.

        Raises: SynthesisCancelled, SynthesisError.
        """
        networks, speaker = self.networks, utterance.speaker
        shaper = None
        if utterance.prosody is not None:
            threshold = self.manifest.vocoder.voiced_above_hz
            shaper = PitchShaper(utterance.prosody, threshold)
        stream = ChunkStream(
            networks.flow.begin(speaker.prompt, speaker.embedding, self.settings.flow),
            Stretcher(utterance.speed),
            networks.begin_vocoder(rng, shaper),
            windows=self.settings.windows,
            cancel=cancel,
        )
        for token in tokens:
            samples = stream.push(token)
            if samples is not None:
                yield _checked(samples)
        samples = stream.finish()
        if samples.size:
            yield end_cleanly(_checked(samples), self.manifest.sample_rate)

    @property
    def most_together(self) -> int:
        """How many sentences gain from being decoded together."""
        return MOST_TOGETHER

    def speak_together(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> SharedSpeech:
        """Speak as ``speak`` does, decoded in one step with others that do the same.

        What is drawn depends on the company (model/shared_decoding.py).
        """

        def prompt() -> tuple[Floats, tuple[int, ...]]:
            prefix = self._encode_text(utterance, cancel)
            return prefix, tuple(utterance.prompt_speech)

        row = self._shared.open(
            prompt,
            self._chooser(utterance, rng).choose,
            max_tokens=utterance.max_tokens,
            cancel=cancel,
        )
        tokens = self.networks.spoken(row)
        return SharedSpeech(row, self.sound(tokens, utterance, rng, cancel=cancel))

    def _draw(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        cancel: CancelToken | None,
    ) -> Iterator[int]:
        decoding = self.networks.speech_lm.begin(
            [self._encode_text(utterance, cancel)],
            [utterance.prompt_speech],
            max_tokens=utterance.max_tokens,
            cancel=cancel,
        )
        chooser = self._chooser(utterance, rng)
        while (token := chooser.choose(decoding.logits[0])) is not None:
            yield token
            decoding.step([token])

    def _chooser(self, utterance: Utterance, rng: np.random.Generator) -> Chooser:
        end = self.networks.speech_lm.end_token
        return Chooser(utterance, self.manifest.sampling, rng, end)

    def _encode_text(self, utterance: Utterance, cancel: CancelToken | None) -> Floats:
        """Return the prefix (1, P, D) of the language model."""
        text = [*utterance.prompt_text, *utterance.text_tokens]
        return self.networks.text.encode(text, cancel=cancel).prefix


def chunk_settings(manifest: Manifest) -> ChunkSettings:
    """Return how the networks of a pack go together.

    Raises: ModelUnsupported if the manifest does not say.
    """
    if manifest.chunks is None:
        raise ModelUnsupported(
            f"The model {manifest.name} does not say how its networks go together.",
            remedy="Convert the model again with this version.",
        )
    return manifest.chunks


def _checked(samples: Floats) -> Floats:
    if not np.isfinite(samples).all():
        raise SynthesisError("The vocoder made samples that are not numbers.")
    return samples
