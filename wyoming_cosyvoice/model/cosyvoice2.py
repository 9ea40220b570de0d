"""Open a pack of CosyVoice2 (arXiv 2412.10117)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.chunked_flow import ChunkedFlow
from wyoming_cosyvoice.model.chunked_model import (
    WINDOWS,
    ChunkedModel,
    Networks,
    TextAhead,
    chunk_settings,
)
from wyoming_cosyvoice.model.flow_encoders import UpsamplingEncoder
from wyoming_cosyvoice.model.joined_vocoder import JoinedVocoder
from wyoming_cosyvoice.model.joining import VocoderStream
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.model.text_encoder import TextTable
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.model.time_conditioning import times
from wyoming_cosyvoice.model.utterance import Settings

if TYPE_CHECKING:
    import numpy as np

    from wyoming_cosyvoice.model.prosody import PitchShaper
    from wyoming_cosyvoice.pack.pack import Pack

FILL_MARK = 2
"""Which mark after the speech tokens asks for more text."""

VOCODER_OVERLAP_FRAMES = 8
"""Mel frames that the vocoder processes twice, as in the original."""


def open_cosyvoice2(
    pack: Pack, *, threads: int | None = None, settings: Settings | None = None
) -> ChunkedModel:
    """Open the networks of a pack.

    Raises: ModelError.
    """
    manifest, folder = pack.manifest, pack.directory
    count = choose_threads(manifest, threads).count
    chunks = chunk_settings(manifest)
    vocoder = open_vocoder(pack, threads=count)

    def begin_vocoder(
        rng: np.random.Generator, shaper: PitchShaper | None
    ) -> VocoderStream:
        return VocoderStream(
            vocoder,
            SeededNoise(rng),
            vocoder_overlap_frames=VOCODER_OVERLAP_FRAMES,
            shaper=shaper,
        )

    networks = Networks(
        text=TextTable(folder, threads=count),
        speech_lm=SpeechLm(folder, threads=count, end_token=chunks.speech_tokens),
        flow=ChunkedFlow(
            folder,
            threads=count,
            encoder=UpsamplingEncoder(
                folder, threads=count, chunk_tokens=chunks.chunk_tokens
            ),
            moments=times,
            chunk_tokens=chunks.chunk_tokens,
            look_ahead_tokens=chunks.look_ahead_tokens,
        ),
        begin_vocoder=begin_vocoder,
        ahead=TextAhead(chunks.speech_tokens + FILL_MARK, takes_instructions=False),
    )
    return ChunkedModel(pack, settings or Settings(manifest.flow, WINDOWS), networks)


def open_vocoder(pack: Pack, *, threads: int) -> JoinedVocoder:
    """Open the vocoder of a pack.

    Raises: ModelError.
    """
    settings = pack.manifest.vocoder
    return JoinedVocoder(pack.directory, threads=threads, settings=settings)
