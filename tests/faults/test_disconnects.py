"""Clients that leave, never read, or come in crowds."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from typing import TYPE_CHECKING

import pytest
from wyoming.event import Event
from wyoming.info import Describe
from wyoming.tts import SynthesizeChunk, SynthesizeStart, SynthesizeStop

from tests.support.fake import DEADLINE_S, VOICES, FakeSynthesizer
from tests.support.harness import listen, plain, play, render, serving, stream, until
from wyoming_cosyvoice.config import Limits
from wyoming_cosyvoice.server.wyoming.wire import encode_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.ci


class RawClient:
    """A client whose socket the test controls."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)

    def send(self, *events: Event) -> None:
        for event in events:
            self.socket.sendall(encode_event(event))

    def fin(self) -> None:
        """Leave as a program does that read everything: the usual end."""
        self.socket.close()

    def reset(self) -> None:
        """Leave as a program does that crashed."""
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()

    def half_close_and_reset(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)
        self.reset()


LEAVE: list[Callable[[RawClient], None]] = [
    RawClient.fin,
    RawClient.reset,
    RawClient.half_close_and_reset,
]
WAYS = pytest.mark.parametrize("leave", LEAVE, ids=lambda leave: leave.__name__)
MODES = pytest.mark.parametrize("is_stream", [False, True], ids=["plain", "stream"])


@pytest.fixture(autouse=True)
def every_error_is_retrieved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what asyncio does about errors that nobody retrieved.

    A protocol that is deleted retrieves the error of its connection, but in a cycle of
    references its future may be deleted first, and logs "never retrieved".
    """
    monkeypatch.delattr(asyncio.StreamReaderProtocol, "__del__", raising=False)


@WAYS
@MODES
@pytest.mark.parametrize("pieces", [0, 1, 4])
async def test_work_for_a_client_that_left_stops_at_the_next_look(
    fake: FakeSynthesizer,
    leave: Callable[[RawClient], None],
    pieces: int,
    is_stream: bool,
) -> None:
    """The model is not let on: only the cancel can end its wait."""
    async with serving(lambda: fake, VOICES) as running:
        fake.pace.hold()
        fake.pace.allow(pieces)
        client = RawClient(running.port)
        text = "One. Two. Three."
        client.send(*(stream(text) if is_stream else plain(text)))
        sentence = "Two" if pieces > 3 else "One"
        await fake.log.wait_for(f"begin {sentence}")
        leave(client)
        await fake.log.wait_for(f"closed {sentence}")
        assert f"end {sentence}" not in fake.log.entries

        fake.pace.release()
        received = await play(running.port, plain("Next."), last="audio-stop")
        assert received.pcm == render(fake, "Next.")
        assert "begin Three" not in fake.log.entries


@WAYS
async def test_client_that_leaves_while_it_waits_is_never_spoken_to(
    fake: FakeSynthesizer, leave: Callable[[RawClient], None]
) -> None:
    async with serving(lambda: fake, VOICES) as running:
        fake.pace.hold()
        first = asyncio.create_task(
            play(running.port, plain("One."), last="audio-stop")
        )
        await fake.log.wait_for("begin One")
        client = RawClient(running.port)
        client.send(*plain("Two."))
        client.send(Describe().event())
        await asyncio.to_thread(client.socket.recv, 1)
        await until(lambda: running.engine.open_speeches == 2)
        leave(client)
        await until(lambda: running.server.open_connections == 1)
        fake.pace.release()
        assert (await first).pcm == render(fake, "One.")
        assert "begin Two" not in fake.log.entries


@WAYS
async def test_client_that_leaves_in_the_midst_of_its_text(
    fake: FakeSynthesizer, leave: Callable[[RawClient], None]
) -> None:
    async with serving(lambda: fake, VOICES) as running:
        fake.pace.hold()
        client = RawClient(running.port)
        client.send(SynthesizeStart().event(), SynthesizeChunk("One. Tw").event())
        await fake.log.wait_for("begin One")
        leave(client)
        await fake.log.wait_for("closed One")
        fake.pace.release()


async def test_client_that_leaves_while_the_model_loads(fake: FakeSynthesizer) -> None:
    def load() -> FakeSynthesizer:
        fake.pace.take(None)
        return fake

    fake.pace.hold()
    async with serving(load, VOICES) as running:
        client = RawClient(running.port)
        client.send(*plain("One."))
        client.reset()
        fake.pace.release()
        received = await play(running.port, plain("Two."), last="audio-stop")
        assert received.pcm == render(fake, "Two.")


@WAYS
async def test_connect_and_drop(
    fake: FakeSynthesizer, leave: Callable[[RawClient], None]
) -> None:
    """Nothing is left of clients that came for nothing."""
    async with serving(lambda: fake, VOICES) as running:
        await play(running.port, [Describe().event()], last="info")
        files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for number in range(100):
            client = RawClient(running.port)
            if number % 2:
                client.send(*stream("One.")[: number % 4])
            leave(client)
            # The server shares our event loop and has to get its turn
            await asyncio.sleep(0)
        await until(lambda: running.server.open_connections == 0)
        received = await play(running.port, plain("Two."), last="audio-stop")
        assert received.pcm == render(fake, "Two.")
        assert len(os.listdir("/proc/self/fd")) <= files + 1  # noqa: PTH208


async def test_client_that_never_reads(fake: FakeSynthesizer) -> None:
    """Little is made ahead of it, others are served, and it is put out in the end."""
    limits = Limits(buffered_s=0.5, write_s=0.5)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        client = RawClient(running.port)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.send(*plain("Long. " * 1000))
        await fake.log.wait_for("begin Long", times=5)
        received = await play(running.port, plain("Short."), last="audio-stop")
        assert received.pcm == render(fake, "Short.")
        await until(lambda: running.server.open_connections == 0)
        assert fake.log.entries.count("begin Long") < 1000
        client.fin()


async def test_client_that_never_reads_its_pongs(fake: FakeSynthesizer) -> None:
    async with serving(lambda: fake, VOICES, limits=Limits(write_s=0.2)) as running:
        client = RawClient(running.port)
        client.socket.setblocking(False)
        ping = encode_event(Event("ping", {"text": "x" * 20_000}))
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(DEADLINE_S):
                while True:
                    with contextlib.suppress(BlockingIOError):
                        client.socket.send(ping)
                    await asyncio.sleep(0)
        client.fin()
        received = await play(running.port, plain("Short."), last="audio-stop")
        assert received.pcm == render(fake, "Short.")


async def test_client_that_drips_bytes(fake: FakeSynthesizer) -> None:
    """A frame has a deadline as a whole, not per byte."""
    async with serving(lambda: fake, VOICES, limits=Limits(frame_s=0.3)) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        received = asyncio.create_task(listen(reader, last=None))
        for byte in b'{"type": "describe", "data": {"a": "' + b"x" * 10_000:
            if received.done():
                break
            writer.write(bytes([byte]))
            await asyncio.wait((received,), timeout=0.01)
        else:
            raise AssertionError("The server takes a frame for ever.")
        assert (await received).error_code == "protocol-error"
        writer.close()


async def test_idle_client_is_put_out_quietly(fake: FakeSynthesizer) -> None:
    async with serving(lambda: fake, VOICES, limits=Limits(idle_s=0.3)) as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(encode_event(plain("One.")[0]))
        received = await listen(reader, last=None)
        assert received.types == ["audio-start", "audio-chunk", "audio-stop"]
        writer.close()


async def test_waiting_for_an_answer_is_not_idle(fake: FakeSynthesizer) -> None:
    async with serving(lambda: fake, VOICES, limits=Limits(idle_s=0.1)) as running:
        fake.pace.hold()
        asyncio.get_running_loop().call_later(0.4, fake.pace.release)
        received = await play(running.port, plain("One."), last="audio-stop")
        assert received.pcm == render(fake, "One.")


@contextlib.contextmanager
def crowd(port: int, size: int) -> Iterator[list[RawClient]]:
    clients = [RawClient(port) for _ in range(size)]
    try:
        yield clients
    finally:
        for client in clients:
            client.fin()


@pytest.mark.parametrize(
    "limits",
    [
        Limits(connections=5),
        Limits(connections_per_address=5),
    ],
    ids=["per listener", "per address"],
)
async def test_one_client_too_many_is_turned_away(
    fake: FakeSynthesizer, limits: Limits
) -> None:
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        with crowd(running.port, 5) as clients:
            await until(lambda: running.server.open_connections == 5)
            received = await play(running.port, [], last=None)
            assert (received.types, received.error_code) == (["error"], "busy")
            # Those who are in are served
            clients[0].send(Describe().event())
            assert await asyncio.to_thread(clients[0].socket.recv, 1)
        await until(lambda: running.server.open_connections == 0)
        received = await play(running.port, plain("One."), last="audio-stop")
        assert received.pcm == render(fake, "One.")


async def test_no_job_is_lost_when_one_too_many_is_refused(
    fake: FakeSynthesizer,
) -> None:
    limits = Limits(waiting=8)
    async with serving(lambda: fake, VOICES, limits=limits) as running:
        fake.pace.hold()
        texts = [f"Job {number}." for number in range(9)]
        jobs = [
            asyncio.create_task(play(running.port, plain(text), last="audio-stop"))
            for text in texts
        ]
        await until(lambda: running.engine.open_speeches == 9)
        refused = await play(running.port, plain("Tenth."), last=None)
        assert (refused.types, refused.error_code) == (["error"], "busy")
        fake.pace.release()
        for text, received in zip(texts, await asyncio.gather(*jobs), strict=True):
            assert received.pcm == render(fake, text)


async def test_stop_right_after_start(fake: FakeSynthesizer) -> None:
    """A stream that is taken back at once costs the model nothing."""
    async with serving(lambda: fake, VOICES) as running:
        frames = [SynthesizeStart().event(), SynthesizeStop().event()]
        received = await play(running.port, frames, last="synthesize-stopped")
        assert received.types[-1] == "synthesize-stopped"
        assert not [entry for entry in fake.log.entries if entry[:5] == "begin"]
