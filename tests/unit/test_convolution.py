"""Convolutions as matrix products, against the definition.

The signals and kernels are whole numbers that 8 bits hold exactly, so the integer
formats have to give the same result to the last digit.
"""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.convolution import (
    convolve,
    convolve_repeated,
    convolve_transposed,
    frames_before,
)
from wyoming_cosyvoice.convert.graphs.graph import Graph
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.model.session import Stage

FORMATS = (WeightFormat.FLOAT, WeightFormat.HALF, WeightFormat.COLUMNS)


def whole_numbers(*shape, seed=0):
    """Draw whole numbers whose range is -128..127, so that a step of 8 bits is 1."""
    numbers = np.random.default_rng(seed).integers(-128, 128, shape)
    numbers.flat[:2] = -128, 127
    return numbers.astype(np.float32)


def kernels(shape, output_axis):
    """Draw kernels of -127..127 in which every output has a weight of 127."""
    numbers = np.random.default_rng(1).integers(-127, 128, shape)
    np.moveaxis(numbers, output_axis, 0)[:, 0, 0] = 127
    return numbers.astype(np.float32)


def run(tmp_path, x, build):
    with Graph(tmp_path, "convolution") as graph:
        rows = graph.input("x", TensorProto.FLOAT, ["B", "T", x.shape[2]])
        graph.output("y", build(graph, rows), ["B", "S", "O"])
        graph.save()
    return Stage(graph.path, threads=1).run({"x": x})["y"]


def by_definition(x, weight, bias, *, dilation, stride, padding):
    sides = (padding, padding) if isinstance(padding, int) else padding
    padded = np.pad(x, ((0, 0), sides, (0, 0)))
    reach = dilation * (weight.shape[2] - 1)
    times = range(0, padded.shape[1] - reach, stride)
    columns = [
        np.einsum("bkc,ock->bo", padded[:, t : t + reach + 1 : dilation], weight)
        for t in times
    ]
    return np.stack(columns, axis=1) + bias


def transposed_by_definition(x, weight, bias, *, stride, padding):
    batch, frames, _ = x.shape
    taps = weight.shape[2]
    y = np.zeros((batch, stride * (frames - 1) + taps, weight.shape[1]))
    for t in range(frames):
        y[:, t * stride : t * stride + taps] += np.einsum(
            "bc,cok->bko", x[:, t], weight
        )
    return y[:, padding : padding + stride * frames] + bias


@pytest.mark.parametrize("stored", FORMATS)
@pytest.mark.parametrize(
    ("taps", "dilation", "stride", "padding"),
    [
        (1, 1, 1, None),
        (3, 1, 1, None),
        (3, 1, 2, None),
        (7, 1, 1, None),
        (3, 5, 1, None),
        (11, 3, 1, None),
        (4, 1, 2, 1),
        (16, 1, 8, 4),
        (16, 1, 4, 0),
        (3, 1, 1, (2, 0)),
        (4, 1, 1, (0, 3)),
        (7, 3, 1, (0, 0)),
        (6, 1, 3, (2, 0)),
    ],
)
@pytest.mark.parametrize("frames", [20, 41])
def test_convolution(tmp_path, stored, taps, dilation, stride, padding, frames):
    x = whole_numbers(2, frames, 6)
    weight = kernels((5, 6, taps), 0)
    bias = np.arange(5, dtype=np.float32)
    actual = run(
        tmp_path,
        x,
        lambda g, rows: convolve(
            Layers(g, {}, stored),
            rows,
            "layer",
            weight,
            bias,
            dilation=dilation,
            stride=stride,
            padding=padding,
        ),
    )
    if padding is None:
        padding = dilation * (taps - 1) // 2
    expected = by_definition(
        x, weight, bias, dilation=dilation, stride=stride, padding=padding
    )
    assert actual.tolist() == expected.tolist()


@pytest.mark.parametrize("stored", FORMATS)
@pytest.mark.parametrize(
    ("taps", "stride", "padding"),
    [(4, 2, 1), (16, 8, 4), (11, 5, 3), (7, 3, 2), (16, 4, 8), (2, 2, 0)],
)
@pytest.mark.parametrize("frames", [1, 2, 17])
def test_transposed_convolution(tmp_path, stored, taps, stride, padding, frames):
    x = whole_numbers(2, frames, 6)
    weight = kernels((6, 5, taps), 1)
    bias = np.arange(5, dtype=np.float32)
    actual = run(
        tmp_path,
        x,
        lambda g, rows: convolve_transposed(
            Layers(g, {}, stored),
            rows,
            "layer",
            weight,
            bias,
            stride=stride,
            padding=padding,
        ),
    )
    expected = transposed_by_definition(x, weight, bias, stride=stride, padding=padding)
    # A phase without the largest weight is rounded by a step that is not 1.
    step = 1e-6 if stored is not WeightFormat.COLUMNS else 5e-3
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= step * np.abs(expected).max()


@pytest.mark.parametrize("stored", FORMATS)
@pytest.mark.parametrize(("taps", "rate"), [(16, 8), (11, 5), (7, 3), (5, 2), (3, 1)])
@pytest.mark.parametrize("frames", [1, 2, 17])
def test_convolution_of_repeated_frames(tmp_path, stored, taps, rate, frames):
    before = frames_before(taps, rate)
    x = whole_numbers(2, before + frames, 6)
    weight = kernels((5, 6, taps), 0)
    bias = np.arange(5, dtype=np.float32)
    actual = run(
        tmp_path,
        x,
        lambda g, rows: convolve_repeated(
            Layers(g, {}, stored), rows, "layer", weight, bias, rate=rate
        ),
    )
    repeated = np.repeat(x, rate, axis=1)[:, before * rate - (taps - 1) :]
    expected = by_definition(repeated, weight, bias, dilation=1, stride=1, padding=0)
    # Taps that fall together are rounded as their sum, to half a step of its column.
    bound = 1e-6 * np.abs(expected).max()
    if stored is WeightFormat.HALF:
        bound = 1e-3 * np.abs(expected).max()
    if stored is WeightFormat.COLUMNS:
        magnitude = np.abs(x).sum(axis=2).max() * (before + 1)
        bound = 0.5 * rate * np.abs(weight).max() / 127 * magnitude
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= bound


def test_a_layer_without_bias(tmp_path):
    x, weight = whole_numbers(1, 9, 6), kernels((5, 6, 3), 0)
    for stored in FORMATS:
        actual = run(
            tmp_path,
            x,
            lambda g, rows, stored=stored: convolve(
                Layers(g, {}, stored), rows, "layer", weight, None
            ),
        )
        expected = by_definition(x, weight, 0, dilation=1, stride=1, padding=1)
        assert actual.tolist() == expected.tolist()
