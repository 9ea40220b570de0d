"""Convolutions over time in time-major layout, (B, T, C).

With channels last, k shifted copies of a signal side by side turn a convolution into
one matrix product (B T, k C) x (k C, O), which ONNX Runtime computes in int8 several
times as fast as its ConvInteger. The copies are made of bytes, after quantisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat, quantize_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers


def convolve(
    layers: Layers,
    x: Tensor,
    name: str,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    dilation: int = 1,
    stride: int = 1,
    padding: int | None = None,
) -> Tensor:
    """Convolve over time.

    Shapes: x (B, T, C); weight (O, C, k) as PyTorch stores it; returns (B, T', O).
    ``padding`` zeros on both sides keep T by default (k odd).
    """
    taps = weight.shape[2]
    g = layers.graph
    if padding is None:
        padding = dilation * (taps - 1) // 2
    if layers.format is WeightFormat.COLUMNS and stride == 1:
        matrix = weight.transpose(2, 1, 0).reshape(-1, weight.shape[0])
        shifts = np.arange(taps, dtype=np.int32) * dilation - padding
        return _integer_product_of_shifts(g, x, name, matrix, bias, shifts=shifts)
    # As an image of height 1: ONNX Runtime has fast blocked kernels for images only.
    image = x.transpose(0, 2, 1).unsqueeze(2)  # (B, C, 1, T)
    y = g.op(
        "Conv",
        image,
        layers.exact().weight(f"{name}.weight", weight[:, :, None, :]),
        None if bias is None else g.weight(f"{name}.bias", bias),
        kernel_shape=[1, taps],
        dilations=[1, dilation],
        strides=[1, stride],
        pads=[0, padding, 0, padding],
    )  # (B, O, 1, T')
    return g.op("Squeeze", y, g.ints(2)).transpose(0, 2, 1)  # (B, T', O)


def convolve_transposed(
    layers: Layers,
    x: Tensor,
    name: str,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    stride: int,
    padding: int,
) -> Tensor:
    """Upsample by ``stride`` with a transposed convolution, one phase per column block.

    Output sample s * t + r takes weight tap j = r + padding - s * (i - t) of each input
    frame i near t, so the s outputs of frame t are one product of its neighbours.

    Shapes: x (B, T, C); weight (C, O, k) as PyTorch stores it; returns (B, s T, O), the
    first s T samples after ``padding``.
    """
    g = layers.graph
    inputs, outputs, taps = weight.shape
    before = (taps - 1 - padding) // stride  # frames in the past that still count
    after = (stride - 1 + padding) // stride  # frames in the future
    matrix = np.zeros((before + 1 + after, inputs, stride, outputs), np.float32)
    for neighbour in range(-before, after + 1):
        for phase in range(stride):
            tap = phase + padding - stride * neighbour
            if 0 <= tap < taps:
                matrix[neighbour + before, :, phase] = weight[:, :, tap]
    flat = matrix.reshape(-1, stride * outputs)  # (neighbours C, s O)
    tiled = None if bias is None else np.tile(bias, stride)
    shifts = np.arange(-before, after + 1, dtype=np.int32)
    if layers.format is WeightFormat.COLUMNS:
        y = _integer_product_of_shifts(g, x, name, flat, tiled, shifts=shifts)
    else:
        padded = g.op("Pad", x, g.ints(0, before, 0, 0, after, 0))
        rows = _shifted(g, padded, shifts)  # (B, T, neighbours C)
        y = rows @ layers.exact().weight(f"{name}.weight", flat)
        y = y if tiled is None else y + g.weight(f"{name}.bias", tiled)
    return y.reshape(0, -1, outputs)  # (B, s T, O)


def _integer_product_of_shifts(
    g: Graph,
    x: Tensor,
    name: str,
    matrix: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    shifts: NDArray[np.int32],
) -> Tensor:
    """Multiply shifted copies of x (B, T, C), side by side, by (len(shifts) C, O)."""
    integers, scale = quantize_columns(matrix)
    levels, step, zero = g.ops("DynamicQuantizeLinear", x, outputs=3)  # uint8 (B, T, C)
    before, after = max(0, -int(shifts[0])), max(0, int(shifts[-1]))
    # Silence in these levels is the zero point, not 0.
    padded = g.op("Pad", levels, g.ints(0, before, 0, 0, after, 0), zero)
    return g.op(
        "MatMulIntegerToFloat",
        _shifted(g, padded, shifts),
        g.weight(f"{name}.weight", integers),
        step,
        g.weight(f"{name}.scale", scale),
        zero,
        None,
        None if bias is None else g.weight(f"{name}.bias", bias),
        domain=MICROSOFT,
    )


def _shifted(g: Graph, padded: Tensor, shifts: NDArray[np.int32]) -> Tensor:
    """Put the rows at ``shifts`` from each row side by side: (B, T, shifts C).

    ``padded`` (B, T + span, C) has as many rows more as the shifts span. Slices of all
    rows, joined, are copied more than twice as fast as single rows are gathered.
    """
    if len(shifts) == 1:
        return padded
    span = int(shifts[-1] - shifts[0])
    copies = []
    for shift in shifts - shifts[0]:
        stop = int(shift) - span  # counted from the end, which is not a fixed place
        copies.append(padded.slice(1, int(shift), stop or None))
    return g.concat(*copies, axis=2)
