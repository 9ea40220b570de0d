"""A server in the test's own event loop, and clients that play event orders."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wyoming.client import AsyncTcpClient
from wyoming.event import Event, async_read_event
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeVoice,
)

from tests.support.fake import DEADLINE_S
from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.config import Limits, ServerConfig, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.server.wyoming.listener import WyomingServer
from wyoming_cosyvoice.server.wyoming.wire import encode_event
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.synth.interface import Synthesizer

SEED = 7
"""With a fixed seed the server's sound can be compared with the model's own."""


SHORT_REFUSAL_S = 0.02
"""For tests with many framing errors, which the server answers slowly."""


@dataclass
class Running:
    """A server that runs; ``problems`` are uncaught failures."""

    engine: Engine
    server: WyomingServer
    problems: list[str]

    @property
    def port(self) -> int:
        assert self.server.port is not None
        return self.server.port

    def client(self) -> AsyncTcpClient:
        return AsyncTcpClient(
            "127.0.0.1",
            self.port,
            connect_timeout=DEADLINE_S,
            read_timeout=DEADLINE_S,
        )


@contextlib.asynccontextmanager
async def serving(
    load: Callable[[], Synthesizer],
    voices: tuple[Any, ...],
    *,
    limits: Limits | None = None,
    uri: str = "tcp://127.0.0.1:0",
) -> AsyncIterator[Running]:
    """Run engine and server; at the end nothing may have failed unnoticed."""
    limits = limits or Limits(refusal_s=SHORT_REFUSAL_S)
    problems: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: problems.append(str(context)))
    noticed = Tracebacks(problems)
    logging.getLogger("wyoming_cosyvoice").addHandler(noticed)
    engine = Engine(load, voices, limits=limits, defaults=SpeechConfig(seed=SEED))
    server = WyomingServer(engine, ServerConfig(uri=uri), limits)
    await engine.start()
    await server.start()
    try:
        yield Running(engine, server, problems)
    finally:
        server.close()
        await engine.stop(wait_s=DEADLINE_S)
        await server.drain(1.0)
        await server.abort()
        logging.getLogger("wyoming_cosyvoice").removeHandler(noticed)
        gc.collect()  # reports exceptions that were never retrieved
    assert problems == []
    assert server.open_connections == 0
    assert engine.open_speeches == 0


class Tracebacks(logging.Handler):
    """Collects what the program logs with a traceback, which is always its bug."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.levelno >= logging.ERROR:
            self._problems.append(record.getMessage())


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop, which the server shares, turn until it is so."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():  # noqa: ASYNC110 - it gives turns, it does not wait
            await asyncio.sleep(0)


def spoken(
    synthesizer: Synthesizer, text: str, voice: str | None = None
) -> Iterator[NDArray[np.float32]]:
    """Yield what the model itself makes of ``text``."""
    known = find_voice(synthesizer.voices, voice)
    reader = synthesizer.reader(text_format="text", voice=known, language=None)
    for sentence in [*reader.feed(text), *reader.finish()]:
        yield from synthesizer.speak(
            sentence,
            voice=known,
            preferred=None,
            speed=1.0,
            seed=SEED,
            emotion=None,
            instruction=None,
            cancel=CancelToken(),
        )


def render(synthesizer: Synthesizer, text: str, voice: str | None = None) -> bytes:
    """Return what the model itself makes of ``text``, as the wire carries it."""
    return b"".join(map(to_pcm16, spoken(synthesizer, text, voice)))


def plain(text: str, voice: str | None = None) -> list[Event]:
    """Return what a client sends for one whole text."""
    selected = SynthesizeVoice(name=voice) if voice else None
    return [Synthesize(text, voice=selected).event()]


def stream(*chunks: str, voice: str | None = None) -> list[Event]:
    """Return what Home Assistant sends for a text in pieces."""
    selected = SynthesizeVoice(name=voice) if voice else None
    return [
        SynthesizeStart(voice=selected).event(),
        *(SynthesizeChunk(chunk).event() for chunk in chunks),
        Synthesize("".join(chunks), voice=selected).event(),
        SynthesizeStop().event(),
    ]


@dataclass
class Received:
    """What a client got, in order."""

    events: list[Event]
    is_closed: bool

    @property
    def types(self) -> list[str]:
        """Event types; neighbouring audio chunks count as one."""
        short: list[str] = []
        for event in self.events:
            if not (event.type == "audio-chunk" and short[-1:] == ["audio-chunk"]):
                short.append(event.type)
        return short

    @property
    def pcm(self) -> bytes:
        return b"".join(
            event.payload or b"" for event in self.events if event.type == "audio-chunk"
        )

    @property
    def error_code(self) -> str | None:
        codes = [event.data["code"] for event in self.events if event.type == "error"]
        return codes[0] if codes else None


async def play(
    port: int, frames: Iterable[Event | bytes], *, last: str | None, times: int = 1
) -> Received:
    """Send frames, then listen until ``last`` came ``times``; None: until the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(DEADLINE_S):
            for frame in frames:
                writer.write(frame if isinstance(frame, bytes) else encode_event(frame))
            await writer.drain()
            return await listen(reader, last=last, times=times)
    finally:
        writer.close()


async def listen(
    reader: asyncio.StreamReader, *, last: str | None, times: int = 1
) -> Received:
    """Collect events with the reference library."""
    events: list[Event] = []
    async with asyncio.timeout(DEADLINE_S):
        while times:
            event = await async_read_event(reader)
            if event is None:
                return Received(events, is_closed=True)
            events.append(event)
            times -= event.type == last
    return Received(events, is_closed=False)
