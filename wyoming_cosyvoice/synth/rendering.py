"""A sentence and the manner of speaking it -> samples, by the networks of one pack."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.chunked_model import ChunkedModel
from wyoming_cosyvoice.model.prosody import with_energy
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.synth.arriving_text import GrowingText
from wyoming_cosyvoice.synth.delivery import REPLY_TOKENS, edge_trimmer, level_reply
from wyoming_cosyvoice.synth.spoken import SpokenSentence, WordClock
from wyoming_cosyvoice.synth.utterances import utterance_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.model import Model
    from wyoming_cosyvoice.model.shared_speech import SharedSpeech
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.sound.shape import Trimmer
    from wyoming_cosyvoice.synth.front_end import FrontEnd
    from wyoming_cosyvoice.synth.style import Manner
    from wyoming_cosyvoice.text import Sentence
    from wyoming_cosyvoice.text.ahead import GrowingSentence

    Floats = NDArray[np.float32]

_WARM_UP_TOKENS = 20


class Renderer:
    """Turns sentences into samples; those of several sentences may be open at once."""

    def __init__(self, model: Model, front: FrontEnd, pause_s: float | None) -> None:
        """``pause_s`` is the pause that the user set; None is for the natural one."""
        self._model = model
        self._front = front
        self._pause_s = pause_s

    def render(
        self,
        sentence: Sentence,
        manner: Manner,
        *,
        growing: GrowingSentence | None,
        level_db: float | None,
        seed: int | None,
        cancel: CancelToken | None,
    ) -> SpokenSentence:
        """Return an iterator over the samples (S,) of a sentence and its timed words.

        With ``growing``, whose beginning it is, the sentence follows its text.
        ``level_db`` is the level to which a short reply is adjusted; None: it is not.
        Raises: SynthesisCancelled, SynthesisError, BadParameter for an instruction that
        the model does not understand.
        """
        manifest = self._model.manifest
        utterance = utterance_of(sentence, manner, self._front, manifest)
        trimmer = edge_trimmer(manifest.sample_rate)
        clock = self._clock(sentence, utterance.speed, trimmer)
        if clock is not None:
            utterance = replace(utterance, times=clock.times)
        samples, shared = self._sound(utterance, growing, seed, cancel)
        is_reply = len(utterance.text_tokens) <= REPLY_TOKENS
        if level_db is not None and is_reply and self._model.alignment is not None:
            samples = level_reply(samples, manifest.sample_rate, level_db)
        prosody = manner.prosody
        if prosody is not None:
            samples = (with_energy(piece, prosody.energy) for piece in samples)
        return SpokenSentence(
            samples,
            sentence,
            manifest.sample_rate,
            clock,
            trimmer=trimmer,
            shared=shared,
            pause_setting_s=self._pause_s,
            growing=growing,
        )

    def _clock(
        self, sentence: Sentence, speed: float, trimmer: Trimmer
    ) -> WordClock | None:
        """Return the clock of a sentence, for models with an alignment."""
        if self._model.alignment is None:
            return None
        return WordClock.of(
            self._front.spans(sentence),
            token_rate=self._model.manifest.token_rate,
            speed=speed,
            trimmer=trimmer,
        )

    def _sound(
        self,
        utterance: Utterance,
        growing: GrowingSentence | None,
        seed: int | None,
        cancel: CancelToken | None,
    ) -> tuple[Iterator[Floats], SharedSpeech | None]:
        """Return the samples of an utterance; they may be decoded with others."""
        if not utterance.text_tokens:
            return iter(()), None
        rng = np.random.default_rng(seed)
        if growing is not None and isinstance(self._model, ChunkedModel):
            text = GrowingText(growing, self._front, self._model.manifest.token_rate)
            return self._model.speak_ahead(utterance, text, rng, cancel=cancel), None
        shared = None
        if seed is None:
            shared = self._model.speak_together(utterance, rng, cancel=cancel)
        return shared or self._model.speak(utterance, rng, cancel=cancel), shared

    def warm_up(self, speaker: Speaker) -> None:
        """Compute a few tokens: the first run of each network is the slowest.

        Raises: SynthesisError if the model does not work.
        """
        count = _WARM_UP_TOKENS
        utterance = Utterance([0], speaker, min_tokens=count, max_tokens=count + 1)
        rng = np.random.default_rng(0)
        tokens = itertools.islice(self._model.decode(utterance, rng), count)
        for _ in self._model.sound(tokens, utterance, rng):
            pass
