"""The answers of one connection, sent in the order of their requests.

A request that fails ends the connection after its answer, as ``answer`` describes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import (
    CosyVoiceError,
    ProtocolError,
    SynthesisCancelled,
)
from wyoming_cosyvoice.server.wyoming.answer import Answer, error_event
from wyoming_cosyvoice.server.wyoming.peer import Peer, PeerLost

if TYPE_CHECKING:
    from wyoming_cosyvoice.server.wyoming.throttle import ThrottledLog


class AnswerQueue:
    """Sends answers; ``run`` returns after the last one, or after one that failed."""

    def __init__(
        self, peer: Peer, samples_per_chunk: int, faults: ThrottledLog
    ) -> None:
        self._peer = peer
        self._samples_per_chunk = samples_per_chunk
        self._faults = faults
        self._answers: deque[Answer] = deque()
        self._changed = asyncio.Event()
        self.is_closed = False
        """Whether no more answers are accepted."""
        self.sent_at = 0.0
        """When the last answer was complete, by the loop's clock."""

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def first(self) -> Answer | None:
        """The answer being sent."""
        return self._answers[0] if self._answers else None

    @property
    def last(self) -> Answer | None:
        """The answer to the latest request, unless it was sent."""
        return self._answers[-1] if self._answers else None

    def add(self, answer: Answer) -> None:
        """Add the answer to a request."""
        self._answers.append(answer)
        self._changed.set()

    def close(self) -> None:
        """Accept no more; ``run`` returns after the current answers."""
        self.is_closed = True
        self._changed.set()

    def cancel(self) -> None:
        """Cancel what was not sent."""
        for answer in self._answers:
            answer.log(self._peer.name, "cancelled")
            if answer.speech is not None:
                answer.speech.cancel()

    async def run(self) -> None:
        """Send the answers in order. Raises: PeerLost."""
        while True:
            while self._answers:
                answer = self._answers[0]
                error = await self._send(answer)
                self._answers.popleft()
                answer.log(self._peer.name, error.code if error else "ok")
                if error is not None:
                    self._faults.log(
                        logging.WARNING, "Sent to %s: %s", self._peer.name, error
                    )
                    return
                self.sent_at = asyncio.get_running_loop().time()
            if self.is_closed:
                return
            self._changed.clear()
            await self._changed.wait()

    async def _send(self, answer: Answer) -> CosyVoiceError | None:
        """Send an answer; return why it failed, or None."""
        error: CosyVoiceError | None = None
        try:
            if answer.speech is not None:
                async for samples in answer.speech:
                    events = answer.audio(samples, self._samples_per_chunk)
                    await self._peer.send(*events)
        except CosyVoiceError as failure:
            error = failure
        except SynthesisCancelled:
            raise PeerLost("was given up") from None
        error = error or answer.error
        await self._peer.send(*(answer.fail(error) if error else answer.finish()))
        return error

    async def refuse(self, error: ProtocolError, wait_s: float) -> None:
        """Send a protocol error as the last answer; ``run`` must be cancelled.

        Waits for ``wait_s``, so that the client can read it before the connection ends.
        """
        answer = self.first
        events = answer.fail(error) if answer else [error_event(error)]
        try:
            await self._peer.send(*events)
            await asyncio.sleep(wait_s)
        except PeerLost:
            self._peer.abort()
