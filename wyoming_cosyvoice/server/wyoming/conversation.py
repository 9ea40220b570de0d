"""What a client's events do: its text stream, its requests and their answers.

``_TRANSITIONS`` defines the effect of each event; there are two states: with and
without an open text stream.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, ClassVar

from wyoming.ping import Pong

from wyoming_cosyvoice.errors import Busy, CosyVoiceError, RequestError
from wyoming_cosyvoice.server.wyoming.answer import Answer
from wyoming_cosyvoice.server.wyoming.info import PROGRAM, info_event
from wyoming_cosyvoice.server.wyoming.request import read_request, read_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wyoming.event import Event

    from wyoming_cosyvoice.config import Limits
    from wyoming_cosyvoice.engine.engine import Engine, Speech
    from wyoming_cosyvoice.server.wyoming.answer_queue import AnswerQueue
    from wyoming_cosyvoice.server.wyoming.peer import Peer

_LOGGER = logging.getLogger(__name__)

_Data = dict[str, object]


class _State(Enum):
    IDLE = auto()
    STREAMING = auto()


class Conversation:
    """Handles the events of one client in order."""

    def __init__(
        self, peer: Peer, engine: Engine, limits: Limits, answers: AnswerQueue
    ) -> None:
        self._peer = peer
        self._engine = engine
        self._limits = limits
        self._answers = answers
        self._stream: Speech | None = None
        self._stream_copy = ""
        self.active_at = _now()
        """When the last event was handled, by the loop's clock."""

    @property
    def is_streaming(self) -> bool:
        """Whether a text stream is open."""
        return self._stream is not None

    async def handle(self, event: Event) -> None:
        """Do what an event asks for. Raises: PeerLost."""
        self.active_at = _now()
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
            self.active_at = _now()

    def _store_copy(self, data: _Data) -> None:
        """Keep the whole text, which is repeated for servers without streaming.

        It is spoken only if no chunk had text.
        """
        text = data.get("text")
        if isinstance(text, str):
            self._stream_copy = text

    def end(self) -> None:
        """Treat the end of the input as the end of the stream."""
        self._close_stream({})

    def expire_stream(self) -> None:
        """End a stream for which no text arrives."""
        limit_s = self._limits.stream_s
        self._fail(RequestError(f"No text arrived for {limit_s:g} s."), is_stream=True)

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
        self._answers.close()

    _ANY_TIME: ClassVar[dict[str, Callable[[Conversation, _Data], Awaitable[None]]]] = {
        "describe": _describe,
        "ping": _ping,
        "select-program": _select_program,
    }

    _TRANSITIONS: ClassVar[
        dict[
            tuple[_State, str],
            Callable[[Conversation, _Data], Awaitable[None] | None],
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
