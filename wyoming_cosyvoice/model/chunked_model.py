"""A model of a later family: text tokens and a speaker -> samples.

The networks are listed in the order of the data flow. One thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.chunk_stream import ChunkStream
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.joining import Stretcher
from wyoming_cosyvoice.model.model import Model
from wyoming_cosyvoice.model.prosody import PitchShaper
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.text_ahead import AheadDecoding, AheadSampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.chunk_stream import PieceVocoder
    from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
    from wyoming_cosyvoice.model.silence import Token
    from wyoming_cosyvoice.model.speech_lm import SpeechLm
    from wyoming_cosyvoice.model.text_ahead import ArrivingText
    from wyoming_cosyvoice.model.text_encoder import TextTable
    from wyoming_cosyvoice.model.utterance import Settings, Utterance
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import ChunkSettings

    Floats = NDArray[np.float32]


WINDOWS = Windows(first_tokens=13, growth=1.5, max_tokens=50)
"""Hops in tokens, each rounded up to whole chunks: at least half a second, then one
second, then two."""

_LONGEST_TEXT = 512
"""Positions for the text of a sentence that is not complete yet."""


@dataclass(frozen=True, slots=True)
class TextAhead:
    """How a language model is fed text while speech comes."""

    fill_token: int
    """The token by which it asks for more text."""

    takes_instructions: bool
    """Whether it was trained on instructions before such text."""


class SpokenFilter(Protocol):
    """Filters the sampled tokens before the flow."""

    def __call__(self, tokens: Iterator[Token], /) -> Iterator[Token]:
        """Yield the tokens that are spoken, and None."""


def _all(tokens: Iterator[Token]) -> Iterator[Token]:
    return tokens


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of one family, opened."""

    text: TextTable
    speech_lm: SpeechLm
    flow: ChunkedFlow
    begin_vocoder: Callable[[np.random.Generator, PitchShaper | None], PieceVocoder]
    """Starts the vocoder for a sentence, with its random generator and pitch shaper."""

    ahead: TextAhead
    """How text is fed while speech comes."""

    spoken: SpokenFilter = _all


class ChunkedModel(Model):
    """Text table, language model, flow and vocoder of one pack."""

    def __init__(self, pack: Pack, settings: Settings, networks: Networks) -> None:
        """Assemble the model.

        Raises: ConfigError for a number of steps that the flow does not support.
        """
        networks.flow.moments(settings.flow.steps)
        super().__init__(
            pack, settings, text_encoder=networks.text, speech_lm=networks.speech_lm
        )
        self.networks = networks

    def speak_ahead(
        self,
        utterance: Utterance,
        text: ArrivingText,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of a sentence whose text is still arriving.

        ``text`` takes the place of the utterance's text tokens and limits. An empty
        array says that only more text, or its end, can continue the sentence.
        Raises: SynthesisCancelled within a decoding or flow step, SynthesisError.
        """
        stream = self._begin_sound(utterance, rng, cancel)
        first = utterance.max_tokens if stream.wanted is None else stream.wanted
        tokens = self._draw_ahead(utterance, text, rng, first, cancel)
        return self._push(self.networks.spoken(tokens), stream)

    def _draw_ahead(
        self,
        utterance: Utterance,
        text: ArrivingText,
        rng: np.random.Generator,
        first_speech: int,
        cancel: CancelToken | None,
    ) -> Iterator[int | None]:
        """Yield speech tokens, and None while there is too little text.

        There is no token before there is text for ``first_speech`` of them.
        """
        ahead, lm = self.networks.ahead, self.speech_lm
        opening = utterance.opening_tokens
        prompt_text, prompt_speech = utterance.prompt_text, utterance.prompt_speech
        while opening and not (ahead.takes_instructions or text.is_complete):
            yield None
        marks = {"end_token": lm.end_token, "fill_token": ahead.fill_token}
        sampler = AheadSampler(self.manifest.sampling, rng, **marks)
        decoding = AheadDecoding(
            lm,
            self.networks.text,
            sampler,
            fill_token=ahead.fill_token,
            capacity=len(prompt_text)
            + len(prompt_speech)
            + _LONGEST_TEXT
            + utterance.max_tokens,
            opening=prompt_text[:opening],
            prompt_text=prompt_text[opening:],
            prompt_speech=prompt_speech,
            first_speech=first_speech,
            cancel=cancel,
        )
        while not decoding.is_over:
            is_complete = text.is_complete
            decoding.feed(text.take())
            sampler.limits = text.speech_limits
            if is_complete:
                decoding.finish()
            if decoding.wants_text:
                yield None
            elif (token := decoding.advance()) is not None:
                yield token

    def frames(self, tokens: int) -> int:
        """Return the number of mel frames for a number of speech tokens."""
        return FRAMES_PER_TOKEN * tokens

    def _spoken(self, tokens: Iterator[int]) -> Iterator[int]:
        return self.networks.spoken(tokens)

    def _begin_sound(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        cancel: CancelToken | None,
    ) -> ChunkStream:
        networks, speaker = self.networks, utterance.speaker
        shaper = None
        if utterance.prosody is not None:
            threshold = self.manifest.vocoder.voiced_above_hz
            shaper = PitchShaper(utterance.prosody, threshold)
        return ChunkStream(
            FlowStream(
                networks.flow, speaker.prompt, speaker.embedding, self.settings.flow
            ),
            Stretcher(utterance.speed),
            networks.begin_vocoder(rng, shaper),
            windows=self.settings.windows,
            cancel=cancel,
        )


def chunk_settings(manifest: Manifest) -> ChunkSettings:
    """Return the chunk sizes of a pack.

    Raises: ModelUnsupported if the manifest does not have them.
    """
    if manifest.chunks is None:
        raise ModelUnsupported(
            f"The manifest of {manifest.name} does not have chunk sizes.",
            remedy="Convert the model again with this version.",
        )
    return manifest.chunks
