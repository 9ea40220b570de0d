"""One Wyoming connection.

Two tasks serve it. One reads events and never waits for the model, so that ``describe``
and ``ping`` are answered at any time; the other is an ``AnswerQueue``. What an event
does is in ``Conversation``; here are bytes, deadlines and the end.

A client may half-close the connection and still listen. So its answers continue, and a
probe detects whether it is still there.

Bytes that are not a frame end the connection at once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ProtocolError
from wyoming_cosyvoice.server.wyoming.answer_queue import AnswerQueue
from wyoming_cosyvoice.server.wyoming.conversation import Conversation
from wyoming_cosyvoice.server.wyoming.peer import Peer, PeerLost
from wyoming_cosyvoice.server.wyoming.rate_limit import RateLimit
from wyoming_cosyvoice.server.wyoming.request import brings_text
from wyoming_cosyvoice.server.wyoming.wire import FrameReader

if TYPE_CHECKING:
    from wyoming_cosyvoice.config import Limits
    from wyoming_cosyvoice.engine.engine import Engine
    from wyoming_cosyvoice.server.wyoming.throttle import ThrottledLog

_WATCH_S = 0.1


class WyomingConnection:
    """Serve one client until it leaves or breaks the rules."""

    def __init__(
        self,
        peer: Peer,
        engine: Engine,
        limits: Limits,
        samples_per_chunk: int,
        faults: ThrottledLog,
    ) -> None:
        self._peer = peer
        self._limits = limits
        self._faults = faults
        self._frames = FrameReader(limits)
        self._rate_limit = RateLimit()
        self._frame_began: float | None = None
        self._answers = AnswerQueue(peer, samples_per_chunk, faults)
        self._conversation = Conversation(peer, engine, limits, self._answers)

    async def run(self) -> None:
        """Serve the client until the connection is closed."""
        reading = asyncio.create_task(self._read())
        answering = asyncio.create_task(self._answers.run())
        tasks = (reading, answering)
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except PeerLost as lost:
            self._faults.log(logging.INFO, "%s %s", self._peer.name, lost)
            self._peer.abort()
        except ProtocolError as error:
            self._faults.log(
                logging.WARNING, "%s broke the protocol: %s", self._peer.name, error
            )
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            await self._answers.refuse(error, self._limits.refusal_s)
        except asyncio.CancelledError:
            self._peer.abort()
            raise
        finally:
            for task in tasks:
                task.cancel()
            self._answers.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._peer.close()

    def finish(self) -> None:
        """Accept no more requests; ``run`` returns after the current answers."""
        self._answers.close()

    # Reading

    @property
    def _is_listening(self) -> bool:
        """Whether input from the client is still processed."""
        return self._conversation.is_streaming or not self._answers.is_closed

    async def _read(self) -> None:
        """Process input from the client. Ends only by an exception or a cancel."""
        while received := await self._receive():
            await self._rate_limit.pay_for_bytes(len(received))
            self._check_flood()
            if self._is_listening:
                await self._take(received)
        if self._is_listening:
            self._frames.check_end()
            self._conversation.end()
            self.finish()
        await self._watch()

    async def _receive(self) -> bytes:
        while True:
            try:
                return await self._peer.receive(max(0.0, self._deadline() - _now()))
            except TimeoutError:
                self._check_timeout()

    async def _take(self, received: bytes) -> None:
        self._frames.feed(received)
        is_new_frame = self._frame_began is None
        for event in self._frames.events():
            is_new_frame = True
            await self._conversation.handle(event)
            await self._rate_limit.pay_for_frame(has_text=brings_text(event))
            self._check_flood()
        if not self._frames.is_inside_frame:
            self._frame_began = None
        elif is_new_frame:
            self._frame_began = _now()

    def _check_flood(self) -> None:
        """Close a connection that floods. Raises: PeerLost.

        It may have left, which shows only after all its input has been read.
        """
        if self._rate_limit.waited_s > self._limits.flood_s:
            raise PeerLost("sent far more than is read, and was closed")

    async def _watch(self) -> None:
        """Detect that a half-closed client has left. Raises: PeerLost."""
        is_probed = False
        while not self._peer.is_reset():
            if self._answers.first is not None and not is_probed:
                probe = self._answers.first.probe()
                is_probed = bool(probe)
                await self._peer.send(*probe)
            await asyncio.sleep(_WATCH_S)
        raise PeerLost("left")

    def _deadline(self) -> float:
        if self._frame_began is not None and self._is_listening:
            return self._frame_began + self._limits.frame_s
        active_at = max(self._conversation.active_at, self._answers.sent_at)
        if self._conversation.is_streaming:
            return active_at + self._limits.stream_s
        if self._answers:
            return _now() + self._limits.idle_s
        return active_at + self._limits.idle_s

    def _check_timeout(self) -> None:
        """Handle a read timeout. Raises: ProtocolError within a frame."""
        if _now() < self._deadline():
            return
        if self._frame_began is not None:
            limit_s = self._limits.frame_s
            raise ProtocolError(f"A frame took longer than {limit_s:g} s.")
        if self._conversation.is_streaming:
            self._conversation.expire_stream()
        self.finish()


def _now() -> float:
    return asyncio.get_running_loop().time()
