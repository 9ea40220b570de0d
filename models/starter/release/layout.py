"""``cosyvoice.yaml`` of the starter: the official layout at its sizes."""

from __future__ import annotations

from models.starter.networks.sizes import FlowSizes, LmSizes, VocoderSizes

FLOW_STEPS = 2
FLOW_GUIDANCE = 0.0
FLOW_TEMPERATURE = 0.6
YAML = """\
# The starter voice: a small model of its own in the layout of an official release.
sample_rate: 22050
text_encoder_input_size: {lm.text_input}
llm_input_size: {lm.width}
llm_output_size: {lm.width}
spk_embed_dim: {lm.speaker_width}

# Text tokens are phonemes, and speech tokens name phones; official releases have none
# of these keys.
text_tokenizer: phonemes
text_vocabulary: phonemes.txt
speech_phones: speech_phones.json
flow_steps: {flow_steps}
flow_temperature: {flow_temperature}

llm: !new:cosyvoice.llm.llm.TransformerLM
    text_encoder_input_size: !ref <text_encoder_input_size>
    llm_input_size: !ref <llm_input_size>
    llm_output_size: !ref <llm_output_size>
    text_token_size: {lm.text_tokens}
    speech_token_size: {lm.speech_tokens}
    length_normalized_loss: True
    lsm_weight: 0
    spk_embed_dim: !ref <spk_embed_dim>
    text_encoder: !new:cosyvoice.transformer.encoder.ConformerEncoder
        input_size: !ref <text_encoder_input_size>
        output_size: {lm.text_width}
        attention_heads: {lm.text_heads}
        linear_units: {lm.text_inner}
        num_blocks: {lm.text_blocks}
        dropout_rate: 0.1
        positional_dropout_rate: 0.1
        attention_dropout_rate: 0.0
        normalize_before: True
        input_layer: 'linear'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        use_cnn_module: False
        macaron_style: False
        use_dynamic_chunk: False
        use_dynamic_left_chunk: False
        static_chunk_size: 1
    llm: !new:cosyvoice.transformer.encoder.TransformerEncoder
        input_size: !ref <llm_input_size>
        output_size: !ref <llm_output_size>
        attention_heads: {lm.heads}
        linear_units: {lm.inner}
        num_blocks: {lm.blocks}
        dropout_rate: 0.1
        positional_dropout_rate: 0.1
        attention_dropout_rate: 0.0
        input_layer: 'linear_legacy'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        static_chunk_size: 1
    # A narrow nucleus says lengths and pitches most nearly as the teacher plans them.
    # Countdown tokens rarely repeat, and must when they do: no resampling of repeats.
    sampling: !name:cosyvoice.utils.common.ras_sampling
        top_p: 0.5
        top_k: 25
        win_size: 10
        tau_r: 1.1

flow: !new:cosyvoice.flow.flow.MaskedDiffWithXvec
    input_size: {flow.width}
    output_size: {flow.mel_bins}
    spk_embed_dim: !ref <spk_embed_dim>
    output_type: 'mel'
    vocab_size: {flow.tokens}
    input_frame_rate: 50
    only_mask_loss: True
    encoder: !new:cosyvoice.transformer.encoder.ConformerEncoder
        output_size: {flow.width}
        attention_heads: {flow.heads}
        linear_units: {flow.inner}
        num_blocks: {flow.blocks}
        dropout_rate: 0.1
        positional_dropout_rate: 0.1
        attention_dropout_rate: 0.1
        normalize_before: True
        input_layer: 'linear'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        input_size: {flow.width}
        use_cnn_module: False
        macaron_style: False
    length_regulator: !new:cosyvoice.flow.length_regulator.InterpolateRegulator
        channels: {flow.mel_bins}
        sampling_ratios: {ratios}
    decoder: !new:cosyvoice.flow.flow_matching.ConditionalCFM
        in_channels: {cfm_channels}
        n_spks: 1
        spk_emb_dim: {flow.mel_bins}
        cfm_params: !new:omegaconf.DictConfig
            content:
                sigma_min: 1e-06
                solver: 'euler'
                t_scheduler: 'cosine'
                training_cfg_rate: 0.2
                inference_cfg_rate: {flow_guidance}
                reg_loss_type: 'l1'
        estimator: !new:cosyvoice.flow.decoder.ConditionalDecoder
            in_channels: {estimator_channels}
            out_channels: {flow.mel_bins}
            channels: {channels}
            dropout: 0.0
            attention_head_dim: {flow.head_width}
            n_blocks: {flow.transformer_blocks}
            num_mid_blocks: {flow.middle_blocks}
            num_heads: {flow.estimator_heads}
            act_fn: 'gelu'

hift: !new:cosyvoice.hifigan.generator.HiFTGenerator
    in_channels: {vocoder.mel_bins}
    base_channels: {vocoder.base_channels}
    nb_harmonics: {vocoder.harmonics}
    sampling_rate: !ref <sample_rate>
    nsf_alpha: {vocoder.alpha}
    nsf_sigma: {vocoder.sigma}
    nsf_voiced_threshold: {vocoder.threshold_hz}
    upsample_rates: {lists[upsample_rates]}
    upsample_kernel_sizes: {lists[upsample_taps]}
    istft_params:
        n_fft: {vocoder.n_fft}
        hop_len: {vocoder.hop}
    resblock_kernel_sizes: {lists[block_taps]}
    resblock_dilation_sizes: {lists[block_dilations]}
    source_resblock_kernel_sizes: {lists[source_taps]}
    source_resblock_dilation_sizes: {lists[source_dilations]}
    lrelu_slope: {vocoder.slope}
    audio_limit: {vocoder.limit}
    f0_predictor: !new:cosyvoice.hifigan.f0_predictor.ConvRNNF0Predictor
        num_class: 1
        in_channels: {vocoder.mel_bins}
        cond_channels: {vocoder.f0_channels}
"""


def configuration() -> str:
    """Write ``cosyvoice.yaml``."""
    flow, vocoder = FlowSizes(), VocoderSizes()

    def plain(value: object) -> object:
        return [plain(v) for v in value] if isinstance(value, tuple) else value

    return YAML.format(
        lm=LmSizes(),
        flow=flow,
        vocoder=vocoder,
        flow_steps=FLOW_STEPS,
        flow_guidance=FLOW_GUIDANCE,
        flow_temperature=FLOW_TEMPERATURE,
        ratios=[1] * flow.regulator_layers,
        cfm_channels=3 * flow.mel_bins,
        estimator_channels=4 * flow.mel_bins,
        channels=list(flow.channels),
        lists={name: plain(value) for name, value in vars(vocoder).items()},
    )
