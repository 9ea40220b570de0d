"""Base class of all model families: sample speech tokens, then compute their sound.

A family provides its networks and the stream that turns speech tokens into samples.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.model.ending import end_cleanly
from wyoming_cosyvoice.model.shared_decoding import SharedDecoding
from wyoming_cosyvoice.model.shared_speech import MAX_BATCH, SharedSpeech
from wyoming_cosyvoice.model.token_sampler import TokenSampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.alignment import Alignment
    from wyoming_cosyvoice.model.speech_lm import SpeechLm
    from wyoming_cosyvoice.model.text_encoder import TextEncoder, TextTable
    from wyoming_cosyvoice.model.utterance import Settings, Utterance
    from wyoming_cosyvoice.pack.pack import Pack

    Floats = NDArray[np.float32]


class TokenStream(Protocol):
    """State of flow and vocoder within a sentence."""

    def push(self, token: int) -> Floats | None:
        """Take a token; return samples (S,) if there are new ones.

        Raises: SynthesisCancelled, SynthesisError.
        """

    def finish(self) -> Floats:
        """Return the remaining samples (S,).

        Raises: SynthesisCancelled, SynthesisError.
        """


class Model(ABC):
    """The networks of one pack: text tokens and a speaker -> samples."""

    def __init__(
        self,
        pack: Pack,
        settings: Settings,
        *,
        text_encoder: TextEncoder | TextTable,
        speech_lm: SpeechLm,
        alignment: Alignment | None = None,
    ) -> None:
        """Without ``alignment`` there are no word times within a sentence."""
        self.pack = pack
        self.manifest = pack.manifest
        self.settings = settings
        self.text_encoder = text_encoder
        self.speech_lm = speech_lm
        self.alignment = alignment
        self._shared = SharedDecoding(speech_lm)

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
        return self._spoken(self._draw(utterance, rng, cancel))

    def sound(
        self,
        tokens: Iterable[int | None],
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> Iterator[Floats]:
        """Yield the samples (S,) of a stream of speech tokens.

        For None, where the tokens wait for text, they are empty.
        Raises: SynthesisCancelled within a flow step, SynthesisError.
        """
        yield from self._push(tokens, self._begin_sound(utterance, rng, cancel))

    def _push(
        self, tokens: Iterable[int | None], stream: TokenStream
    ) -> Iterator[Floats]:
        """Yield what a stream makes of speech tokens."""
        for token in tokens:
            if token is None:
                yield np.zeros(0, np.float32)
                continue
            samples = stream.push(token)
            if samples is not None:
                yield _checked(samples)
        samples = stream.finish()
        if samples.size:
            yield end_cleanly(_checked(samples), self.manifest.sample_rate)

    @property
    def max_batch(self) -> int:
        """Largest useful batch of sentences; 1 if batching does not help."""
        # With drafted tokens, a step already processes several tokens of one sentence.
        return 1 if self.alignment is not None else MAX_BATCH

    def speak_together(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> SharedSpeech | None:
        """Like ``speak``, but decoded in a batch with other such sentences.

        The sampled tokens depend on the batch (model/shared_decoding.py), so results
        are not reproducible. None if batching does not help.
        """
        if self.max_batch == 1:
            return None

        def prompt() -> tuple[Floats, tuple[int, ...]]:
            prefix = self._encode_text(utterance, cancel)
            return prefix, tuple(utterance.prompt_speech)

        row = self._shared.open(
            prompt,
            self._sampler(utterance, rng).choose,
            max_tokens=utterance.max_tokens,
            cancel=cancel,
        )
        tokens = self._spoken(row)
        return SharedSpeech(row, self.sound(tokens, utterance, rng, cancel=cancel))

    @abstractmethod
    def frames(self, tokens: int) -> int:
        """Return the number of mel frames for a number of speech tokens."""

    @abstractmethod
    def _begin_sound(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        cancel: CancelToken | None,
    ) -> TokenStream:
        """Return the stream that turns the speech tokens of a sentence into samples."""

    def _spoken(self, tokens: Iterator[int]) -> Iterator[int]:
        """Filter the sampled tokens before the flow."""
        return tokens

    def _draw(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        cancel: CancelToken | None,
    ) -> Iterator[int]:
        decoding = self.speech_lm.begin(
            [self._encode_text(utterance, cancel)],
            [utterance.prompt_speech],
            max_tokens=utterance.max_tokens,
            cancel=cancel,
        )
        sampler = self._sampler(utterance, rng)
        while (token := sampler.choose(decoding.logits[0])) is not None:
            yield token
            decoding.step([token], sampler.draft())

    def _sampler(self, utterance: Utterance, rng: np.random.Generator) -> TokenSampler:
        cursor = None
        if self.alignment is not None:
            cursor = self.alignment.start(utterance.text_tokens, utterance.rise)
        end = self.speech_lm.end_token
        return TokenSampler(utterance, self.manifest.sampling, rng, end, cursor=cursor)

    def _encode_text(self, utterance: Utterance, cancel: CancelToken | None) -> Floats:
        """Return the prefix (1, P, D) of the language model."""
        speaker = utterance.speaker.embedding if utterance.uses_speaker else None
        text = [*utterance.prompt_text, *utterance.text_tokens]
        return self.text_encoder.encode(text, speaker, cancel=cancel).prefix


def _checked(samples: Floats) -> Floats:
    if not np.isfinite(samples).all():
        raise SynthesisError("The vocoder returned samples that are not finite.")
    return samples
