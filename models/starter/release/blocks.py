"""Read what ``MatMulNBits`` stores: integers of 8 bits, with a scale per block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import helper

if TYPE_CHECKING:
    import onnx
    from numpy.typing import NDArray

_BITS = 8
_ZERO = 128
"""What is stored for a weight of zero."""


def block_matrix(
    node: onnx.NodeProto, integers: np.ndarray, scales: np.ndarray
) -> NDArray[np.float32]:
    """Return the matrix (out, in) of a node.

    ``integers`` are (out, n, block), ``scales`` one per block.
    Raises: ValueError for weights of 4 bits.
    """
    sizes = attributes(node)
    if sizes["bits"] != _BITS:
        raise ValueError(f"{node.name} has weights of {sizes['bits']} bits")
    outputs, count, _ = integers.shape
    blocks = integers.astype(np.float32) - _ZERO
    blocks *= scales.reshape(outputs, count, 1)
    matrix: NDArray[np.float32] = blocks.reshape(outputs, -1)[:, : sizes["K"]]
    return matrix


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """Return the attributes of a node by name, text as ``str``."""
    found = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    return {k: v.decode() if isinstance(v, bytes) else v for k, v in found.items()}
