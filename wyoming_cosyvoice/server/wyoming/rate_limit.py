"""Rate limiting of a connection, so that a flood does not starve others.

A token bucket: frames and bytes have a cost. A connection may spend a burst at once,
then a constant rate; beyond that it is not read until the bucket refills, and TCP flow
control stops the sender. In between it yields to other connections.
"""

from __future__ import annotations

import asyncio

BURST = 200.0
"""Size of the bucket: 200 small frames. Home Assistant's requests have 4."""

PER_S = 100.0
"""Refill per second."""

BYTES_PER_UNIT = 2048
"""Bytes that cost as much as a frame."""

_TEXT = -2.0
"""Cost of a frame with text to speak."""

_TURN = 4.0
"""Cost after which a connection yields to the event loop."""


class RateLimit:
    """The token bucket of one connection."""

    def __init__(self, *, burst: float = BURST, per_s: float = PER_S) -> None:
        self._burst = burst
        self._per_s = per_s
        self._saved = burst
        self._seen_at = asyncio.get_running_loop().time()
        self._in_turn = 0.0
        self.waited_s = 0.0
        """Total delay since the bucket was last half full."""

    async def pay_for_bytes(self, count: int) -> None:
        """Charge for received bytes."""
        await self._pay(count / BYTES_PER_UNIT)

    async def pay_for_frame(self, *, has_text: bool) -> None:
        """Charge for a processed frame.

        Text to speak is free except for surrounding spaces: its amount has a separate
        limit.
        """
        if has_text:
            self.waited_s = 0.0
        await self._pay(_TEXT if has_text else 1.0, work=1.0)

    async def _pay(self, price: float, work: float = 0.0) -> None:
        """Deduct the cost; wait if the bucket is empty."""
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
