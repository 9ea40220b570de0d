"""``cosyvoice.yaml`` -> the sizes and constants of the networks of 300M.

Unsupported options are refused by name, so that an incompatible release fails here
instead of sounding wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.release.sizes import (
    EncoderSizes,
    EstimatorSizes,
    FlowSizes,
    SamplingConstants,
    Sizes,
    SourceConstants,
    SpeechLmSizes,
    TextEncoderSizes,
    VocoderSizes,
)

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.release.configuration import Section


_SAMPLE_RATE = 22050
_TOKEN_RATES = (50, 25)
_UPSTREAM_STEPS = 10


def read_sizes(root: Section) -> Sizes:
    """Read all sizes and constants.

    Raises: MalformedCheckpoint for a missing or invalid value, CheckpointError for an
    unsupported network.
    """
    sample_rate = root.size("sample_rate")
    if sample_rate != _SAMPLE_RATE:
        # Upstream uses another source generator at other rates.
        root.unsupported(f"sample_rate is {sample_rate}, not {_SAMPLE_RATE}")
    llm = root.section("llm", "TransformerLM")
    flow = root.section("flow", "MaskedDiffWithXvec")
    hift = root.section("hift", "HiFTGenerator")
    hift.expect("sampling_rate", sample_rate)
    token_rate = flow.size("input_frame_rate")
    if token_rate not in _TOKEN_RATES:
        flow.unsupported(f"input_frame_rate is {token_rate}, not 50 or 25")
    speech_lm = _speech_lm(llm)
    flow_sizes = _flow(flow)
    if flow_sizes.vocabulary != speech_lm.speech_vocabulary:
        flow.fail("vocab_size differs from speech_token_size of llm")
    decoder = flow.section("decoder", "ConditionalCFM")
    vocoder = read_vocoder(hift)
    if vocoder.mel_bins != flow_sizes.mel_bins:
        hift.fail("in_channels differs from output_size of flow")
    return Sizes(
        sample_rate=sample_rate,
        token_rate=token_rate,
        text_encoder=_text_encoder(llm),
        speech_lm=speech_lm,
        sampling=read_sampling(llm),
        flow=flow_sizes,
        guidance=read_guidance(decoder, flow_sizes.mel_bins),
        steps=root.size("flow_steps") if "flow_steps" in root else _UPSTREAM_STEPS,
        temperature=(
            root.number("flow_temperature", 0.0, 1.0)
            if "flow_temperature" in root
            else 1.0
        ),
        estimator=read_estimator(decoder, flow_sizes.mel_bins),
        vocoder=vocoder,
        source=read_source(hift),
    )


def read_encoder(section: Section) -> EncoderSizes:
    """Read the sizes of a stack of attention blocks."""
    section.expect("pos_enc_layer_type", "rel_pos_espnet")
    section.expect("selfattention_layer_type", "rel_selfattn")
    section.expect("normalize_before", expected=True, default=True)
    sizes = EncoderSizes(
        input_width=section.size("input_size"),
        width=section.size("output_size"),
        heads=section.size("attention_heads"),
        hidden=section.size("linear_units"),
        blocks=section.size("num_blocks"),
    )
    if sizes.width % (2 * sizes.heads):
        section.fail("output_size cannot be divided among attention_heads")
    return sizes


def _conformer(owner: Section, name: str, chunk: int) -> EncoderSizes:
    section = owner.section(name, "ConformerEncoder")
    section.expect("input_layer", "linear")
    section.expect("activation_type", "swish", default="swish")
    section.expect("use_cnn_module", expected=False, default=True)
    section.expect("macaron_style", expected=False, default=True)
    section.expect("use_dynamic_chunk", expected=False, default=False)
    section.expect("static_chunk_size", chunk, default=0)
    return read_encoder(section)


def _text_encoder(llm: Section) -> TextEncoderSizes:
    # A chunk size of one token makes it causal.
    encoder = _conformer(llm, "text_encoder", chunk=1)
    if encoder.input_width != llm.size("text_encoder_input_size"):
        llm.fail("text_encoder_input_size differs from input_size of text_encoder")
    return TextEncoderSizes(
        encoder=encoder,
        vocabulary=llm.size("text_token_size"),
        speaker_width=llm.size("spk_embed_dim"),
    )


def _speech_lm(llm: Section) -> SpeechLmSizes:
    section = llm.section("llm", "TransformerEncoder")
    section.expect("input_layer", "linear_legacy")
    section.expect("activation_type", "relu", default="relu")
    section.expect("static_chunk_size", 1, default=0)
    encoder = read_encoder(section)
    if encoder.input_width != llm.size("llm_input_size"):
        llm.fail("llm_input_size differs from input_size of llm")
    if encoder.width != llm.size("llm_output_size"):
        llm.fail("llm_output_size differs from output_size of llm")
    return SpeechLmSizes(
        input_width=encoder.input_width,
        width=encoder.width,
        heads=encoder.heads,
        hidden=encoder.hidden,
        blocks=encoder.blocks,
        speech_vocabulary=llm.size("speech_token_size"),
    )


def read_sampling(llm: Section) -> SamplingConstants:
    """Read the sampling settings."""
    sampling = llm.section("sampling", "ras_sampling")
    return SamplingConstants(
        top_p=sampling.number("top_p", 0.01, 1.0),
        top_k=sampling.size("top_k"),
        window=sampling.size("win_size"),
        repetition=sampling.number("tau_r", 0.0, 1000.0),
    )


def _flow(flow: Section) -> FlowSizes:
    encoder = _conformer(flow, "encoder", chunk=0)
    if encoder.input_width != flow.size("input_size"):
        flow.fail("input_size differs from that of encoder")
    mel_bins = flow.size("output_size")
    regulator = flow.section("length_regulator", "InterpolateRegulator")
    regulator.expect("channels", mel_bins)
    regulator.expect("out_channels", expected=None)
    regulator.expect("groups", 1, default=1)
    return FlowSizes(
        encoder=encoder,
        vocabulary=flow.size("vocab_size"),
        speaker_width=flow.size("spk_embed_dim"),
        mel_bins=mel_bins,
        regulator_layers=len(regulator.sizes("sampling_ratios")),
    )


def read_guidance(decoder: Section, mel_bins: int) -> float:
    """Read the guidance weight, and check the settings of the solver."""
    decoder.expect("n_spks", 1)
    decoder.expect("spk_emb_dim", mel_bins)
    parameters = decoder.section("cfm_params")
    if "content" in parameters:
        parameters = parameters.section("content")
    parameters.expect("solver", "euler")
    parameters.expect("t_scheduler", "cosine")
    return parameters.number("inference_cfg_rate", 0.0, 10.0)


def read_estimator(
    decoder: Section, mel_bins: int, name: str = "ConditionalDecoder"
) -> EstimatorSizes:
    """Read the sizes of a U-Net whose upstream class is ``name``."""
    decoder.expect("in_channels", 3 * mel_bins)
    section = decoder.section("estimator", name)
    # Noisy mel, mu, speaker and prompt mel, concatenated.
    section.expect("in_channels", 4 * mel_bins)
    section.expect("out_channels", mel_bins)
    section.expect("act_fn", "gelu")
    return EstimatorSizes(
        mel_bins=mel_bins,
        channels=section.sizes("channels"),
        heads=section.size("num_heads"),
        head_width=section.size("attention_head_dim"),
        transformer_blocks=section.size("n_blocks"),
        middle_blocks=section.size("num_mid_blocks"),
    )


def read_vocoder(
    hift: Section, f0_predictor: str = "ConvRNNF0Predictor"
) -> VocoderSizes:
    """Read the sizes of a vocoder with this class of pitch predictor."""
    spectrum = hift.section("istft_params")
    predictor = hift.section("f0_predictor", f0_predictor)
    predictor.expect("num_class", 1)
    predictor.expect("in_channels", hift.size("in_channels"))
    sizes = VocoderSizes(
        mel_bins=hift.size("in_channels"),
        width=hift.size("base_channels"),
        f0_width=predictor.size("cond_channels"),
        n_fft=spectrum.size("n_fft"),
        hop=spectrum.size("hop_len"),
        upsample_rates=hift.sizes("upsample_rates"),
        upsample_taps=hift.sizes("upsample_kernel_sizes"),
        block_taps=hift.sizes("resblock_kernel_sizes"),
        block_dilations=hift.nested_sizes("resblock_dilation_sizes"),
        source_taps=hift.sizes("source_resblock_kernel_sizes"),
        source_dilations=hift.nested_sizes("source_resblock_dilation_sizes"),
        slope=hift.number("lrelu_slope", 0.0, 1.0),
        limit=hift.number("audio_limit", 0.01, 1.0),
    )
    stages = len(sizes.upsample_rates)
    per_stage = (sizes.upsample_taps, sizes.source_taps, sizes.source_dilations)
    if any(len(numbers) != stages for numbers in per_stage):
        hift.fail("lists of sizes per upsampling stage differ in length")
    if len(sizes.block_taps) != len(sizes.block_dilations):
        hift.fail("resblock_kernel_sizes and resblock_dilation_sizes differ in length")
    if sizes.n_fft % (2 * sizes.hop):
        spectrum.fail("n_fft is not a multiple of twice the hop_len")
    if sizes.width % 2**stages:
        hift.fail("base_channels cannot be halved at each stage")
    return sizes


def read_source(hift: Section) -> SourceConstants:
    """Read the constants of a vocoder's source."""
    return SourceConstants(
        harmonics=hift.size("nb_harmonics") + 1,
        amplitude=hift.number("nsf_alpha", 0.0, 1.0),
        noise=hift.number("nsf_sigma", 0.0, 1.0),
        voiced_above_hz=hift.number("nsf_voiced_threshold", 0.0, 1000.0),
    )
