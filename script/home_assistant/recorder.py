"""A proxy between Home Assistant and the server that records the events."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wyoming.audio import AudioChunk
from wyoming.tts import SynthesizeChunk

from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.server.wyoming.wire import FrameReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from wyoming.event import Event


@dataclass(frozen=True, slots=True)
class Conversation:
    """The events of one connection, in their order in either direction."""

    asked: list[Event] = field(default_factory=list)
    answered: list[Event] = field(default_factory=list)
    text_after_sound: list[Event] = field(default_factory=list)
    """Pieces of text that came when sound had been sent already."""

    def note_asked(self, event: Event) -> None:
        """Keep what Home Assistant asks."""
        self.asked.append(event)
        has_sound = any(AudioChunk.is_type(each.type) for each in self.answered)
        if has_sound and SynthesizeChunk.is_type(event.type):
            self.text_after_sound.append(event)

    def __str__(self) -> str:
        return f"{_line(self.asked)}  ->  {_line(self.answered)}"


class Recorder:
    """Pass connections on to the server on another port, and keep their events."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._listener: asyncio.Server | None = None
        self.conversations: list[Conversation] = []

    @property
    def port(self) -> int:
        """Where Home Assistant is to connect."""
        if self._listener is None:
            raise RuntimeError("the recorder was not started")
        return int(self._listener.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listen on loopback."""
        self._listener = await asyncio.start_server(self._connected, "127.0.0.1")

    def take(self) -> list[Conversation]:
        """Return the requests for speech since the last call."""
        taken, self.conversations = self.conversations, []
        return [
            one
            for one in taken
            if any(event.type.startswith("synthesize") for event in one.asked)
        ]

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        conversation = Conversation()
        self.conversations.append(conversation)
        server_reader, server_writer = await asyncio.open_connection(
            "127.0.0.1", self._behind
        )
        with contextlib.suppress(OSError):
            await asyncio.gather(
                _pass_on(reader, server_writer, conversation.note_asked),
                _pass_on(server_reader, writer, conversation.answered.append),
            )


async def _pass_on(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    note: Callable[[Event], None],
) -> None:
    frames = FrameReader(Limits())
    try:
        while received := await reader.read(65536):
            writer.write(received)
            await writer.drain()
            frames.feed(received)
            for event in frames.events():
                note(event)
    finally:
        writer.close()


def _line(events: list[Event]) -> str:
    """Write the types of events with their fields that are set, repeats as a number."""
    words = []
    for name, group in itertools.groupby(events, key=lambda event: event.type):
        same = list(group)
        keys = [key for key, value in same[0].data.items() if value is not None]
        words.append(
            name
            + (f"({', '.join(keys)})" if keys else "")
            + (f" x{len(same)}" if len(same) > 1 else "")
        )
    return ", ".join(words)
