"""Convolutions over time in time-major layout, (B, T, C).

With channels last, k shifted copies of a signal turn a convolution into one matrix
product (B T, k C) x (k C, O), which ONNX Runtime computes in int8 several times as fast
as its ConvInteger. The copies are made after quantisation, in bytes.
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
    padding: int | tuple[int, int] | None = None,
) -> Tensor:
    """Convolve over time.

    Shapes: x (B, T, C); weight (O, C, k) as PyTorch stores it; returns (B, T', O).
    ``padding`` is the number of zeros on both sides, or before and after; by default T
    is kept (k odd).
    """
    taps = weight.shape[2]
    g = layers.graph
    if padding is None:
        padding = dilation * (taps - 1) // 2
    before, after = (padding, padding) if isinstance(padding, int) else padding
    if layers.format is WeightFormat.COLUMNS and stride == 1:
        matrix = weight.transpose(2, 1, 0).reshape(-1, weight.shape[0])
        return _integer_product_of_shifts(
            g,
            x,
            name,
            matrix,
            bias,
            shifts=np.arange(taps, dtype=np.int32) * dilation,
            padding=(before, after),
        )
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
        pads=[0, before, 0, after],
    )  # (B, O, 1, T')
    return g.op("Squeeze", y, g.ints(2)).transpose(0, 2, 1)  # (B, T', O)


def convolve_transposed(
    layers: Layers,
    x: Tensor,
    name: str,
    weight: NDArray[np.floating],
    bias: NDArray[np.float32] | None,
    *,
    stride: int,
    padding: int,
) -> Tensor:
    """Upsample by ``stride`` with a transposed convolution, one phase per column block.

    Output sample i takes weight tap i + padding - s f of each input frame f near it. So
    the s outputs from s u - padding on take the same k / s frames, until u: they are
    one product, without zeros if s divides k.

    Shapes: x (B, T, C); weight (C, O, k) as PyTorch stores it; returns (B, s T, O), the
    first s T samples after ``padding``.
    """
    g = layers.graph
    inputs, outputs, taps = weight.shape
    frames = -(-taps // stride)
    matrix = np.zeros((frames, inputs, stride, outputs), weight.dtype)
    for tap in range(taps):
        matrix[frames - 1 - tap // stride, :, tap % stride] = weight[:, :, tap]
    flat = matrix.reshape(-1, stride * outputs)  # (frames C, s O)
    tiled = None if bias is None else np.tile(bias, stride)
    shifts = np.arange(frames, dtype=np.int32)
    whole, cut = divmod(padding, stride)
    before = frames - 1 - whole  # frames in the past that still count
    after = whole + (cut > 0)  # frames in the future
    if layers.format is WeightFormat.COLUMNS:
        y = _integer_product_of_shifts(
            g, x, name, flat, tiled, shifts=shifts, padding=(before, after)
        )
    else:
        padded = g.op("Pad", x, g.ints(0, before, 0, 0, after, 0))
        rows = _shifted(g, padded, shifts)  # (B, T or T + 1, frames C)
        y = rows @ layers.exact().weight(f"{name}.weight", flat)
        y = y if tiled is None else y + g.weight(f"{name}.bias", tiled)
    y = y.reshape(0, -1, outputs)  # (B, s T or s (T + 1), O)
    return y.slice(1, cut, cut - stride) if cut else y  # (B, s T, O)


def convolve_repeated(
    layers: Layers,
    x: Tensor,
    name: str,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    rate: int,
) -> Tensor:
    """Repeat each frame ``rate`` times, then convolve causally, as one product.

    For a run of equal frames only the sum of its taps matters, so the repeated signal
    is never built: the ``rate`` outputs of a frame are one product of it and the frames
    before.

    Shapes: x (B, K + T, C), its first K = ``frames_before(k, rate)`` frames those
    before the first output; weight (O, C, k); returns (B, rate T, O).
    """
    g = layers.graph
    outputs, inputs, taps = weight.shape
    before = frames_before(taps, rate)
    matrix = np.zeros((before + 1, inputs, rate, outputs), np.float32)
    for phase in range(rate):
        for tap in range(taps):
            frame = (phase + tap - (taps - 1)) // rate  # -before..0
            matrix[frame + before, :, phase] += weight[:, :, tap].T
    flat = matrix.reshape(-1, rate * outputs)  # ((K + 1) C, rate O)
    tiled = None if bias is None else np.tile(bias, rate)
    shifts = np.arange(before + 1, dtype=np.int32)
    if layers.format is WeightFormat.COLUMNS:
        y = _integer_product_of_shifts(
            g, x, name, flat, tiled, shifts=shifts, padding=(0, 0)
        )
    else:
        y = _shifted(g, x, shifts) @ layers.exact().weight(f"{name}.weight", flat)
        y = y if tiled is None else y + g.weight(f"{name}.bias", tiled)
    return y.reshape(0, -1, outputs)  # (B, rate T, O)


def frames_before(taps: int, rate: int) -> int:
    """Return the number of earlier frames that ``convolve_repeated`` needs."""
    return -(-(taps - 1) // rate)


def _integer_product_of_shifts(
    g: Graph,
    x: Tensor,
    name: str,
    matrix: NDArray[np.float32],
    bias: NDArray[np.float32] | None,
    *,
    shifts: NDArray[np.int32],
    padding: tuple[int, int],
) -> Tensor:
    """Multiply concatenated shifts of x (B, T, C) by (len(shifts) C, O).

    ``padding`` frames of zeros are added before and after x first.
    """
    integers, scale = quantize_columns(matrix)
    levels, step, zero = g.ops("DynamicQuantizeLinear", x, outputs=3)  # uint8 (B, T, C)
    before, after = padding
    if before or after:
        # Zero is the zero point of the quantisation here.
        levels = g.op("Pad", levels, g.ints(0, before, 0, 0, after, 0), zero)
    return g.op(
        "MatMulIntegerToFloat",
        _shifted(g, levels, shifts),
        g.weight(f"{name}.weight", integers),
        step,
        g.weight(f"{name}.scale", scale),
        zero,
        None,
        None if bias is None else g.weight(f"{name}.bias", bias),
        domain=MICROSOFT,
    )


def _shifted(g: Graph, padded: Tensor, shifts: NDArray[np.int32]) -> Tensor:
    """Concatenate the rows at ``shifts`` from each row: (B, T, shifts C).

    ``padded`` (B, T + span, C) has extra rows for the span of the shifts. Concatenating
    slices is more than twice as fast as gathering rows.
    """
    if len(shifts) == 1:
        return padded
    span = int(shifts[-1] - shifts[0])
    copies = []
    for shift in shifts - shifts[0]:
        stop = int(shift) - span  # counted from the end, whose position is not fixed
        copies.append(padded.slice(1, int(shift), stop or None))
    return g.concat(*copies, axis=2)
