"""The sentence that is measured: seeded random tokens, always the same number of them.

Speech tokens are forced, so a model says neither more nor less than another, and one
with random weights can be measured: it costs what a trained one costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.sampling import sample
from wyoming_cosyvoice.model.speakers import Speaker, load_speaker
from wyoming_cosyvoice.model.voice_model import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.model.pack import Pack
    from wyoming_cosyvoice.model.voice_model import VoiceModel

_SEED = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """One sentence."""

    utterance: Utterance
    speech_tokens: tuple[int, ...]

    @classmethod
    def make(
        cls, pack: Pack, model: VoiceModel, *, text_tokens: int, speech_tokens: int
    ) -> Workload:
        """Draw a sentence of so many tokens for the first voice of a pack."""
        rng = np.random.default_rng(_SEED)
        text = rng.integers(0, pack.manifest.tokenizer.tokens, text_tokens)
        spoken = rng.integers(0, model.speech_lm.end_token, speech_tokens)
        return cls(
            Utterance(
                text_tokens=text.tolist(),
                speaker=first_speaker(pack),
                min_tokens=speech_tokens,
                max_tokens=speech_tokens,
            ),
            tuple(spoken.tolist()),
        )

    def speak(self, model: VoiceModel) -> Iterator[NDArray[np.float32]]:
        """Yield the samples (S,) of the sentence, in the model's windows."""
        rng = np.random.default_rng(_SEED)
        return model.sound(self._decode(model, rng), self.utterance, rng)

    def sample(
        self,
        model: VoiceModel,
        logits: NDArray[np.float32],
        place: int,
        rng: np.random.Generator,
    ) -> None:
        """Draw a token as speaking does, and forget it."""
        sample(
            logits,
            self.speech_tokens[:place],
            model.manifest.sampling,
            rng,
            end_token=model.speech_lm.end_token,
            may_end=False,
        )

    def _decode(self, model: VoiceModel, rng: np.random.Generator) -> Iterator[int]:
        """Do all the work of decoding, but yield the forced tokens."""
        speaker = self.utterance.speaker.embedding
        text = model.text_encoder.encode([*self.utterance.text_tokens], speaker)
        count = len(self.speech_tokens)
        decoding = model.speech_lm.begin([text.prefix], [[]], max_tokens=count)
        for place, token in enumerate(self.speech_tokens):
            self.sample(model, decoding.logits[0], place, rng)
            yield token
            decoding.step([token])


def first_speaker(pack: Pack) -> Speaker:
    """Return the first voice's speaker, without the recording of a cloned one.

    Raises: ModelUnsupported if the pack has no voice.
    """
    for voice in pack.manifest.voices:
        return Speaker(load_speaker(pack.file(voice.file)).embedding)
    raise ModelUnsupported(f"The model {pack.manifest.name} has no voice to measure.")
