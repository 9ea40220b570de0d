"""The configurations of releases of CosyVoice2 and 3, for any sizes.

They name what the converter needs and, like official ones, something of what only
training uses.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.random.later_layout import LaterSizes

_HEAD = """\
# A seeded random checkpoint in the layout of an official release.
__set_seed1: !apply:random.seed [1986]
__set_seed2: !apply:torch.manual_seed [1986]

sample_rate: 24000
llm_input_size: $lm_width
llm_output_size: $lm_width
spk_embed_dim: $speaker
qwen_pretrain_path: ''
token_frame_rate: 25
token_mel_ratio: 2
chunk_size: 25
num_decoding_left_chunks: -1

llm: !new:cosyvoice.llm.llm.$lm_class
    llm_input_size: !ref <llm_input_size>
    llm_output_size: !ref <llm_output_size>
    speech_token_size: $speech_tokens
    length_normalized_loss: True
    lsm_weight: 0
    mix_ratio: [5, 15]
    llm: !new:cosyvoice.llm.llm.Qwen2Encoder
        pretrain_path: !ref <qwen_pretrain_path>
    sampling: !name:cosyvoice.utils.common.ras_sampling
        top_p: 0.8
        top_k: 25
        win_size: 10
        tau_r: 0.1

"""
_CFM = """\
    decoder: !new:cosyvoice.flow.flow_matching.CausalConditionalCFM
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
"""
_FLOW = {
    "cosyvoice2": """\
flow: !new:cosyvoice.flow.flow.CausalMaskedDiffWithXvec
    input_size: $flow_width
    output_size: $mel
    spk_embed_dim: !ref <spk_embed_dim>
    output_type: 'mel'
    vocab_size: $speech_tokens
    input_frame_rate: !ref <token_frame_rate>
    only_mask_loss: True
    token_mel_ratio: !ref <token_mel_ratio>
    pre_lookahead_len: 3
    encoder: !new:cosyvoice.transformer.upsample_encoder.UpsampleConformerEncoder
        output_size: $flow_width
        attention_heads: $flow_heads
        linear_units: $flow_ff
        num_blocks: $flow_blocks
        dropout_rate: 0.1
        normalize_before: True
        input_layer: 'linear'
        pos_enc_layer_type: 'rel_pos_espnet'
        selfattention_layer_type: 'rel_selfattn'
        input_size: $flow_width
        use_cnn_module: False
        macaron_style: False
        static_chunk_size: !ref <chunk_size>
"""
    + _CFM
    + """\
        estimator: !new:cosyvoice.flow.decoder.CausalConditionalDecoder
            in_channels: $estimator_channels
            out_channels: $mel
            channels: [$unet_channels]
            dropout: 0.0
            attention_head_dim: $unet_head_dim
            n_blocks: $unet_blocks
            num_mid_blocks: $unet_mid_blocks
            num_heads: $unet_heads
            act_fn: 'gelu'
            static_chunk_size: !ref <chunk_size> * <token_mel_ratio>
            num_decoding_left_chunks: !ref <num_decoding_left_chunks>

""",
    "cosyvoice3": """\
flow: !new:cosyvoice.flow.flow.CausalMaskedDiffWithDiT
    input_size: $mel
    output_size: $mel
    spk_embed_dim: !ref <spk_embed_dim>
    output_type: 'mel'
    vocab_size: $speech_tokens
    input_frame_rate: !ref <token_frame_rate>
    only_mask_loss: True
    token_mel_ratio: !ref <token_mel_ratio>
    pre_lookahead_len: 3
    pre_lookahead_layer: !new:cosyvoice.transformer.upsample_encoder.PreLookaheadLayer
        in_channels: $mel
        channels: $ahead_width
        pre_lookahead_len: 3
"""
    + _CFM
    + """\
        estimator: !new:cosyvoice.flow.DiT.dit.DiT
            dim: $dit_width
            depth: $dit_blocks
            heads: $dit_heads
            dim_head: $dit_head_dim
            ff_mult: $dit_ff_mult
            mel_dim: $mel
            mu_dim: $mel
            spk_dim: $mel
            out_channels: $mel
            static_chunk_size: !ref <chunk_size> * <token_mel_ratio>
            num_decoding_left_chunks: !ref <num_decoding_left_chunks>

""",
}
_TAIL = """\
hift: !new:cosyvoice.hifigan.generator.$hift_class
    in_channels: $mel
    base_channels: $hift_channels
    nb_harmonics: 8
    sampling_rate: !ref <sample_rate>
    nsf_alpha: 0.1
    nsf_sigma: 0.003
    nsf_voiced_threshold: 10
    upsample_rates: [8, 5, 3]
    upsample_kernel_sizes: [16, 11, 7]
    istft_params:
        n_fft: 16
        hop_len: 4
    resblock_kernel_sizes: [3, 7, 11]
    resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
    source_resblock_kernel_sizes: [7, 7, 11]
    source_resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
    lrelu_slope: 0.1
    audio_limit: 0.99
    conv_pre_look_right: 4
    f0_predictor: !new:cosyvoice.hifigan.f0_predictor.$f0_class
        num_class: 1
        in_channels: $mel
        cond_channels: $f0_channels

get_tokenizer: !name:cosyvoice.tokenizer.tokenizer.get_qwen_tokenizer
    token_path: !ref <qwen_pretrain_path>
    skip_special_tokens: True
feat_extractor: !name:matcha.utils.audio.mel_spectrogram
    n_fft: 1920
    num_mels: $mel
    sampling_rate: !ref <sample_rate>
    hop_size: 480
    win_size: 1920
    fmin: 0
    fmax: $highest
    center: False
train_conf:
    optim: adam
    max_epoch: 200
"""
_NAMES = {
    "cosyvoice2": {
        "lm_class": "Qwen2LM",
        "hift_class": "HiFTGenerator",
        "f0_class": "ConvRNNF0Predictor",
        "highest": "8000",
    },
    "cosyvoice3": {
        "lm_class": "CosyVoice3LM",
        "hift_class": "CausalHiFTGenerator",
        "f0_class": "CausalConvRNNF0Predictor",
        "highest": "null",
    },
}


def later_configuration(sizes: LaterSizes) -> str:
    """Return the text of ``cosyvoice2.yaml`` or ``cosyvoice3.yaml``."""
    text = _HEAD + _FLOW[sizes.family] + _TAIL
    return Template(text).substitute(
        asdict(sizes) | _NAMES[sizes.family],
        cfm_channels=3 * sizes.mel,
        estimator_channels=4 * sizes.mel,
        dit_head_dim=sizes.dit_width // sizes.dit_heads,
    )


def text_model_configuration(sizes: LaterSizes) -> str:
    """Return the ``config.json`` of the text model beside it."""
    return json.dumps(
        {
            "model_type": "qwen2",
            "hidden_act": "silu",
            "hidden_size": sizes.lm_width,
            "intermediate_size": sizes.lm_ff,
            "num_attention_heads": sizes.lm_heads,
            "num_hidden_layers": sizes.lm_blocks,
            "num_key_value_heads": sizes.lm_key_heads,
            "rms_norm_eps": 1e-6,
            "rope_theta": 1_000_000.0,
            "vocab_size": sizes.text_tokens,
        },
        indent=2,
    )
