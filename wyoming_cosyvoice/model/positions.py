"""Tables of relative positions, projected once and grown by doubling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_FIRST_SIZE = 256


class PositionTables:
    """The tables (H, d_k, W) of all blocks of one network, for distances up to a bound.

    A causal network looks back only and gets columns for 0..W-1; another gets
    -(W//2)..W//2, with W odd. The projection runs when a longer text first needs it;
    each size is kept, because networks read a table whole and short ones are faster.
    """

    def __init__(self, path: Path, *, threads: int, is_causal: bool) -> None:
        self._path = path
        self._threads = threads
        self._is_causal = is_causal
        self._by_size: dict[int, dict[str, NDArray[np.float32]]] = {}

    def reach(self, length: int) -> dict[str, NDArray[np.float32]]:
        """Return inputs ``positions_<i>`` that serve distances below ``length``."""
        size = self.size_for(length)
        if size not in self._by_size:
            first = 0 if self._is_causal else 1 - size
            distances = np.arange(first, size, dtype=np.float32)
            # The session holds weights that are needed now and then only: let it go.
            stage = Stage(self._path, threads=self._threads)
            self._by_size[size] = stage.run({"distances": distances})
        return self._by_size[size]

    @staticmethod
    def size_for(length: int) -> int:
        """Return up to which distance the tables for ``length`` serve."""
        return max(_FIRST_SIZE, 1 << (length - 1).bit_length())
