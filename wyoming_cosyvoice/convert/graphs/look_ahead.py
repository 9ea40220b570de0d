"""The look-ahead layer: adds right context to each speech token.

A chunk ends with its tokens; to give its last frames right context, both later families
look a few tokens ahead, once, in the first layer (CosyVoice 2, arXiv 2412.10117,
section 2.4; upstream transformer/upsample_encoder.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.graphs.convolution import convolve

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers

# PyTorch's default.
_SLOPE = 0.01
_CAUSAL_TAPS = 3


def look_ahead(
    layers: Layers, x: Tensor, name: str, inputs: int, width: int, *, tokens: int
) -> Tensor:
    """Add a convolution over each token and the next ``tokens`` to its row.

    Shapes: x (1, N, C) and the result the same. Zeros follow the last token, so the
    last rows are final only at the end of a sentence.
    """
    source = layers.source
    h = convolve(
        layers,
        x,
        f"{name}.conv1",
        source.take(f"{name}.conv1.weight", (width, inputs, tokens + 1)),
        source.take(f"{name}.conv1.bias", (width,)),
        padding=(0, tokens),
    )  # (1, N, D)
    h = layers.graph.op("LeakyRelu", h, alpha=_SLOPE)
    h = convolve(
        layers,
        h,
        f"{name}.conv2",
        source.take(f"{name}.conv2.weight", (inputs, width, _CAUSAL_TAPS)),
        source.take(f"{name}.conv2.bias", (inputs,)),
        padding=(_CAUSAL_TAPS - 1, 0),
    )  # (1, N, C)
    return h + x
