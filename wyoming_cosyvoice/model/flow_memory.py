"""The cache of earlier frames, for one Euler step of a chunked flow.

Keys and values of all blocks are far larger than the audio, so the number of cached
frames is bounded: those of the prompt, which carry the voice, and the last ones. In a
longer sentence new frames no longer attend to its beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.machine.memory import untouched_zeros

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

MAX_FRAMES = 300
"""Six seconds, of which the prompt takes at most half."""


class FlowMemory:
    """Memory of one step; ``frames`` counts all frames so far, cached or not.

    ``empty`` has each array of keys and values without frames: (0, ...).
    """

    def __init__(
        self,
        conv_state: NDArray[np.float32],
        empty: Mapping[str, Array],
        *,
        max_frames: int = MAX_FRAMES,
        pinned_frames: int = 0,
    ) -> None:
        self.conv_state = conv_state
        """State of the convolutions."""
        self.frames = 0
        self._most = max_frames
        self._pinned = min(pinned_frames, max_frames // 2)
        self._used = 0
        self._arrays = {
            name: untouched_zeros((max_frames, *array.shape[1:]), array.dtype)
            for name, array in empty.items()
        }

    def kept(self) -> dict[str, Array]:
        """Return the keys and values (P, ...) by the names of the inputs."""
        return {name: array[: self._used] for name, array in self._arrays.items()}

    def add(self, made: Mapping[str, Array]) -> None:
        """Add keys and values of new frames (T, ...); drop the oldest if it is full."""
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

    def mark(self) -> Mark:
        """Return this point, to which later sentences come back."""
        later = {
            name: array[self._pinned : self._used].copy()
            for name, array in self._arrays.items()
        }
        return Mark(self.conv_state, self.frames, self._used, later)

    def rewind(self, mark: Mark) -> None:
        """Forget all frames after a mark."""
        self.conv_state, self.frames = mark.conv_state, mark.frames
        self._used = mark.used
        for name, array in self._arrays.items():
            array[self._pinned : mark.used] = mark.later[name]

    def bytes_at(self, mark: Mark) -> int:
        """Return the size of the keys and values before a mark."""
        return sum(array[: mark.used].nbytes for array in self._arrays.values())

    def copy(self, mark: Mark) -> FlowMemory:
        """Return an independent memory at a mark, even if this one has gone on."""
        empty = {name: array[:0] for name, array in self._arrays.items()}
        other = FlowMemory(
            mark.conv_state, empty, max_frames=self._most, pinned_frames=self._pinned
        )
        pinned = min(self._pinned, mark.used)
        for name, array in other._arrays.items():
            array[:pinned] = self._arrays[name][:pinned]
        other.rewind(mark)
        return other


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in a memory; pinned frames before it are still in the memory itself."""

    conv_state: NDArray[np.float32]
    frames: int
    used: int
    later: Mapping[str, Array]
    """Keys and values after the pinned ones, which new frames may replace."""
