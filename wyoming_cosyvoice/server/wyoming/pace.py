"""How fast a connection is read, so that one that floods does not starve the others.

Each frame and each piece of bytes has a price. A connection may spend a burst at once,
and then as much as comes in with time; one that has spent more is not read until it has
paid. Its system then stops taking what it sends. In between it gives way to others.
"""

from __future__ import annotations

import asyncio

BURST = 200.0
"""Price of what is read at once: 200 small frames. Home Assistant's requests have 4."""

PER_S = 100.0
"""Price of what is read each second after that."""

BYTES_PER_UNIT = 2048
"""Bytes that cost as much as a frame."""

_TEXT = -2.0
"""Price of a frame with text to be spoken."""

_TURN = 4.0
"""Price of what is read in one turn of the event loop."""


class Pace:
    """The account of one connection."""

    def __init__(self, *, burst: float = BURST, per_s: float = PER_S) -> None:
        self._burst = burst
        self._per_s = per_s
        self._saved = burst
        self._seen_at = asyncio.get_running_loop().time()
        self._in_turn = 0.0
        self.waited_s = 0.0
        """How long it has waited since it last had half of a burst left."""

    async def pay_for_bytes(self, count: int) -> None:
        """Pay for bytes that came."""
        await self._pay(count / BYTES_PER_UNIT)

    async def pay_for_frame(self, *, has_text: bool) -> None:
        """Pay for a frame that was acted on.

        Text to be spoken pays for blanks around it: its amount is bounded elsewhere,
        by how much of it may wait.
        """
        if has_text:
            self.waited_s = 0.0
        await self._pay(_TEXT if has_text else 1.0, work=1.0)

    async def _pay(self, price: float, work: float = 0.0) -> None:
        """Take the price; wait if that is more than there is."""
        now = asyncio.get_running_loop().time()
        earned = (now - self._seen_at) * self._per_s
        self._saved = min(self._burst, self._saved + earned) - price
        self._seen_at = now
        self._in_turn += work or price
        if self._saved > self._burst / 2:
            self.waited_s = 0.0
        if self._saved < 0:
            self._in_turn = 0.0
            wait_s = -self._saved / self._per_s
            self.waited_s += wait_s
            await asyncio.sleep(wait_s)
        elif self._in_turn >= _TURN:
            self._in_turn = 0.0
            await asyncio.sleep(0)
