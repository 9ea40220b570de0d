"""Projected tables of relative positions, computed once and grown by doubling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Networks read the whole table, so short texts get short tables, in steps of this size.
_STEP = 128


class PositionTables:
    """The tables (H, d_k, W) of all blocks of one network, for distances up to a bound.

    A causal network looks back only and gets columns for 0..W-1; a non-causal one gets
    -(W//2)..W//2, with W odd. The projection runs when a longer text first needs it;
    later texts use a slice of the longest tables.
    """

    def __init__(self, path: Path, *, threads: int, is_causal: bool) -> None:
        self._path = path
        self._threads = threads
        self._is_causal = is_causal
        self._longest = 0
        self._longest_tables: dict[str, NDArray[np.float32]] = {}
        self._size = 0
        self._tables: dict[str, NDArray[np.float32]] = {}

    def tables(self, length: int) -> dict[str, NDArray[np.float32]]:
        """Return the inputs ``positions_<i>`` for distances below ``length``."""
        size = self.size_for(length)
        if size > self._longest:
            self._project(1 << (size - 1).bit_length())
        if size != self._size:
            margin = self._longest - size
            first = 0 if self._is_causal else margin
            last = self._longest if self._is_causal else 2 * self._longest - 1
            self._tables = {
                name: np.ascontiguousarray(table[:, :, first : last - margin])
                for name, table in self._longest_tables.items()
            }
            self._size = size
        return self._tables

    @staticmethod
    def size_for(length: int) -> int:
        """Return the table size for ``length``: the exclusive maximum distance."""
        return -(-length // _STEP) * _STEP

    def _project(self, size: int) -> None:
        first = 0 if self._is_causal else 1 - size
        distances = np.arange(first, size, dtype=np.float32)
        # Its weights are rarely needed, so the session is closed again.
        stage = Stage(self._path, threads=self._threads)
        self._longest_tables = stage.run({"distances": distances})
        self._longest, self._size = size, 0


class NoPositions:
    """For a network with rotary positions, which has no position inputs."""

    size_for = staticmethod(PositionTables.size_for)

    def tables(self, length: int) -> dict[str, NDArray[np.float32]]:  # noqa: ARG002
        """Return no inputs."""
        return {}
