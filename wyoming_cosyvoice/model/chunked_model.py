"""A pack of a later family, opened: text tokens and a speaker -> samples.

The networks in the order in which data goes through them. One thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.chunk_stream import ChunkStream
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.joining import Stretcher
from wyoming_cosyvoice.model.model import Model
from wyoming_cosyvoice.model.prosody import PitchShaper
from wyoming_cosyvoice.model.streaming import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.chunk_stream import PieceVocoder
    from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
    from wyoming_cosyvoice.model.speech_lm import SpeechLm
    from wyoming_cosyvoice.model.text_encoder import TextTable
    from wyoming_cosyvoice.model.utterance import Settings, Utterance
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import ChunkSettings


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


class ChunkedModel(Model):
    """Text table, language model, flow and vocoder of one pack."""

    def __init__(self, pack: Pack, settings: Settings, networks: Networks) -> None:
        """Put the networks together.

        Raises: ConfigError for a count of steps that the flow cannot be solved in.
        """
        networks.flow.moments(settings.flow.steps)
        super().__init__(
            pack, settings, text_encoder=networks.text, speech_lm=networks.speech_lm
        )
        self.networks = networks

    def frames(self, tokens: int) -> int:
        """Return how many mel frames so many speech tokens become."""
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
            networks.flow.begin(speaker.prompt, speaker.embedding, self.settings.flow),
            Stretcher(utterance.speed),
            networks.begin_vocoder(rng, shaper),
            windows=self.settings.windows,
            cancel=cancel,
        )


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
