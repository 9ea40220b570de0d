"""What the frames before left behind, for one step of a flow that works in chunks.

Keys and values of all blocks are far larger than the sound that they belong to, so only
so many frames are remembered: those of the prompt, which carry the voice, and the last
ones. A sentence that is longer hears its own beginning no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.generic]

MOST_FRAMES = 300
"""Six seconds, half of them the prompt's at most."""


class FlowMemory:
    """Memory of one step; ``frames`` counts all frames before, remembered or not.

    ``empty`` gives each array of keys and values without frames: (0, ...).
    """

    def __init__(
        self,
        heard: NDArray[np.float32],
        empty: Mapping[str, Array],
        *,
        most_frames: int = MOST_FRAMES,
        pinned_frames: int = 0,
    ) -> None:
        self.heard = heard
        """What the convolutions heard last."""
        self.frames = 0
        self._most = most_frames
        self._pinned = min(pinned_frames, most_frames // 2)
        self._used = 0
        # Pages that are never written to take no memory.
        self._arrays = {
            name: np.empty((most_frames, *array.shape[1:]), array.dtype)
            for name, array in empty.items()
        }

    def kept(self) -> dict[str, Array]:
        """Return the arrays of keys and values (P, ...) by the names of the inputs."""
        return {name: array[: self._used] for name, array in self._arrays.items()}

    def add(self, made: Mapping[str, Array]) -> None:
        """Remember what new frames made (T, ...); forget what there is no room for."""
        count = len(next(iter(made.values())))
        self.frames += count
        room = self._most - self._pinned
        new = min(count, room if self._used >= self._pinned else self._most)
        begin = min(self._used, self._most - new)
        excess = self._used - begin
        for name, array in self._arrays.items():
            if excess:
                array[self._pinned : begin] = array[self._pinned + excess : self._used]
            array[begin : begin + new] = made[name][count - new :]
        self._used = begin + new

    def copy(self, *, pinned_frames: int) -> FlowMemory:
        """Return a memory that goes on from here by itself."""
        empty = {name: array[:0] for name, array in self._arrays.items()}
        other = FlowMemory(
            self.heard, empty, most_frames=self._most, pinned_frames=pinned_frames
        )
        other.frames, other._used = self.frames, self._used
        for name, array in other._arrays.items():
            array[: self._used] = self._arrays[name][: self._used]
        return other
