"""The names and shapes of all tensors in a CosyVoice-300M release, at any width.

Each network is a list of ``Weight``: a name, a shape and the distribution that
PyTorch's initialisation gives it, widened so that no bias is zero and no norm is one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_NORM_NOISE = 0.05
_BIAS_NOISE = 0.05
_UNIFORM = 1 / math.sqrt(3)
"""The deviation of PyTorch's default initialisation is this by the root of the fan."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The widths of all networks; the defaults are those of the official release."""

    text_tokens: int = 51866
    text_embedding: int = 512
    text_width: int = 1024
    text_heads: int = 16
    text_ff: int = 4096
    text_blocks: int = 6
    lm_width: int = 1024
    lm_heads: int = 16
    lm_ff: int = 4096
    lm_blocks: int = 14
    speech_tokens: int = 4096
    speaker: int = 192
    flow_width: int = 512
    flow_heads: int = 8
    flow_ff: int = 2048
    flow_blocks: int = 6
    mel: int = 80
    unet_channels: int = 256
    unet_heads: int = 8
    unet_head_dim: int = 64
    unet_blocks: int = 4
    unet_mid_blocks: int = 12
    hift_channels: int = 512
    f0_channels: int = 512


FULL = Sizes()
TINY = Sizes(
    text_embedding=4,
    text_width=16,
    text_heads=2,
    text_ff=32,
    text_blocks=2,
    lm_width=16,
    lm_heads=2,
    lm_ff=32,
    lm_blocks=2,
    flow_width=16,
    flow_heads=2,
    flow_ff=32,
    flow_blocks=2,
    unet_channels=16,
    unet_heads=2,
    unet_head_dim=16,
    unet_blocks=1,
    unet_mid_blocks=2,
    hift_channels=32,
    f0_channels=16,
)


@dataclass(frozen=True, slots=True)
class Weight:
    """A tensor whose numbers are drawn from a normal distribution."""

    name: str
    shape: tuple[int, ...]
    deviation: float
    mean: float = 0.0


def llm(sizes: Sizes) -> list[Weight]:
    """Return the tensors of ``llm.pt``: text encoder and speech language model."""
    text, width = sizes.text_width, sizes.lm_width
    return [
        embedding("text_embedding", sizes.text_tokens, sizes.text_embedding),
        *encoder_input("text_encoder", sizes.text_embedding, text),
        *norm("text_encoder.after_norm", text),
        *encoder_blocks(
            "text_encoder",
            (sizes.text_blocks, text, sizes.text_heads, sizes.text_ff),
            ("norm_ff", "norm_mha"),
        ),
        *linear("text_encoder_affine_layer", text, width),
        embedding("llm_embedding", 2, width),
        *encoder_input("llm", width, width),
        *norm("llm.after_norm", width),
        *encoder_blocks(
            "llm",
            (sizes.lm_blocks, width, sizes.lm_heads, sizes.lm_ff),
            ("norm1", "norm2"),
        ),
        *linear("llm_decoder", width, sizes.speech_tokens + 1),
        embedding("speech_embedding", sizes.speech_tokens, width),
        *linear("spk_embed_affine_layer", sizes.speaker, width),
    ]


def flow(sizes: Sizes) -> list[Weight]:
    """Return the tensors of ``flow.pt``: encoder, length regulator and estimator."""
    width, mel = sizes.flow_width, sizes.mel
    weights = [
        embedding("input_embedding", sizes.speech_tokens, width),
        *linear("spk_embed_affine_layer", sizes.speaker, mel),
        *encoder_input("encoder", width, width),
        *norm("encoder.after_norm", width),
        *encoder_blocks(
            "encoder",
            (sizes.flow_blocks, width, sizes.flow_heads, sizes.flow_ff),
            ("norm_ff", "norm_mha"),
        ),
        *linear("encoder_proj", width, mel),
        *_estimator(sizes),
    ]
    for layer in range(4):
        weights += conv(f"length_regulator.model.{3 * layer}", mel, mel, 3)
        weights += norm(f"length_regulator.model.{3 * layer + 1}", mel)
    return [*weights, *conv("length_regulator.model.12", mel, mel, 1)]


def hift(sizes: Sizes) -> list[Weight]:
    """Return the tensors of ``hift.pt``, with the prefix that training gives them."""
    channels, bins = sizes.hift_channels, 18
    weights = [
        *linear("m_source.l_linear", 9, 1),
        *normed_conv("conv_pre", sizes.mel, channels, 7),
    ]
    halves = [channels // 2, channels // 4]
    for stage, half in enumerate(halves):
        # A transposed convolution is stored with its inputs first.
        name = f"ups.{stage}"
        weights.append(_bias(name, half, half * 16))
        weights += weight_norm(name, (2 * half, half, 16))
    for stage, (half, kernel) in enumerate(zip(halves, (16, 1), strict=True)):
        weights += conv(f"source_downs.{stage}", bins, half, kernel)
    for stage, (half, kernel) in enumerate(zip(halves, (7, 11), strict=True)):
        weights += residual(f"source_resblocks.{stage}", half, kernel)
    for block in range(6):
        kernel = (3, 7, 11)[block % 3]
        weights += residual(f"resblocks.{block}", halves[block // 3], kernel)
    weights += normed_conv("conv_post", halves[-1], bins, 7)
    weights += f0_predictor(sizes.mel, sizes.f0_channels)
    return [
        Weight(f"generator.{w.name}", w.shape, w.deviation, w.mean) for w in weights
    ]


def module_names(weights: list[Weight]) -> list[str]:
    """Return the names of all modules and their parents, the root first."""
    modules = {"": None}
    for weight in weights:
        parts = weight.name.split(".")[:-1]
        modules |= {".".join(parts[: end + 1]): None for end in range(len(parts))}
    return list(modules)


def linear(name: str, inputs: int, outputs: int) -> list[Weight]:
    """Return weight and bias of a linear layer."""
    weight = Weight(f"{name}.weight", (outputs, inputs), _UNIFORM / math.sqrt(inputs))
    return [weight, _bias(name, outputs, inputs)]


def _bias(name: str, outputs: int, fan: int) -> Weight:
    return Weight(
        f"{name}.bias", (outputs,), math.hypot(_UNIFORM / fan**0.5, _BIAS_NOISE)
    )


def norm(name: str, width: int, mean: float = 1.0) -> list[Weight]:
    """Return weight and bias of a norm."""
    return [
        Weight(f"{name}.weight", (width,), _NORM_NOISE * mean, mean),
        Weight(f"{name}.bias", (width,), _BIAS_NOISE),
    ]


def embedding(name: str, tokens: int, width: int) -> Weight:
    """Return a table of rows."""
    return Weight(f"{name}.weight", (tokens, width), 1.0)


def encoder_input(
    name: str, inputs: int, width: int, embed: str = "embed"
) -> list[Weight]:
    """Return what brings rows to the width of an encoder."""
    # The network multiplies the output of this norm by the root of the width. A norm
    # around 1 would drown in that all that the blocks of an untrained network add.
    return [
        *linear(f"{name}.{embed}.out.0", inputs, width),
        *norm(f"{name}.{embed}.out.1", width, min(1.0, 4 / math.sqrt(width))),
    ]


def encoder_blocks(
    name: str,
    form: tuple[int, int, int, int],
    norms: tuple[str, str],
    stack: str = "encoders",
) -> list[Weight]:
    """Return attention blocks; ``form``: their number, width, heads, inner width."""
    blocks, width, heads, hidden = form
    bias = (heads, width // heads)
    deviation = math.sqrt(2 / sum(bias))
    weights: list[Weight] = []
    for block in range(blocks):
        at = f"{name}.{stack}.{block}"
        weights.append(Weight(f"{at}.self_attn.pos_bias_u", bias, deviation))
        weights.append(Weight(f"{at}.self_attn.pos_bias_v", bias, deviation))
        for part in ("q", "k", "v", "out"):
            weights += linear(f"{at}.self_attn.linear_{part}", width, width)
        weights.append(linear(f"{at}.self_attn.linear_pos", width, width)[0])
        weights += linear(f"{at}.feed_forward.w_1", width, hidden)
        weights += linear(f"{at}.feed_forward.w_2", hidden, width)
        for name_of_norm in norms:
            weights += norm(f"{at}.{name_of_norm}", width)
    return weights


def kaiming(
    name: str, shape: tuple[int, ...], *, has_bias: bool = True
) -> list[Weight]:
    """Return a layer of the estimator, which is initialised for ReLU."""
    weight = Weight(f"{name}.weight", shape, math.sqrt(2 / math.prod(shape[1:])))
    if not has_bias:
        return [weight]
    return [weight, Weight(f"{name}.bias", shape[:1], _BIAS_NOISE)]


def _estimator(sizes: Sizes) -> list[Weight]:
    width, at = sizes.unet_channels, "decoder.estimator"
    inputs = 4 * sizes.mel
    form = (width, sizes.unet_heads * sizes.unet_head_dim, sizes.unet_blocks)
    weights = [
        *kaiming(f"{at}.time_mlp.linear_1", (4 * width, inputs)),
        *kaiming(f"{at}.time_mlp.linear_2", (4 * width, 4 * width)),
        *unet_block(f"{at}.down_blocks.0", inputs, form),
        *kaiming(f"{at}.down_blocks.0.2.conv", (width, width, 3)),
        *unet_block(f"{at}.down_blocks.1", width, form),
        *kaiming(f"{at}.down_blocks.1.2", (width, width, 3)),
    ]
    for block in range(sizes.unet_mid_blocks):
        weights += unet_block(f"{at}.mid_blocks.{block}", width, form)
    upsample = f"{at}.up_blocks.0.2.conv"
    weights += unet_block(f"{at}.up_blocks.0", 2 * width, form)
    # A transposed convolution keeps PyTorch's default initialisation.
    deviation = _UNIFORM / math.sqrt(4 * width)
    weights.append(Weight(f"{upsample}.weight", (width, width, 4), deviation))
    weights.append(_bias(upsample, width, 4 * width))
    weights += unet_block(f"{at}.up_blocks.1", 2 * width, form)
    weights += kaiming(f"{at}.up_blocks.1.2", (width, width, 3))
    weights += kaiming(f"{at}.final_block.block.0", (width, width, 3))
    weights += norm(f"{at}.final_block.block.1", width)
    return [*weights, *kaiming(f"{at}.final_proj", (sizes.mel, width, 1))]


def unet_block(
    name: str, inputs: int, form: tuple[int, int, int], *, norm_index: int = 1
) -> list[Weight]:
    """Return a residual block and transformer blocks.

    ``form`` is their width, the width of all heads together and how many there are.
    """
    width, inner, blocks = form
    weights = [
        *kaiming(f"{name}.0.mlp.1", (width, 4 * width)),
        *kaiming(f"{name}.0.block1.block.0", (width, inputs, 3)),
        *norm(f"{name}.0.block1.block.{norm_index}", width),
        *kaiming(f"{name}.0.block2.block.0", (width, width, 3)),
        *norm(f"{name}.0.block2.block.{norm_index}", width),
        *kaiming(f"{name}.0.res_conv", (width, inputs, 1)),
    ]
    for block in range(blocks):
        at = f"{name}.1.{block}"
        weights += norm(f"{at}.norm1", width)
        for part in ("q", "k", "v"):
            shape = (inner, width)
            weights += kaiming(f"{at}.attn1.to_{part}", shape, has_bias=False)
        weights += kaiming(f"{at}.attn1.to_out.0", (width, inner))
        weights += norm(f"{at}.norm3", width)
        weights += kaiming(f"{at}.ff.net.0.proj", (4 * width, width))
        weights += kaiming(f"{at}.ff.net.2", (width, 4 * width))
    return weights


def conv(name: str, inputs: int, outputs: int, kernel: int) -> list[Weight]:
    """Return weight and bias of a convolution."""
    fan = inputs * kernel
    shape = (outputs, inputs, kernel)
    weight = Weight(f"{name}.weight", shape, _UNIFORM / math.sqrt(fan))
    return [weight, _bias(name, outputs, fan)]


def weight_norm(
    name: str, shape: tuple[int, int, int], gain: float = _UNIFORM
) -> list[Weight]:
    """Return gain and direction of a convolution with weight norm."""
    at = f"{name}.parametrizations.weight"
    fan = math.prod(shape[1:])
    return [
        Weight(f"{at}.original0", (shape[0], 1, 1), _NORM_NOISE * gain, gain),
        Weight(f"{at}.original1", shape, _UNIFORM / math.sqrt(fan)),
    ]


def normed_conv(
    name: str, inputs: int, outputs: int, kernel: int, gain: float = _UNIFORM
) -> list[Weight]:
    """Return a convolution with weight norm."""
    bias = _bias(name, outputs, inputs * kernel)
    return [bias, *weight_norm(name, (outputs, inputs, kernel), gain)]


def residual(name: str, channels: int, kernel: int) -> list[Weight]:
    """Return a residual block of the vocoder."""
    weights: list[Weight] = []
    for convs in ("convs1", "convs2"):
        for layer in range(3):
            weights += normed_conv(
                f"{name}.{convs}.{layer}", channels, channels, kernel
            )
    for activations in ("activations1", "activations2"):
        for layer in range(3):
            alpha = f"{name}.{activations}.{layer}.alpha"
            weights.append(Weight(alpha, (channels,), _NORM_NOISE, 1.0))
    return weights


def f0_predictor(mel: int, width: int, *, first_taps: int = 3) -> list[Weight]:
    """Return a predictor that calls mel frames of usual size voiced, around 200 Hz.

    The default initialisation would shrink the signal layer by layer, to constant F0.
    """
    gain = 1.25
    weights = normed_conv("f0_predictor.condnet.0", mel, width, first_taps, gain)
    for layer in (2, 4, 6, 8):
        weights += normed_conv(f"f0_predictor.condnet.{layer}", width, width, 3, gain)
    classifier = "f0_predictor.classifier"
    return [
        *weights,
        Weight(f"{classifier}.weight", (1, width), 60 / math.sqrt(width)),
        Weight(f"{classifier}.bias", (1,), 5.0, 180.0),
    ]
