"""The residual block of HiFT: pairs of dilated convolutions after Snake activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.convert.graphs.convolution import convolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers

_SNAKE_EPSILON = np.float32(1e-9)


class Convolution(Protocol):
    """A convolution over time that keeps the number of frames."""

    def __call__(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32] | None,
        *,
        dilation: int = 1,
    ) -> Tensor:
        """Return x (B, T, C), convolved by weight (O, C, k): (B, T, O)."""


def residual_block(
    layers: Layers,
    x: Tensor,
    name: str,
    channels: int,
    taps: int,
    dilations: tuple[int, ...],
    *,
    convolve: Convolution = convolve,
) -> Tensor:
    """Add pairs of convolutions, each after a Snake activation, to x (B, T, C).

    ``convolve`` defines the padding at the ends of x.
    """
    take, shape = layers.source.take, (channels, channels, taps)
    for i, dilation in enumerate(dilations):
        first = take(f"{name}.activations1.{i}.alpha", (channels,)) + _SNAKE_EPSILON
        second = take(f"{name}.activations2.{i}.alpha", (channels,)) + _SNAKE_EPSILON
        # The scale of the second Snake is folded into the weights of the first
        # convolution, without loss: each output has its own quantisation scale.
        h = convolve(
            layers,
            _snake(x * first, first),
            f"{name}.convs1.{i}",
            second[:, None, None] * take(f"{name}.convs1.{i}.weight", shape),
            second * take(f"{name}.convs1.{i}.bias", (channels,)),
            dilation=dilation,
        )
        h = convolve(
            layers,
            _snake(h, second),
            f"{name}.convs2.{i}",
            take(f"{name}.convs2.{i}.weight", shape),
            take(f"{name}.convs2.{i}.bias", (channels,)),
        )
        x = x + h
    return x


def _snake(scaled: Tensor, alpha: np.ndarray) -> Tensor:
    """Apply x + sin(alpha x)^2 / alpha (arXiv 2006.08195) to x times alpha."""
    sine = scaled.graph.op("Sin", scaled)
    return (scaled + sine * sine) * (1 / alpha)
