"""The names and shapes of all tensors in releases of CosyVoice2 and 3, at any width.

As ``layout`` has them for the 300M family, whose layers they are made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from models.random import layout
from models.random.layout import (
    Weight,
    conv,
    embedding,
    encoder_blocks,
    encoder_input,
    f0_predictor,
    kaiming,
    linear,
    norm,
    normed_conv,
    residual,
    unet_block,
    weight_norm,
)

_BINS = 18
_UPSAMPLE = ((8, 16), (5, 11), (3, 7))
"""Rate and taps of each stage of the vocoders."""

_SOURCE_TAPS = (7, 7, 11)
_RESERVED = 200
_POSITION_TAPS, _POSITION_GROUPS = 31, 16
_TIME_WIDTH = 256


@dataclass(frozen=True, slots=True)
class LaterSizes:
    """The widths of all networks; the defaults are those of the official releases."""

    family: str
    """cosyvoice2 or cosyvoice3."""
    text_tokens: int = 151936
    lm_width: int = 896
    lm_heads: int = 14
    lm_key_heads: int = 2
    lm_ff: int = 4864
    lm_blocks: int = 24
    speech_tokens: int = 6561
    speaker: int = 192
    mel: int = 80
    flow_width: int = 512
    flow_heads: int = 8
    flow_ff: int = 2048
    flow_blocks: int = 6
    up_blocks: int = 4
    unet_channels: int = 256
    unet_heads: int = 8
    unet_head_dim: int = 64
    unet_blocks: int = 4
    unet_mid_blocks: int = 12
    ahead_width: int = 1024
    dit_width: int = 1024
    dit_heads: int = 16
    dit_ff_mult: int = 2
    dit_blocks: int = 22
    hift_channels: int = 512
    f0_channels: int = 512


_TINY = {
    "text_tokens": 960,
    "lm_width": 64,
    "lm_heads": 4,
    "lm_key_heads": 2,
    "lm_ff": 96,
    "lm_blocks": 2,
    "flow_width": 32,
    "flow_heads": 2,
    "flow_ff": 64,
    "flow_blocks": 2,
    "unet_channels": 32,
    "unet_heads": 2,
    "unet_head_dim": 16,
    "unet_blocks": 1,
    "unet_mid_blocks": 2,
    "ahead_width": 48,
    "dit_width": 64,
    "dit_heads": 2,
    "dit_blocks": 2,
    "hift_channels": 32,
    "f0_channels": 16,
}
FULL_2, FULL_3 = LaterSizes("cosyvoice2"), LaterSizes("cosyvoice3")
TINY_2 = LaterSizes("cosyvoice2", **_TINY)
TINY_3 = LaterSizes("cosyvoice3", **_TINY)


def llm(sizes: LaterSizes) -> list[Weight]:
    """Return the tensors of ``llm.pt``: a Qwen2 that speaks."""
    width, head = sizes.lm_width, sizes.lm_width // sizes.lm_heads
    at = "llm.model.model"
    weights = [embedding(f"{at}.embed_tokens", sizes.text_tokens, width)]
    for block in range(sizes.lm_blocks):
        name = f"{at}.layers.{block}"
        rows = {"q": width, "k": sizes.lm_key_heads * head}
        for part, outputs in {**rows, "v": rows["k"]}.items():
            weights += linear(f"{name}.self_attn.{part}_proj", width, outputs)
        weights += [
            linear(f"{name}.self_attn.o_proj", width, width)[0],
            linear(f"{name}.mlp.gate_proj", width, sizes.lm_ff)[0],
            linear(f"{name}.mlp.up_proj", width, sizes.lm_ff)[0],
            linear(f"{name}.mlp.down_proj", sizes.lm_ff, width)[0],
            norm(f"{name}.input_layernorm", width)[0],
            norm(f"{name}.post_attention_layernorm", width)[0],
        ]
    weights.append(norm(f"{at}.norm", width)[0])
    if sizes.family == "cosyvoice2":
        rows_of_speech = sizes.speech_tokens + 3
        weights += linear("llm_decoder", width, rows_of_speech)
        weights.append(embedding("llm_embedding", 2, width))
    else:
        rows_of_speech = sizes.speech_tokens + _RESERVED
        weights.append(linear("llm_decoder", width, rows_of_speech)[0])
    return [*weights, embedding("speech_embedding", rows_of_speech, width)]


def flow(sizes: LaterSizes) -> list[Weight]:
    """Return the tensors of ``flow.pt``: encoder and estimator."""
    return _flow_of_2(sizes) if sizes.family == "cosyvoice2" else _flow_of_3(sizes)


def hift(sizes: LaterSizes) -> list[Weight]:
    """Return the tensors of ``hift.pt``."""
    channels, is_causal = sizes.hift_channels, sizes.family == "cosyvoice3"
    weights = [
        *linear("m_source.l_linear", 9, 1),
        *normed_conv("conv_pre", sizes.mel, channels, 5 if is_causal else 7),
    ]
    rates = [rate for rate, _ in _UPSAMPLE]
    for stage, (_, taps) in enumerate(_UPSAMPLE):
        name, inputs = f"ups.{stage}", channels >> stage
        outputs = inputs // 2
        if is_causal:
            weights += normed_conv(name, inputs, outputs, taps)
        else:
            # A transposed convolution is stored with its inputs first.
            weights.append(linear(name, outputs * taps, outputs)[1])
            weights += weight_norm(name, (inputs, outputs, taps))
        rate = math.prod(rates[stage + 1 :])
        down = 1 if rate == 1 else 2 * rate
        weights += conv(f"source_downs.{stage}", _BINS, outputs, down)
        weights += residual(f"source_resblocks.{stage}", outputs, _SOURCE_TAPS[stage])
        for block, kernel in enumerate((3, 7, 11)):
            weights += residual(f"resblocks.{3 * stage + block}", outputs, kernel)
    last = channels >> len(_UPSAMPLE)
    weights += normed_conv("conv_post", last, _BINS, 7)
    return [
        *weights,
        *f0_predictor(sizes.mel, sizes.f0_channels, first_taps=4 if is_causal else 3),
    ]


def _flow_of_2(sizes: LaterSizes) -> list[Weight]:
    width, mel = sizes.flow_width, sizes.mel
    form = (width, sizes.flow_heads, sizes.flow_ff)
    norms = ("norm_ff", "norm_mha")
    return [
        embedding("input_embedding", sizes.speech_tokens, width),
        *linear("spk_embed_affine_layer", sizes.speaker, mel),
        *encoder_input("encoder", width, width),
        *norm("encoder.after_norm", width),
        *conv("encoder.pre_lookahead_layer.conv1", width, width, 4),
        *conv("encoder.pre_lookahead_layer.conv2", width, width, 3),
        *encoder_blocks("encoder", (sizes.flow_blocks, *form), norms),
        *conv("encoder.up_layer.conv", width, width, 5),
        *encoder_input("encoder", width, width, embed="up_embed"),
        *encoder_blocks(
            "encoder", (sizes.up_blocks, *form), norms, stack="up_encoders"
        ),
        *linear("encoder_proj", width, mel),
        *_causal_unet(sizes),
    ]


def _causal_unet(sizes: LaterSizes) -> list[Weight]:
    width, at = sizes.unet_channels, "decoder.estimator"
    inputs = 4 * sizes.mel
    form = (width, sizes.unet_heads * sizes.unet_head_dim, sizes.unet_blocks)

    def block(name: str, channels: int) -> list[Weight]:
        return unet_block(f"{at}.{name}", channels, form, norm_index=2)

    weights = [
        *kaiming(f"{at}.time_mlp.linear_1", (4 * width, inputs)),
        *kaiming(f"{at}.time_mlp.linear_2", (4 * width, 4 * width)),
        *block("down_blocks.0", inputs),
        *kaiming(f"{at}.down_blocks.0.2", (width, width, 3)),
        *block("up_blocks.0", 2 * width),
        *kaiming(f"{at}.up_blocks.0.2", (width, width, 3)),
        *kaiming(f"{at}.final_block.block.0", (width, width, 3)),
        *norm(f"{at}.final_block.block.2", width),
        *kaiming(f"{at}.final_proj", (sizes.mel, width, 1)),
    ]
    for middle in range(sizes.unet_mid_blocks):
        weights += block(f"mid_blocks.{middle}", width)
    return weights


def _flow_of_3(sizes: LaterSizes) -> list[Weight]:
    width, mel, at = sizes.dit_width, sizes.mel, "decoder.estimator"
    head = width // sizes.dit_heads
    inner = sizes.dit_ff_mult * width
    weights = [
        embedding("input_embedding", sizes.speech_tokens, mel),
        *linear("spk_embed_affine_layer", sizes.speaker, mel),
        *conv("pre_lookahead_layer.conv1", mel, sizes.ahead_width, 4),
        *conv("pre_lookahead_layer.conv2", sizes.ahead_width, mel, 3),
        *linear(f"{at}.time_embed.time_mlp.0", _TIME_WIDTH, width),
        *linear(f"{at}.time_embed.time_mlp.2", width, width),
        *linear(f"{at}.input_embed.proj", 4 * mel, width),
        Weight(f"{at}.rotary_embed.inv_freq", (head // 2,), 0.1),
        *linear(f"{at}.norm_out.linear", width, 2 * width),
        *linear(f"{at}.proj_out", width, mel),
    ]
    for layer in (1, 2):
        name = f"{at}.input_embed.conv_pos_embed.conv{layer}.0"
        weights += conv(name, width // _POSITION_GROUPS, width, _POSITION_TAPS)
    for block in range(sizes.dit_blocks):
        name = f"{at}.transformer_blocks.{block}"
        weights += linear(f"{name}.attn_norm.linear", width, 6 * width)
        for part in ("to_q", "to_k", "to_v", "to_out.0"):
            weights += linear(f"{name}.attn.{part}", width, width)
        weights += linear(f"{name}.ff.ff.0.0", width, inner)
        weights += linear(f"{name}.ff.ff.2", inner, width)
    return weights


module_names = layout.module_names
