"""The sizes of CosyVoice3's networks, from ``cosyvoice3.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.release.prompt_mel import PromptMel, read_prompt_mel
from wyoming_cosyvoice.convert.release.qwen2 import (
    FOLDER,
    Qwen2Sizes,
    check_vocabularies,
    read_qwen2,
)
from wyoming_cosyvoice.convert.release.read_sizes import (
    read_guidance,
    read_sampling,
    read_source,
    read_vocoder,
)

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.release.configuration import Section
    from wyoming_cosyvoice.convert.release.sizes import (
        SamplingConstants,
        SourceConstants,
        VocoderSizes,
    )

_FRAMES_PER_TOKEN = 2


@dataclass(frozen=True, slots=True)
class DitSizes:
    """The transformer that estimates the velocity."""

    mel_bins: int
    width: int
    heads: int
    head_width: int
    hidden: int
    """Width inside the feed-forward layers."""
    blocks: int


@dataclass(frozen=True, slots=True)
class DitFlowSizes:
    """Speech tokens -> mu, and the estimator."""

    vocabulary: int
    speaker_width: int
    mel_bins: int
    look_ahead_width: int
    look_ahead_tokens: int
    chunk_tokens: int
    """Chunk size in tokens; frames attend to their chunk and all chunks before."""
    guidance: float
    estimator: DitSizes


@dataclass(frozen=True, slots=True)
class CausalVocoderSizes:
    """HiFT with causal convolutions, except the first."""

    hift: VocoderSizes
    look_ahead_frames: int


@dataclass(frozen=True, slots=True)
class Sizes3:
    """All sizes and constants of a release of CosyVoice3."""

    sample_rate: int
    token_rate: int
    """Speech tokens per second."""
    language: Qwen2Sizes
    sampling: SamplingConstants
    flow: DitFlowSizes
    vocoder: CausalVocoderSizes
    source: SourceConstants
    prompt_mel: PromptMel


def read_sizes_of_3(root: Section, directory: Path) -> Sizes3:
    """Read all sizes and constants.

    Raises: MalformedCheckpoint for a missing or invalid value, CheckpointError for an
    unsupported network.
    """
    llm = root.section("llm", "CosyVoice3LM")
    section = root.section("flow", "CausalMaskedDiffWithDiT")
    flow = read_dit_flow(section)
    language = read_qwen2(llm, directory / FOLDER)
    check_vocabularies(section, flow.vocabulary, language)
    hift = root.section("hift", "CausalHiFTGenerator")
    sample_rate, vocoder = root.size("sample_rate"), read_causal_vocoder(hift)
    hift.expect("sampling_rate", sample_rate)
    return Sizes3(
        sample_rate=sample_rate,
        token_rate=section.size("input_frame_rate"),
        language=language,
        sampling=read_sampling(llm),
        flow=flow,
        vocoder=vocoder,
        source=read_source(hift),
        prompt_mel=read_prompt_mel(root, vocoder.hift, flow.mel_bins),
    )


def read_dit_flow(flow: Section) -> DitFlowSizes:
    """Read the sizes of the flow.

    Raises: MalformedCheckpoint for a missing or invalid value, CheckpointError for an
    unsupported network.
    """
    bins = flow.size("output_size")
    # The output of the look-ahead layer is added to the token rows; the sum becomes mu.
    flow.expect("input_size", bins)
    flow.expect("token_mel_ratio", _FRAMES_PER_TOKEN)
    ahead = flow.section("pre_lookahead_layer", "PreLookaheadLayer")
    ahead.expect("in_channels", bins)
    tokens = flow.size("pre_lookahead_len")
    ahead.expect("pre_lookahead_len", tokens)
    decoder = flow.section("decoder", "CausalConditionalCFM")
    guidance = read_guidance(decoder, bins)
    dit = decoder.section("estimator", "DiT")
    for name in ("mel_dim", "mu_dim", "spk_dim", "out_channels"):
        dit.expect(name, bins)
    dit.expect("num_decoding_left_chunks", -1, default=-1)
    chunk_frames = dit.size("static_chunk_size")
    if chunk_frames % _FRAMES_PER_TOKEN:
        dit.unsupported(f"static_chunk_size is {chunk_frames}, half a token more")
    sizes = DitSizes(
        mel_bins=bins,
        width=dit.size("dim"),
        heads=dit.size("heads"),
        head_width=dit.size("dim_head"),
        hidden=dit.size("dim") * dit.size("ff_mult"),
        blocks=dit.size("depth"),
    )
    if sizes.head_width % 2:
        dit.fail("dim_head is odd, so its channels cannot be turned in pairs")
    return DitFlowSizes(
        vocabulary=flow.size("vocab_size"),
        speaker_width=flow.size("spk_embed_dim"),
        mel_bins=bins,
        look_ahead_width=ahead.size("channels"),
        look_ahead_tokens=tokens,
        chunk_tokens=chunk_frames // _FRAMES_PER_TOKEN,
        guidance=guidance,
        estimator=sizes,
    )


def read_causal_vocoder(hift: Section) -> CausalVocoderSizes:
    """Read the sizes of the vocoder.

    Raises: MalformedCheckpoint for a missing or invalid value.
    """
    return CausalVocoderSizes(
        hift=read_vocoder(hift, "CausalConvRNNF0Predictor"),
        look_ahead_frames=hift.size("conv_pre_look_right"),
    )
