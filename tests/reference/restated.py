"""The two networks of the later families with most of the weights, in plain numpy.

They are written from the papers in double precision, without caches or graphs. At the
width of the vectors they are compared with what the originals computed; so they stand
for the originals at widths of which there are no vectors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.release.cosyvoice3 import DitSizes
    from wyoming_cosyvoice.convert.release.qwen2 import Qwen2Sizes

    Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class RandomWeights:
    """Weights of any width: the same name has the same tensor."""

    seed: int = 0

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        rng = np.random.default_rng([self.seed, crc32(name.encode())])
        drawn = rng.standard_normal(shape, np.float32)
        if name.endswith("bias") or "embed" in name:
            return np.float32(0.1) * drawn
        if len(shape) == 1:  # of a norm
            return 1 + np.float32(0.1) * drawn
        return drawn / np.float32(math.sqrt(math.prod(shape[1:])))


def qwen2(source: TensorSource, sizes: Qwen2Sizes, rows: Doubles) -> Doubles:
    """Return the logits (S, V) after each of the rows (S, D)."""
    width, head, x = sizes.width, sizes.head_width, rows

    def linear(x: Doubles, name: str, size: int, *, bias: bool = False) -> Doubles:
        weight = source.take(f"{name}.weight", (size, x.shape[-1]))
        y = x @ weight.T.astype(np.float64)
        return y + source.take(f"{name}.bias", (size,)) if bias else y

    def norm(x: Doubles, name: str) -> Doubles:
        power = np.mean(x**2, axis=-1, keepdims=True)
        return (
            source.take(f"{name}.weight", (width,)) * x / np.sqrt(power + sizes.epsilon)
        )

    half, count = head // 2, len(rows)
    turns = np.outer(np.arange(count), sizes.rotation_base ** (-np.arange(half) / half))

    def rotate(x: Doubles) -> Doubles:
        """Turn the halves of each head (S, H, d) against each other."""
        left, right = x[..., :half], x[..., half:]
        cosine, sine = np.cos(turns)[:, None], np.sin(turns)[:, None]
        return np.concatenate(
            [left * cosine - right * sine, right * cosine + left * sine], axis=-1
        )

    for block in range(sizes.blocks):
        at = f"llm.model.model.layers.{block}"
        h = norm(x, f"{at}.input_layernorm")
        q, k, v = (
            linear(h, f"{at}.self_attn.{part}_proj", heads * head, bias=True).reshape(
                count, heads, head
            )
            for part, heads in (
                ("q", sizes.heads),
                ("k", sizes.key_heads),
                ("v", sizes.key_heads),
            )
        )
        shared = sizes.heads // sizes.key_heads
        k, v = np.repeat(rotate(k), shared, axis=1), np.repeat(v, shared, axis=1)
        later = np.triu(np.full((count, count), -np.inf), 1)
        y = _attend(rotate(q), k, v, later)
        x = x + linear(y, f"{at}.self_attn.o_proj", width)
        h = norm(x, f"{at}.post_attention_layernorm")
        gate = linear(h, f"{at}.mlp.gate_proj", sizes.hidden)
        up = linear(h, f"{at}.mlp.up_proj", sizes.hidden)
        x = x + linear(_silu(gate) * up, f"{at}.mlp.down_proj", width)
    x = norm(x, "llm.model.model.norm")
    return linear(x, "llm_decoder", sizes.outputs, bias=sizes.has_decoder_bias)


def dit(
    source: TensorSource, sizes: DitSizes, mel: Doubles, condition: Doubles, time: float
) -> Doubles:
    """Return the velocity (T, M) of a mel (T, M) under a condition (T, 3 M)."""
    width, bins, head = sizes.width, sizes.mel_bins, sizes.head_width
    inner, estimator = sizes.heads * head, "decoder.estimator"

    def linear(x: Doubles, name: str, size: int) -> Doubles:
        name = f"{estimator}.{name}"
        weight = source.take(f"{name}.weight", (size, x.shape[-1]))
        return x @ weight.T.astype(np.float64) + source.take(f"{name}.bias", (size,))

    frequencies = np.exp(-np.arange(128) * math.log(10_000) / 127)
    angles = 1000 * time * frequencies
    t = np.concatenate([np.sin(angles), np.cos(angles)])
    t = linear(
        _silu(linear(t, "time_embed.time_mlp.0", width)), "time_embed.time_mlp.2", width
    )

    x = linear(np.concatenate([mel, condition], axis=1), "input_embed.proj", width)
    h = x
    for layer in (1, 2):
        name = f"{estimator}.input_embed.conv_pos_embed.conv{layer}.0"
        weight = source.take(f"{name}.weight", (width, width // 16, 31))
        h = _causal_convolution(h, weight.astype(np.float64), groups=16)
        h = h + source.take(f"{name}.bias", (width,))
        h = h * np.tanh(np.logaddexp(h, 0))  # Mish
    x = x + h

    count = len(x)
    turns = np.outer(np.arange(count), 10_000.0 ** (-np.arange(0, head, 2) / head))

    def rotate(x: Doubles) -> Doubles:
        """Turn neighbouring channels of the first head of x (T, H d)."""
        even, odd = x[:, 0:head:2], x[:, 1:head:2]
        turned = x.copy()
        turned[:, 0:head:2] = even * np.cos(turns) - odd * np.sin(turns)
        turned[:, 1:head:2] = odd * np.cos(turns) + even * np.sin(turns)
        return turned

    for block in range(sizes.blocks):
        at = f"transformer_blocks.{block}"
        moment = linear(_silu(t), f"{at}.attn_norm.linear", 6 * width)
        shift, scale, gate, shift_ff, scale_ff, gate_ff = np.split(moment, 6)
        h = _norm(x) * (1 + scale) + shift
        q, k, v = (linear(h, f"{at}.attn.to_{part}", inner) for part in "qkv")
        q, k, v = (
            each.reshape(count, sizes.heads, head) for each in (rotate(q), rotate(k), v)
        )
        x = x + gate * linear(_attend(q, k, v), f"{at}.attn.to_out.0", width)
        h = linear(
            _norm(x) * (1 + scale_ff) + shift_ff, f"{at}.ff.ff.0.0", sizes.hidden
        )
        h = (
            h / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
        )  # GELU
        x = x + gate_ff * linear(h, f"{at}.ff.ff.2", width)
    scale, shift = np.split(linear(_silu(t), "norm_out.linear", 2 * width), 2)
    return linear(_norm(x) * (1 + scale) + shift, "proj_out", bins)


def _attend(q: Doubles, k: Doubles, v: Doubles, mask: Doubles | float = 0.0) -> Doubles:
    """Attend with heads (S, H, d); return (S, H d)."""
    scores = np.einsum("qhd,khd->hqk", q, k) / math.sqrt(q.shape[2]) + mask
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return np.einsum("hqk,khd->qhd", weights, v).reshape(len(q), -1)


def _causal_convolution(x: Doubles, weight: Doubles, *, groups: int) -> Doubles:
    """Convolve x (T, D) with weight (D, D / G, K), with zeros in front."""
    taps, count = weight.shape[2], len(x)
    x = np.concatenate([np.zeros((taps - 1, x.shape[1])), x])
    parts = zip(np.split(x, groups, axis=1), np.split(weight, groups), strict=True)
    return np.concatenate(
        [
            sum(part[k : k + count] @ kernel[:, :, k].T for k in range(taps))
            for part, kernel in parts
        ],
        axis=1,
    )


def _norm(x: Doubles) -> Doubles:
    deviation = x - x.mean(axis=-1, keepdims=True)
    return deviation / np.sqrt((deviation**2).mean(axis=-1, keepdims=True) + 1e-6)


def _silu(x: Doubles) -> Doubles:
    return x / (1 + np.exp(-x))
