"""The vocoder's residual block, one of whose snakes is scaled by a convolution."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.residual_block import residual_block
from wyoming_cosyvoice.model.session import Stage

CHANNELS, TAPS, DILATIONS = 8, 3, (1, 3)
ALIKE = (0.3, 2.0)
UNLIKE = (0.001, 2.0)


class Block:
    """Random weights, and alphas spread evenly between two."""

    def __init__(self, alphas):
        self._rng = np.random.default_rng(0)
        self._alphas = np.geomspace(*alphas, CHANNELS).astype(np.float32)
        self._taken = {}

    def take(self, name, shape):
        if name not in self._taken:
            drawn = self._rng.standard_normal(shape).astype(np.float32) / 4
            if name.endswith("alpha"):
                drawn = self._rng.permutation(self._alphas)
            self._taken[name] = drawn
        return self._taken[name]


def by_definition(block, x):
    """Compute the block as the paper has it: x (B, T, C)."""

    def snake(x, name):
        alpha = block.take(f"{name}.alpha", (CHANNELS,))
        return x + np.sin(alpha * x) ** 2 / alpha

    def convolve(x, name, dilation):
        weight = block.take(f"{name}.weight", (CHANNELS, CHANNELS, TAPS))
        padded = np.pad(x, ((0, 0), (dilation, dilation), (0, 0)))
        frames = x.shape[1]
        y = sum(
            padded[:, tap * dilation : tap * dilation + frames] @ weight[:, :, tap].T
            for tap in range(TAPS)
        )
        return y + block.take(f"{name}.bias", (CHANNELS,))

    for i, dilation in enumerate(DILATIONS):
        h = snake(x, f"block.activations1.{i}")
        h = convolve(h, f"block.convs1.{i}", dilation)
        h = snake(h, f"block.activations2.{i}")
        x = x + convolve(h, f"block.convs2.{i}", 1)
    return x


def build(tmp_path, block, stored):
    with Graph(tmp_path, "block") as graph:
        x = graph.input("x", TensorProto.FLOAT, [1, "T", CHANNELS])
        layers = Layers(graph, block, stored)
        y = residual_block(layers, x, "block", CHANNELS, TAPS, DILATIONS)
        graph.output("y", y, [1, "T", CHANNELS])
        graph.save()
    return graph.path


@pytest.mark.parametrize("alphas", [ALIKE, UNLIKE])
@pytest.mark.parametrize(
    ("stored", "least_db"), [(WeightFormat.FLOAT, 100), (WeightFormat.COLUMNS, 28)]
)
def test_it_is_what_the_paper_says(tmp_path, alphas, stored, least_db):
    block = Block(alphas)
    x = np.random.default_rng(1).standard_normal((1, 50, CHANNELS)).astype(np.float32)
    found = Stage(build(tmp_path, block, stored), threads=1).run({"x": x})["y"]
    exact = by_definition(block, x.astype(np.float64))
    noise = np.square(found - exact).mean(axis=(0, 1))
    loudness = np.square(exact).mean(axis=(0, 1))
    # Of each channel: none may be drowned by louder ones.
    assert 10 * np.log10(loudness / noise).min() > least_db
