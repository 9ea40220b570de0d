"""A model of a later family: text tokens and a speaker -> samples.

The networks are listed in the order of the data flow. One thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.chunk_stream import ChunkStream
from wyoming_cosyvoice.model.flow_encoders import FRAMES_PER_TOKEN
from wyoming_cosyvoice.model.flow_stream import FlowStream
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


WINDOWS = Windows(first_tokens=13, growth=1.5, max_tokens=50)
"""Hops in tokens, each rounded up to whole chunks: at least half a second, then one
second, then two."""


@dataclass(frozen=True, slots=True)
class Networks:
    """The networks of one family, opened."""

    text: TextTable
    speech_lm: SpeechLm
    flow: ChunkedFlow
    begin_vocoder: Callable[[np.random.Generator, PitchShaper | None], PieceVocoder]
    """Starts the vocoder for a sentence, with its random generator and pitch shaper."""

    spoken: Callable[[Iterator[int]], Iterator[int]] = iter
    """Filters the sampled tokens before the flow."""


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
