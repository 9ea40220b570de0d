"""Open a pack of CosyVoice3 (arXiv 2505.17589)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.causal_vocoder import CausalVocoder, UniformNoise
from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
from wyoming_cosyvoice.model.chunked_model import (
    WINDOWS,
    ChunkedModel,
    Networks,
    TextAhead,
    chunk_settings,
)
from wyoming_cosyvoice.model.flow_encoders import LookAheadEncoder
from wyoming_cosyvoice.model.silence import limit_silences
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.text_encoder import TextTable
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.model.time_conditioning import PrecomputedTimes
from wyoming_cosyvoice.model.utterance import Settings

if TYPE_CHECKING:
    import numpy as np

    from wyoming_cosyvoice.model.causal_vocoder import CausalVocoderStream
    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.pack.pack import Pack

FILL_MARK = 3
"""Which mark after the speech tokens asks for more text."""


def open_cosyvoice3(
    pack: Pack, *, threads: int | None = None, settings: Settings | None = None
) -> ChunkedModel:
    """Open the networks of a pack.

    Raises: ModelError.
    """
    manifest, folder = pack.manifest, pack.directory
    count = choose_threads(manifest, threads).count
    chunks = chunk_settings(manifest)
    if manifest.causal is None:
        raise ModelUnsupported(
            f"The manifest of {manifest.name} does not have vocoder settings.",
            remedy="Convert the model again with this version.",
        )
    vocoder = CausalVocoder(
        folder,
        threads=count,
        settings=manifest.vocoder,
        **asdict(manifest.causal),
    )

    def begin_vocoder(
        rng: np.random.Generator, shaper: PitchShaper | None
    ) -> CausalVocoderStream:
        return vocoder.begin(UniformNoise(rng, manifest.vocoder), shaper=shaper)

    networks = Networks(
        text=TextTable(folder, threads=count),
        speech_lm=SpeechLm(folder, threads=count, end_token=chunks.speech_tokens),
        flow=ChunkedFlow(
            folder,
            threads=count,
            encoder=LookAheadEncoder(folder, threads=count),
            moments=PrecomputedTimes(folder),
            chunk_tokens=chunks.chunk_tokens,
            look_ahead_tokens=chunks.look_ahead_tokens,
        ),
        begin_vocoder=begin_vocoder,
        ahead=TextAhead(chunks.speech_tokens + FILL_MARK, takes_instructions=True),
        spoken=limit_silences,
    )
    return ChunkedModel(pack, settings or Settings(manifest.flow, WINDOWS), networks)
