"""Clients of all kinds: those that wait, and those that disconnect."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.info import Describe, Info
from wyoming.tts import (
    Synthesize,
    SynthesizeChunk,
    SynthesizeStart,
    SynthesizeStop,
    SynthesizeStopped,
    SynthesizeVoice,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable

    from wyoming.event import Event

HALF = 0.5

HANG_S = 90.0
"""Longer than a request may wait for its turn (60 s): what comes later hangs."""

LONG = (
    "Good morning. The coffee is ready. There are three messages for you. "
    "The first one came at half past seven, and the bins have to be out by nine."
)
TEXTS = (
    LONG,
    "The door is open.",
    "It is 21.5°C in the living room, and the washing machine will be done at 14:30.",
    "客厅的灯已经关了。",
    "今天多云，最高气温二十六度，傍晚可能有阵雨，出门请带伞。晚上降到十八度。",
    "Turn on the 客厅 lamp.",
    "1. Milk\n2. **Bread**\n3. Eggs 🥚",
    "Yes.",
    "…",
    "",
)
UNHEARD = b'{"type": "synthesize", "data": {"text": "Nobody will hear this."}}\n'


class WrongAnswer(Exception):
    """The server answered, but not what it has to."""


class BusyAnswer(Exception):
    """The server is busy and said so."""


@dataclass
class Watch:
    """How long a client has waited, and when it waited longest."""

    began: float = field(default_factory=time.monotonic)
    first_s: float | None = None
    stall_s: float = 0.0
    stalled_at: float = 0.0
    """When the longest wait began."""

    def __post_init__(self) -> None:
        self._last = self.began

    def restart(self) -> None:
        """Start a new wait; the time before was spent by the client itself."""
        self._last = time.monotonic()

    def note(self) -> None:
        """Record that data arrived."""
        now = time.monotonic()
        if self.first_s is None:
            self.first_s = now - self.began
        if now - self._last > self.stall_s:
            self.stall_s, self.stalled_at = now - self._last, self._last
        self._last = now


class Clients:
    """What clients do with a server; each method is one of them, from start to end."""

    def __init__(self, wyoming_port: int, http_port: int, rng: random.Random) -> None:
        self._port = wyoming_port
        self._url = f"http://127.0.0.1:{http_port}"
        self._rng = rng
        self._voices: list[str] = []

    async def learn_voices(self) -> None:
        """Find out which voices can be asked for."""
        async with (
            self._session() as session,
            session.get(f"{self._url}/voices") as response,
        ):
            self._voices = [voice["id"] for voice in (await response.json())["voices"]]

    def kinds(self) -> dict[str, tuple[int, Callable[[Watch], Awaitable[None]]]]:
        """Return each kind of client, with how often it comes."""
        return {
            "wyoming, streamed": (5, self.stream),
            "wyoming, plain": (4, self.plain),
            "wyoming, describe": (3, self.describe),
            "wyoming, leaves": (2, self.leave),
            "wyoming, breaks off": (2, self.break_off),
            "http, whole": (3, self.whole),
            "http, streamed": (3, self.http_stream),
            "http, leaves": (2, self.http_leave),
            "http, looks": (2, self.look),
        }

    async def speak_all(self) -> None:
        """Speak each text with each voice, one after the other."""
        for name in self._voices:
            for text in TEXTS:
                voice = SynthesizeVoice(name=name)
                async with self._connected() as client:
                    await client.write_event(Synthesize(text=text, voice=voice).event())
                    await self._hear(client, Watch(), AudioStop.is_type, text)

    async def stream(self, watch: Watch) -> None:
        """Speak a text that comes in pieces, as Home Assistant does."""
        async with self._connected() as client:
            text = await self._send_stream(client, watch)
            await client.write_event(Synthesize(text=text).event())
            await client.write_event(SynthesizeStop().event())
            await self._hear(client, watch, SynthesizeStopped.is_type, text)

    async def plain(self, watch: Watch) -> None:
        """Speak a whole text."""
        text = self._rng.choice(TEXTS)
        async with self._connected() as client:
            await client.write_event(Synthesize(text=text, voice=self._voice()).event())
            await self._hear(client, watch, AudioStop.is_type, text)

    async def describe(self, watch: Watch) -> None:
        """Send ``describe``."""
        async with self._connected() as client:
            await client.write_event(Describe().event())
            event = await self._next(client, watch)
            if not Info.is_type(event.type) or not Info.from_event(event).tts:
                raise WrongAnswer(f"describe was answered by {event.type}")

    async def leave(self, watch: Watch) -> None:
        """Close the connection in the middle of a text or of its sound."""
        async with self._connected() as client:
            await self._send_stream(client, watch)
            # Without the end of the text the server may well wait for more of it.
            if self._rng.random() < HALF:
                return
            await client.write_event(SynthesizeStop().event())
            for _ in range(self._rng.randrange(4)):
                if SynthesizeStopped.is_type((await self._next(client, watch)).type):
                    return

    async def break_off(self, watch: Watch) -> None:
        """Disconnect abruptly while audio is being sent."""
        with socket.create_connection(("127.0.0.1", self._port)) as raw:
            raw.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(raw, UNHEARD)
            if self._rng.random() < HALF:
                async with asyncio.timeout(HANG_S):
                    await loop.sock_recv(raw, 4096)
                watch.note()
            # With nothing to wait for, closing resets the connection.
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async def whole(self, watch: Watch) -> None:
        """Request a whole file."""
        kind = self._rng.choice(["wav", "mp3", "opus"])
        async with self._post(format=kind) as response:
            await self._check(response)
            if len(await response.read()) < 500:  # noqa: PLR2004
                raise WrongAnswer(f"a {kind} file without sound")
            watch.note()

    async def http_stream(self, watch: Watch) -> None:
        """Request streamed audio."""
        received = 0
        async with self._post(stream=True, format="pcm") as response:
            await self._check(response)
            async for piece in response.content.iter_any():
                watch.note()
                received += len(piece)
        if received < 2000:  # noqa: PLR2004
            raise WrongAnswer(f"{received} bytes of sound")

    async def http_leave(self, watch: Watch) -> None:
        """Close the connection during the audio, or before it."""
        async with self._post(stream=True) as response:
            await self._check(response)
            if self._rng.random() < HALF:
                await response.content.readany()
                watch.note()

    async def look(self, watch: Watch) -> None:
        """Ask for the lists and figures."""
        path = self._rng.choice(["/voices", "/health", "/metrics", "/models", "/"])
        async with (
            self._session() as session,
            session.get(self._url + path) as response,
        ):
            await self._check(response)
            await response.read()
            watch.note()

    async def open_requests(self) -> int:
        """Return how many requests the server works on."""
        async with (
            self._session() as session,
            session.get(f"{self._url}/health") as response,
        ):
            return int((await response.json())["open_requests"])

    def _voice(self) -> SynthesizeVoice | None:
        name = self._rng.choice([*self._voices, None])
        return SynthesizeVoice(name=name) if name else None

    @contextlib.asynccontextmanager
    async def _connected(self):  # noqa: ANN202
        async with asyncio.timeout(HANG_S):
            client = AsyncTcpClient("127.0.0.1", self._port)
            await client.connect()
        try:
            yield client
        finally:
            with contextlib.suppress(OSError):
                await client.disconnect()

    async def _send_stream(self, client: AsyncTcpClient, watch: Watch) -> str:
        text = self._rng.choice(TEXTS)
        await client.write_event(SynthesizeStart(voice=self._voice()).event())
        size = self._rng.choice([3, 20, 1000])
        for start in range(0, len(text), size):
            piece = text[start : start + size]
            await client.write_event(SynthesizeChunk(text=piece).event())
            await asyncio.sleep(self._rng.choice([0, 0, 0.02]))
        watch.restart()
        return text

    async def _next(self, client: AsyncTcpClient, watch: Watch) -> Event:
        async with asyncio.timeout(HANG_S):
            event = await client.read_event()
        if event is None:
            raise WrongAnswer("the connection was closed without an answer")
        watch.note()
        if Error.is_type(event.type):
            if event.data.get("code") == "busy":
                raise BusyAnswer
            raise WrongAnswer(f"error: {event.data}")
        return event

    async def _hear(
        self,
        client: AsyncTcpClient,
        watch: Watch,
        is_end: Callable[[str], bool],
        text: str,
    ) -> None:
        received, is_open = 0, False
        while True:
            event = await self._next(client, watch)
            if AudioStart.is_type(event.type):
                is_open = True
            elif AudioChunk.is_type(event.type):
                if not is_open:
                    raise WrongAnswer("sound before its start")
                received += len(event.payload or b"")
            if is_end(event.type):
                break
        if any(map(str.isalnum, text)) and received < 2000:  # noqa: PLR2004
            raise WrongAnswer(f"{received} bytes of sound for {text!r}")

    def _session(self) -> aiohttp.ClientSession:
        timeout = aiohttp.ClientTimeout(sock_read=HANG_S, sock_connect=HANG_S)
        return aiohttp.ClientSession(timeout=timeout)

    @contextlib.asynccontextmanager
    async def _post(self, **fields: object):  # noqa: ANN202
        spoken = [text for text in TEXTS if any(map(str.isalnum, text))]
        body = {"text": self._rng.choice(spoken), **fields}
        if voice := self._rng.choice([*self._voices, None]):
            body["voice"] = voice
        async with (
            self._session() as session,
            session.post(f"{self._url}/tts", json=body) as response,
        ):
            yield response

    @staticmethod
    async def _check(response: aiohttp.ClientResponse) -> None:
        if response.status == 503:  # noqa: PLR2004
            raise BusyAnswer
        if not response.ok:
            raise WrongAnswer(f"{response.status}: {await response.text()}")
