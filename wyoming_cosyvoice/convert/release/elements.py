"""The types of numbers in a checkpoint, whatever the form of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tensor = NDArray[np.float32] | NDArray[np.int64]

STORED: dict[str, np.dtype[Any]] = {
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
    "bfloat16": np.dtype("<u2"),
    "int64": np.dtype("<i8"),
    "int32": np.dtype("<i4"),
}
"""How each type that can be read is stored."""


def widened(numbers: NDArray[Any], dtype: str) -> Tensor:
    """Return stored numbers of a type as float32 or int64, in the order of C."""
    if dtype == "bfloat16":
        # The upper half of a float32.
        return (numbers.astype(np.uint32) << 16).view(np.float32)
    if dtype in ("int64", "int32"):
        return numbers.astype(np.int64, order="C", copy=False)
    return numbers.astype(np.float32, order="C", copy=False)
