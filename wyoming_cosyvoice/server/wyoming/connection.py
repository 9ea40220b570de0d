"""One Wyoming connection.

Two tasks serve it. One reads events and never waits for the model, so that ``describe``
and ``ping`` are answered at any time; the other is an ``AnswerQueue``. ``_TRANSITIONS``
defines the effect of each event; there are two states: with and without an open text
stream.

A client may half-close the connection and still listen. So its answers continue, and a
probe detects whether it is still there.

Bytes that are not a frame end the connection at once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from wyoming.ping import Pong

from wyoming_cosyvoice.errors import (
    Busy,
    CosyVoiceError,
    ProtocolError,
    RequestError,
)
from wyoming_cosyvoice.server.wyoming.answer import Answer
from wyoming_cosyvoice.server.wyoming.answer_queue import AnswerQueue
from wyoming_cosyvoice.server.wyoming.info import PROGRAM, info_event
from wyoming_cosyvoice.server.wyoming.pace import Pace
from wyoming_cosyvoice.server.wyoming.peer import Peer, PeerLost
from wyoming_cosyvoice.server.wyoming.request import (
    brings_text,
    read_request,
    read_text,
)
from wyoming_cosyvoice.server.wyoming.wire import FrameReader

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wyoming.event import Event

    from wyoming_cosyvoice.config import Limits
    from wyoming_cosyvoice.engine.engine import Engine, Speech
    from wyoming_cosyvoice.server.wyoming.throttle import ThrottledLog

_LOGGER = logging.getLogger(__name__)

_WATCH_S = 0.1

_Data = dict[str, object]


class _State(Enum):
    IDLE = auto()
    STREAMING = auto()


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
        self._engine = engine
        self._limits = limits
        self._faults = faults
        self._frames = FrameReader(limits)
        self._pace = Pace()
        self._frame_began: float | None = None
        self._active_at = _now()
        self._stream: Speech | None = None
        self._stream_copy = ""
        self._answers = AnswerQueue(peer, samples_per_chunk, faults)

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
        return self._stream is not None or not self._answers.is_closed

    async def _read(self) -> None:
        """Process input from the client. Ends only by an exception or a cancel."""
        while received := await self._receive():
            await self._pace.pay_for_bytes(len(received))
            self._check_flood()
            if self._is_listening:
                await self._take(received)
        if self._is_listening:
            self._frames.check_end()
            self._close_stream({})
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
            self._active_at = _now()
            await self._handle(event)
            await self._pace.pay_for_frame(has_text=brings_text(event))
            self._check_flood()
        if not self._frames.is_inside_frame:
            self._frame_began = None
        elif is_new_frame:
            self._frame_began = _now()

    def _check_flood(self) -> None:
        """Close a connection that floods. Raises: PeerLost.

        It may have left, which shows only after all its input has been read.
        """
        if self._pace.waited_s > self._limits.flood_s:
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
        active_at = max(self._active_at, self._answers.sent_at)
        if self._stream is not None:
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
        if self._stream is not None:
            limit_s = self._limits.stream_s
            self._fail(
                RequestError(f"No text arrived for {limit_s:g} s."), is_stream=True
            )
        self.finish()

    # What events do

    async def _handle(self, event: Event) -> None:
        answer_now = self._ANY_TIME.get(event.type)
        if answer_now is not None:
            await answer_now(self, event.data)
            return
        state = _State.IDLE if self._stream is None else _State.STREAMING
        transition = self._TRANSITIONS.get((state, event.type))
        if transition is None:
            _LOGGER.debug("Ignored an event of type %.40r", event.type)
            return
        try:
            waiting = transition(self, event.data)
            if waiting is not None:
                await waiting
        except CosyVoiceError as error:
            self._fail(error, is_stream=event.type != "synthesize")

    async def _describe(self, _data: _Data) -> None:
        await self._peer.send(info_event(self._engine.voices))

    async def _ping(self, data: _Data) -> None:
        text = data.get("text")
        await self._peer.send(Pong(text if isinstance(text, str) else None).event())

    async def _select_program(self, data: _Data) -> None:
        if data.get("name") != PROGRAM:
            _LOGGER.debug("There is no program %.40r", data.get("name"))

    def _speak(self, data: _Data) -> None:
        text = read_text(data)
        speech = self._open(data, is_stream=False)
        speech.feed(text)
        speech.finish()

    def _open_stream(self, data: _Data) -> None:
        self._stream_copy = ""
        self._stream = self._open(data, is_stream=True)

    async def _feed_stream(self, data: _Data) -> None:
        """Feed text; while too much is waiting to be spoken, stop reading."""
        if self._stream is not None:
            text = read_text(data)
            await self._stream.wait_room(len(text))
            self._stream.feed(text)
            self._active_at = _now()

    def _store_copy(self, data: _Data) -> None:
        """Keep the whole text, which is repeated for servers without streaming.

        It is spoken only if no chunk had text.
        """
        text = data.get("text")
        if isinstance(text, str):
            self._stream_copy = text

    def _close_stream(self, _data: _Data) -> None:
        stream = self._stream
        if stream is None:
            return
        if not stream.stats.chars:
            stream.feed(self._stream_copy)
        stream.finish()
        self._stream = None

    def _reopen_stream(self, data: _Data) -> None:
        """Treat a second start as the end of the first stream: no text is lost."""
        self._close_stream({})
        self._open_stream(data)

    def _refuse_chunk(self, _data: _Data) -> None:
        raise RequestError("A synthesize-chunk must follow a synthesize-start.")

    def _answer_stop(self, _data: _Data) -> None:
        """Answer a stop without a start, because its sender waits for the answer."""
        self._check_room()
        self._answers.add(Answer(is_stream=True))

    def _open(self, data: _Data, *, is_stream: bool) -> Speech:
        self._check_room()
        request = read_request(data, self._engine.voices)
        request = replace(request, client=self._peer.host)
        speech = self._engine.open(request)
        self._answers.add(Answer(is_stream, speech))
        return speech

    def _check_room(self) -> None:
        if self._answers.is_closed:
            raise Busy("This connection accepts no more requests.")
        if len(self._answers) >= self._limits.answers_per_connection:
            raise Busy(f"This connection has {len(self._answers)} requests waiting.")

    def _fail(self, error: CosyVoiceError, *, is_stream: bool) -> None:
        """Make ``error`` the last answer: that of the current request, if it is open.

        Answers to earlier requests, and accepted text of this one, are sent first.
        """
        last = self._answers.last
        if last is not None and last.speech and not last.speech.is_finished:
            last.break_off(error)
        elif not self._answers.is_closed:
            self._answers.add(Answer(is_stream, error=error))
        self._stream = None
        self.finish()

    _ANY_TIME: ClassVar[
        dict[str, Callable[[WyomingConnection, _Data], Awaitable[None]]]
    ] = {
        "describe": _describe,
        "ping": _ping,
        "select-program": _select_program,
    }

    _TRANSITIONS: ClassVar[
        dict[
            tuple[_State, str],
            Callable[[WyomingConnection, _Data], Awaitable[None] | None],
        ]
    ] = {
        (_State.IDLE, "synthesize"): _speak,
        (_State.IDLE, "synthesize-start"): _open_stream,
        (_State.IDLE, "synthesize-chunk"): _refuse_chunk,
        (_State.IDLE, "synthesize-stop"): _answer_stop,
        (_State.STREAMING, "synthesize"): _store_copy,
        (_State.STREAMING, "synthesize-start"): _reopen_stream,
        (_State.STREAMING, "synthesize-chunk"): _feed_stream,
        (_State.STREAMING, "synthesize-stop"): _close_stream,
    }


def _now() -> float:
    return asyncio.get_running_loop().time()
