"""A pack, opened: text tokens and a speaker -> samples.

The networks in the order in which data goes through them. One thread at a time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.model import alignment
from wyoming_cosyvoice.model.choosing import Chooser
from wyoming_cosyvoice.model.draws import SeededDraws
from wyoming_cosyvoice.model.ending import end_cleanly
from wyoming_cosyvoice.model.flow import Flow
from wyoming_cosyvoice.model.shared_decoding import SharedDecoding
from wyoming_cosyvoice.model.shared_speech import MOST_TOGETHER, SharedSpeech
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.streaming import Sound, SoundStream, Windows
from wyoming_cosyvoice.model.text_encoder import TextEncoder
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.model.vocoder import Vocoder
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES, FlowSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.phone_times import PhoneTimes
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.pack.pack import Pack

    Floats = NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence, ready for the networks."""

    text_tokens: Sequence[int]
    speaker: Speaker
    min_tokens: int
    """Speech tokens before which it cannot end."""

    max_tokens: int
    """Speech tokens at which it is ended."""

    prompt_text: Sequence[int] = ()
    """Text tokens before the text: the recording's words, or an instruction."""

    prompt_speech: Sequence[int] = ()
    """Speech tokens of the recording that the language model continues."""

    hears_speaker: bool = True
    """Whether the language model gets the speaker (not in Instruct mode)."""

    speed: float = 1.0
    prosody: Prosody | None = None
    times: PhoneTimes | None = None
    """Filled with when each text token is spoken, by models whose tokens tell."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model speaks, for all of its sentences."""

    flow: FlowSettings
    windows: Windows | None
    """None speaks each sentence in one window, when all of its tokens are known."""


class VoiceModel:
    """Text encoder, language model, flow and vocoder of one pack."""

    def __init__(
        self,
        pack: Pack,
        *,
        threads: int | None = None,
        settings: Settings | None = None,
    ) -> None:
        manifest = pack.manifest
        count = choose_threads(manifest, threads).count
        self.pack = pack
        self.manifest = manifest
        self.settings = settings or Settings(manifest.flow, Windows())
        self.text_encoder = TextEncoder(pack.directory, threads=count)
        self.speech_lm = SpeechLm(pack.directory, threads=count)
        self._shared = SharedDecoding(self.speech_lm)
        self.alignment: alignment.Alignment | None = None
        if any(file.name == SPEECH_PHONES for file in manifest.files):
            path = pack.file(SPEECH_PHONES)
            end = self.speech_lm.end_token
            self.alignment = alignment.Alignment.open(path, end)
        self.flow = Flow(
            pack.directory,
            threads=count,
            token_rate=manifest.token_rate,
            frame_rate=manifest.sample_rate / manifest.vocoder.hop,
        )
        self.vocoder = Vocoder(pack.directory, threads=count, settings=manifest.vocoder)

    def frames(self, tokens: int) -> int:
        """Return how many mel frames so many speech tokens become."""
        return self.flow.frames(tokens)

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
        decoding = self.speech_lm.begin(
            [self._encode_text(utterance, cancel)],
            [utterance.prompt_speech],
            max_tokens=utterance.max_tokens,
            cancel=cancel,
        )
        chooser = self._chooser(utterance, rng)
        while (token := chooser.choose(decoding.logits[0])) is not None:
            yield token
            decoding.step([token], chooser.expected())

    @property
    def most_together(self) -> int:
        """How many sentences gain from being decoded together; 1 if none does."""
        # Where phones are guessed, several tokens of one sentence are read in a step.
        return 1 if self.alignment is not None else MOST_TOGETHER

    def speak_together(
        self,
        utterance: Utterance,
        rng: np.random.Generator,
        *,
        cancel: CancelToken | None = None,
    ) -> SharedSpeech:
        """Speak as ``speak`` does, decoded in one step with others that do the same.

        What is drawn depends on the company (model/shared_decoding.py): for those who
        need not hear the same again.
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
        return SharedSpeech(row, self.sound(row, utterance, rng, cancel=cancel))

    def _chooser(self, utterance: Utterance, rng: np.random.Generator) -> Chooser:
        place = None
        if self.alignment is not None:
            place = self.alignment.follow(utterance.text_tokens)
        end = self.speech_lm.end_token
        return Chooser(utterance, self.manifest.sampling, rng, end, place=place)

    def _encode_text(self, utterance: Utterance, cancel: CancelToken | None) -> Floats:
        """Return the prefix (1, P, D) of the language model."""
        speaker = utterance.speaker.embedding if utterance.hears_speaker else None
        text = [*utterance.prompt_text, *utterance.text_tokens]
        return self.text_encoder.encode(text, speaker, cancel=cancel).prefix

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
        sound = Sound(
            speaker_embedding=utterance.speaker.embedding,
            prompt=utterance.speaker.prompt,
            settings=self.settings.flow,
            speed=utterance.speed,
            prosody=utterance.prosody,
        )
        stream = SoundStream(
            self.flow,
            self.vocoder,
            sound,
            SeededDraws(rng),
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


def _checked(samples: Floats) -> Floats:
    if not np.isfinite(samples).all():
        raise SynthesisError("The vocoder made samples that are not numbers.")
    return samples
