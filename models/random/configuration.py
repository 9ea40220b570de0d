"""The ``cosyvoice.yaml`` of a release, for any sizes.

It names what the converter needs and, like an official one, much that only training
uses: tags that would call functions, references between sections, data pipelines.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.random.layout import Sizes

_CONFIGURATION = Template("""\
# A seeded random checkpoint in the layout of an official release.
__set_seed1: !apply:random.seed [1986]
__set_seed2: !apply:torch.manual_seed [1986]

sample_rate: 22050
text_encoder_input_size: $text_embedding
llm_input_size: $lm_width
llm_output_size: $lm_width
spk_embed_dim: $speaker

llm: !new:cosyvoice.llm.llm.TransformerLM
    text_encoder_input_size: !ref <text_encoder_input_size>
    llm_input_size: !ref <llm_input_size>
    llm_output_size: !ref <llm_output_size>
    text_token_size: $text_tokens
    speech_token_size: $speech_tokens
    length_normalized_loss: True
    lsm_weight: 0
    spk_embed_dim: !ref <spk_embed_dim>
    text_encoder: !new:cosyvoice.transformer.encoder.ConformerEncoder
        input_size: !ref <text_encoder_input_size>
        output_size: $text_width
        attention_heads: $text_heads
        linear_units: $text_ff
        num_blocks: $text_blocks
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
        attention_heads: $lm_heads
        linear_units: $lm_ff
        num_blocks: $lm_blocks
        dropout_rate: 0.1
        positional_dropout_rate: 0.1
        attention_dropout_rate: 0.0
        input_layer: 'linear_legacy'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        static_chunk_size: 1
    sampling: !name:cosyvoice.utils.common.ras_sampling
        top_p: 0.8
        top_k: 25
        win_size: 10
        tau_r: 0.1

flow: !new:cosyvoice.flow.flow.MaskedDiffWithXvec
    input_size: $flow_width
    output_size: $mel
    spk_embed_dim: !ref <spk_embed_dim>
    output_type: 'mel'
    vocab_size: $speech_tokens
    input_frame_rate: 50
    only_mask_loss: True
    encoder: !new:cosyvoice.transformer.encoder.ConformerEncoder
        output_size: $flow_width
        attention_heads: $flow_heads
        linear_units: $flow_ff
        num_blocks: $flow_blocks
        dropout_rate: 0.1
        positional_dropout_rate: 0.1
        attention_dropout_rate: 0.1
        normalize_before: True
        input_layer: 'linear'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        input_size: $flow_width
        use_cnn_module: False
        macaron_style: False
    length_regulator: !new:cosyvoice.flow.length_regulator.InterpolateRegulator
        channels: $mel
        sampling_ratios: [1, 1, 1, 1]
    decoder: !new:cosyvoice.flow.flow_matching.ConditionalCFM
        in_channels: $cfm_channels
        n_spks: 1
        spk_emb_dim: $mel
        cfm_params: !new:omegaconf.DictConfig
            content:
                sigma_min: 1e-06
                solver: 'euler'
                t_scheduler: 'cosine'
                training_cfg_rate: 0.2
                inference_cfg_rate: 0.7
                reg_loss_type: 'l1'
        estimator: !new:cosyvoice.flow.decoder.ConditionalDecoder
            in_channels: $estimator_channels
            out_channels: $mel
            channels: [$unet_channels, $unet_channels]
            dropout: 0.0
            attention_head_dim: $unet_head_dim
            n_blocks: $unet_blocks
            num_mid_blocks: $unet_mid_blocks
            num_heads: $unet_heads
            act_fn: 'gelu'

hift: !new:cosyvoice.hifigan.generator.HiFTGenerator
    in_channels: $mel
    base_channels: $hift_channels
    nb_harmonics: 8
    sampling_rate: !ref <sample_rate>
    nsf_alpha: 0.1
    nsf_sigma: 0.003
    nsf_voiced_threshold: 10
    upsample_rates: [8, 8]
    upsample_kernel_sizes: [16, 16]
    istft_params:
        n_fft: 16
        hop_len: 4
    resblock_kernel_sizes: [3, 7, 11]
    resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
    source_resblock_kernel_sizes: [7, 11]
    source_resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5]]
    lrelu_slope: 0.1
    audio_limit: 0.99
    f0_predictor: !new:cosyvoice.hifigan.f0_predictor.ConvRNNF0Predictor
        num_class: 1
        in_channels: $mel
        cond_channels: $f0_channels

# From here on: training only.
mel_spec_transform1: !name:matcha.utils.audio.mel_spectrogram
    n_fft: 1024
    num_mels: $mel
    sampling_rate: !ref <sample_rate>
    fmax: null
    center: False
hifigan: !new:cosyvoice.hifigan.hifigan.HiFiGan
    generator: !ref <hift>
    mel_spec_transform: [
        !ref <mel_spec_transform1>
    ]
parquet_opener: !name:cosyvoice.dataset.processor.parquet_opener
get_tokenizer: !name:whisper.tokenizer.get_tokenizer
    multilingual: True
    num_languages: 100
    language: 'en'
    task: 'transcribe'
allowed_special: 'all'
tokenize: !name:cosyvoice.dataset.processor.tokenize
    get_tokenizer: !ref <get_tokenizer>
    allowed_special: !ref <allowed_special>
data_pipeline: [
    !ref <parquet_opener>,
    !ref <tokenize>,
]
train_conf:
    optim: adam
    optim_conf:
        lr: 0.001
    max_epoch: 200
""")


def configuration(sizes: Sizes) -> str:
    """Return the text of ``cosyvoice.yaml`` for networks of these sizes."""
    return _CONFIGURATION.substitute(
        asdict(sizes), cfm_channels=3 * sizes.mel, estimator_channels=4 * sizes.mel
    )
