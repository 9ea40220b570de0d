"""The prompts of the last few voices, solved, for their next sentences.

A voice's prompt is the same for every sentence, and solving it costs as much as several
seconds of speech. The voice that spoke last keeps all the memory of its sentence, and
its next sentence continues in it. When another voice speaks, only the prompt's part is
kept, within a limit of bytes; the voice that was silent for longest is dropped first.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.machine.memory import available_mb

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.flow_memory import FlowMemory, Mark

MAX_BYTES = 400_000_000
"""For all voices but the last: two prompts of three seconds of CosyVoice2 in 8 bits."""

_SHARE_OF_FREE = 4
"""At most this fraction of the memory that is available."""


@dataclass(slots=True)
class _SolvedPrompt:
    memories: list[FlowMemory]
    """One per step of the solver."""

    marks: list[Mark]
    """Where the prompt ends in each."""

    user: weakref.ref[object] | None
    """The sentence that continues in these memories, while it is open; None if none
    has since they were cut to the prompt."""

    def is_in_use(self) -> bool:
        return self.user is not None and self.user() is not None

    def copies(self) -> list[FlowMemory]:
        both = zip(self.memories, self.marks, strict=True)
        return [memory.copy(mark) for memory, mark in both]

    def cut(self) -> None:
        """Free what comes after the prompt, one memory at a time."""
        for place, mark in enumerate(self.marks):
            self.memories[place] = self.memories[place].copy(mark)
        self.user = None

    @property
    def prompt_bytes(self) -> int:
        both = zip(self.memories, self.marks, strict=True)
        return sum(memory.bytes_at(mark) for memory, mark in both)


class SolvedPrompts:
    """Solved prompts by the fingerprint of prompt, speaker and solver."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: dict[bytes, _SolvedPrompt] = {}  # the last voice is the last

    def take(self, key: bytes, user: object) -> list[FlowMemory] | None:
        """Return memories that end with a prompt, for ``user`` to continue in.

        None if that prompt has to be solved.
        """
        prompt = self._kept.pop(key, None)
        self._set_aside()
        if prompt is None:
            return None
        self._kept[key] = prompt
        if prompt.is_in_use():
            return prompt.copies()
        for memory, mark in zip(prompt.memories, prompt.marks, strict=True):
            memory.rewind(mark)
        prompt.user = weakref.ref(user)
        return prompt.memories

    def keep(self, key: bytes, memories: list[FlowMemory], user: object) -> None:
        """Keep memories that end with a prompt now, in which ``user`` continues."""
        marks = [memory.mark() for memory in memories]
        self._kept[key] = _SolvedPrompt(memories, marks, weakref.ref(user))

    def _set_aside(self) -> None:
        """Cut all kept prompts; drop the oldest beyond the limit."""
        for prompt in self._kept.values():
            if prompt.user is not None and not prompt.is_in_use():
                prompt.cut()
        while self._kept and self._kept_bytes() > self._limit():
            del self._kept[next(iter(self._kept))]

    def _kept_bytes(self) -> int:
        return sum(prompt.prompt_bytes for prompt in self._kept.values())

    def _limit(self) -> int:
        free_mb = available_mb()
        if free_mb is None:
            return self._max_bytes
        # What is kept is not free any more, but would be.
        return min(
            self._max_bytes,
            (free_mb * 1_000_000 + self._kept_bytes()) // _SHARE_OF_FREE,
        )
