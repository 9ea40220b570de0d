"""The measured sentence: seeded random tokens of a fixed number.

Speech tokens are forced, so that all models speak equally long, and a model with random
weights costs the same as a trained one. With phone tokens the cost depends on the text
because of drafted tokens: there the text has random phones, and the forced tokens are
those that the model generates for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.sampling import sample
from wyoming_cosyvoice.model.speakers import Speaker, load_speaker
from wyoming_cosyvoice.model.utterance import Utterance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.bench.opening import Measurable
    from wyoming_cosyvoice.model.alignment import Alignment
    from wyoming_cosyvoice.pack.pack import Pack

_SEED = 0


@dataclass(frozen=True, slots=True)
class ForcedToken:
    """A speech token of the workload, with its alignment."""

    token: int
    allowed: NDArray[np.int64] | None = None
    """Tokens that the alignment allows, if there is one."""

    drafted: Sequence[int] = ()
    """Tokens drafted after it."""


@dataclass(frozen=True, slots=True)
class Workload:
    """One sentence."""

    utterance: Utterance
    forced: tuple[ForcedToken, ...]

    @classmethod
    def make(
        cls, pack: Pack, model: Measurable, *, text_tokens: int, speech_tokens: int
    ) -> Workload:
        """Make a random sentence for the first voice of a pack."""
        rng = np.random.default_rng(_SEED)
        readable = np.arange(pack.manifest.tokenizer.tokens)
        if model.alignment is not None:
            readable = np.array(model.alignment.text_tokens)
        utterance = Utterance(
            text_tokens=rng.choice(readable, text_tokens).tolist(),
            speaker=first_speaker(pack),
            min_tokens=speech_tokens,
            max_tokens=speech_tokens,
        )
        if model.alignment is not None:
            forced = _generated(model, model.alignment, utterance, rng)
        else:
            spoken = rng.integers(0, model.speech_lm.end_token, speech_tokens)
            forced = [ForcedToken(token) for token in spoken.tolist()]
        return cls(utterance, tuple(forced))

    @property
    def speech_tokens(self) -> tuple[int, ...]:
        """The forced tokens."""
        return tuple(forced.token for forced in self.forced)

    def speak(self, model: Measurable) -> Iterator[NDArray[np.float32]]:
        """Yield the samples (S,) of the sentence, in the model's windows."""
        rng = np.random.default_rng(_SEED)
        return model.sound(self._decode(model, rng), self.utterance, rng)

    def sample(
        self,
        model: Measurable,
        logits: NDArray[np.float32],
        place: int,
        rng: np.random.Generator,
    ) -> None:
        """Sample a token as in synthesis, and discard it."""
        sample(
            logits,
            self.speech_tokens[:place],
            model.manifest.sampling,
            rng,
            end_token=model.speech_lm.end_token,
            may_end=False,
            allowed=self.forced[place].allowed,
        )

    def _decode(self, model: Measurable, rng: np.random.Generator) -> Iterator[int]:
        """Do all the work of decoding, but yield the forced tokens instead."""
        utterance, count = self.utterance, len(self.speech_tokens)
        text = model.text_encoder.encode(
            [*utterance.prompt_text, *utterance.text_tokens],
            utterance.speaker.embedding,
        )
        decoding = model.speech_lm.begin(
            [text.prefix], [utterance.prompt_speech], max_tokens=count
        )
        for place, forced in enumerate(self.forced):
            self.sample(model, decoding.logits[0], place, rng)
            yield forced.token
            decoding.step([forced.token], forced.drafted)


def _generated(
    model: Measurable,
    alignment: Alignment,
    utterance: Utterance,
    rng: np.random.Generator,
) -> list[ForcedToken]:
    """Generate tokens for a text, repeatedly until there are enough.

    Raises: SynthesisError.
    """
    forced: list[ForcedToken] = []
    while len(forced) < utterance.max_tokens:
        place = alignment.start(utterance.text_tokens)
        for token in model.decode(utterance, rng):
            if place is None:
                forced.append(ForcedToken(token))
                continue
            allowed = place.allowed()
            place.advance(token)
            forced.append(ForcedToken(token, allowed, place.draft()))
    return forced[: utterance.max_tokens]


def first_speaker(pack: Pack) -> Speaker:
    """Return the first voice's speaker, without the recording of a cloned one.

    Raises: ModelUnsupported if the pack has no voice.
    """
    for voice in pack.manifest.voices:
        return Speaker(load_speaker(pack.file(voice.file)).embedding)
    raise ModelUnsupported(f"The model {pack.manifest.name} has no voice to measure.")
