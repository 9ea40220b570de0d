"""The sizes of CosyVoice2's networks, from ``cosyvoice2.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.release.prompt_mel import PromptMel, read_prompt_mel
from wyoming_cosyvoice.convert.release.qwen2 import (
    FOLDER,
    Qwen2Sizes,
    check_vocabularies,
    read_qwen2_of_2,
)
from wyoming_cosyvoice.convert.release.read_sizes import (
    read_encoder,
    read_estimator,
    read_guidance,
    read_sampling,
    read_source,
    read_vocoder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.release.configuration import Section
    from wyoming_cosyvoice.convert.release.sizes import (
        EncoderSizes,
        EstimatorSizes,
        SamplingConstants,
        SourceConstants,
        VocoderSizes,
    )

_FRAMES_PER_TOKEN = 2


@dataclass(frozen=True, slots=True)
class UpsamplingFlowSizes:
    """Speech tokens -> mu, and the estimator."""

    vocabulary: int
    speaker_width: int
    mel_bins: int
    look_ahead_tokens: int
    chunk_tokens: int
    """Chunk size in tokens; frames attend to their chunk and all chunks before."""
    guidance: float
    encoder: EncoderSizes
    """The blocks at the token rate; those at the frame rate have the same width."""
    estimator: EstimatorSizes


@dataclass(frozen=True, slots=True)
class Sizes2:
    """All sizes and constants of a release of CosyVoice2."""

    sample_rate: int
    token_rate: int
    """Speech tokens per second."""
    language: Qwen2Sizes
    sampling: SamplingConstants
    flow: UpsamplingFlowSizes
    vocoder: VocoderSizes
    source: SourceConstants
    prompt_mel: PromptMel


def read_sizes_of_2(root: Section, directory: Path) -> Sizes2:
    """Read all sizes and constants.

    Raises: MalformedCheckpoint for a missing or invalid value, CheckpointError for an
    unsupported network.
    """
    llm = root.section("llm", "Qwen2LM")
    section = root.section("flow", "CausalMaskedDiffWithXvec")
    flow = read_upsampling_flow(section)
    language = read_qwen2_of_2(llm, directory / FOLDER)
    check_vocabularies(section, flow.vocabulary, language)
    hift = root.section("hift", "HiFTGenerator")
    sample_rate, vocoder = root.size("sample_rate"), read_vocoder(hift)
    hift.expect("sampling_rate", sample_rate)
    return Sizes2(
        sample_rate=sample_rate,
        token_rate=section.size("input_frame_rate"),
        language=language,
        sampling=read_sampling(llm),
        flow=flow,
        vocoder=vocoder,
        source=read_source(hift),
        prompt_mel=read_prompt_mel(root, vocoder, flow.mel_bins),
    )


def read_upsampling_flow(flow: Section) -> UpsamplingFlowSizes:
    """Read the sizes of the flow.

    Raises: MalformedCheckpoint for a missing or invalid value, CheckpointError for an
    unsupported network.
    """
    bins = flow.size("output_size")
    flow.expect("token_mel_ratio", _FRAMES_PER_TOKEN)
    section = flow.section("encoder", "UpsampleConformerEncoder")
    section.expect("input_layer", "linear")
    section.expect("activation_type", "swish", default="swish")
    section.expect("use_cnn_module", expected=False, default=True)
    section.expect("macaron_style", expected=False, default=True)
    encoder = read_encoder(section)
    if encoder.input_width != flow.size("input_size"):
        flow.fail("input_size differs from that of encoder")
    if encoder.input_width != encoder.width:
        flow.unsupported("input_size and output_size of encoder differ")
    chunk = section.size("static_chunk_size")
    decoder = flow.section("decoder", "CausalConditionalCFM")
    name = "CausalConditionalDecoder"
    estimator = read_estimator(decoder, bins, name)
    if len(estimator.channels) != 1:
        decoder.unsupported(f"the estimator has {len(estimator.channels)} levels")
    unet = decoder.section("estimator", name)
    unet.expect("static_chunk_size", _FRAMES_PER_TOKEN * chunk)
    unet.expect("num_decoding_left_chunks", -1, default=-1)
    return UpsamplingFlowSizes(
        vocabulary=flow.size("vocab_size"),
        speaker_width=flow.size("spk_embed_dim"),
        mel_bins=bins,
        look_ahead_tokens=flow.size("pre_lookahead_len"),
        chunk_tokens=chunk,
        guidance=read_guidance(decoder, bins),
        encoder=encoder,
        estimator=estimator,
    )
