"""Quantise float weights, in the layouts of ONNX Runtime's kernels.

All formats are symmetric: a weight is an integer times a scale, and zero stays zero.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Candidates for the end of the 4-bit range, relative to the largest weight of a block:
# clipping the largest weight a little gives all others finer steps.
_INT4_RANGES = (1.0, 0.92, 0.85, 0.78)


_BYTE = 8


class WeightFormat(Enum):
    """Storage format of one matrix.

    ``HALF``: float16 in the file, float32 in memory. ``FLOAT16``: the same in packs
    without integers, for devices.
    ``COLUMNS``: int8 with a scale per output, activations rounded to 8 bits with one
    scale per call; fastest for several rows at once (flow, vocoder, drafted tokens).
    ``BLOCKS8`` and ``BLOCKS4``: integers with a scale per block of inputs, activations
    rounded per block; more precise, and fastest for single rows (the language model).
    """

    FLOAT = "float"
    FLOAT16 = "float16"
    HALF = "half"
    COLUMNS = "columns"
    BLOCKS8 = "blocks8"
    BLOCKS4 = "blocks4"


def quantize_columns(
    weight: NDArray[np.float32],
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round a matrix (in, out) to int8 with one scale per column.

    Returns: integers (in, out) in -127..127, scales (out,).
    """
    scale = _without_zeros(np.abs(weight).max(axis=0) / 127.0)
    return np.round(weight / scale).astype(np.int8), scale


def quantize_blocks(
    weight: NDArray[np.float32], *, bits: int, block: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Round a matrix (out, in) to blocks along its inputs, as MatMulNBits stores them.

    ``bits`` is 8 or 4. Returns: bytes (out, blocks, block * bits / 8), low half byte
    first, with the zero at 2 ** (bits - 1); scales (out * blocks,). The last block is
    filled up with zeros.
    """
    rows, columns = weight.shape
    padded = np.pad(weight, ((0, 0), (0, -columns % block)))
    blocks = padded.reshape(rows, -1, block)
    if bits == _BYTE:
        scale = _without_zeros(np.abs(blocks).max(axis=2, keepdims=True) / 127.0)
        integers = np.round(blocks / scale)
        return (integers + 128).astype(np.uint8), scale.reshape(-1)
    scale = _best_int4_scale(blocks)
    integers = (np.clip(np.round(blocks / scale), -8, 7) + 8).astype(np.uint8)
    return integers[:, :, 0::2] | (integers[:, :, 1::2] << 4), scale.reshape(-1)


def _best_int4_scale(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the scale (rows, blocks, 1) with the least squared error, from candidates.

    The largest weight of a block is mapped to -8, the longer end of the range, so a
    scale may be negative.
    """
    index = np.abs(blocks).argmax(axis=2, keepdims=True)
    largest = np.take_along_axis(blocks, index, axis=2)
    best = np.ones_like(largest)
    least = np.full_like(largest, np.inf)
    for fraction in _INT4_RANGES:
        scale = _without_zeros(largest * np.float32(fraction / -8.0))
        rounded = np.clip(np.round(blocks / scale), -8, 7) * scale
        error = np.square(rounded - blocks).sum(axis=2, keepdims=True)
        best = np.where(error < least, scale, best)
        least = np.minimum(error, least)
    return best


def _without_zeros(scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """Replace zero scales, of all-zero blocks, by one."""
    return np.where(scale == 0, 1.0, scale).astype(np.float32)
