"""Two servers behind a real HAProxy with the configuration of the documents."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import socket
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from wyoming.audio import AudioChunk, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart

from tests.support import ROOT
from tests.support.release import write_tiny_release
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.errors import ServerUnreachable
from wyoming_cosyvoice.server.wyoming.health import health_check

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin")
DEADLINE_S = 60

pytestmark = [
    pytest.mark.ci,
    pytest.mark.skipif(HAPROXY is None, reason="haproxy is not installed"),
]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scaling")
    release = write_tiny_release(folder / "release")
    return convert(release, folder / "tiny", name="tiny").directory


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            for _ in range(count)
        ]
        return [one.getsockname()[1] for one in sockets]


class House:
    """Two servers and the balancer."""

    def __init__(self, model: Path, folder: Path) -> None:
        ports = free_ports(6)
        self.wyoming, self.http = ports[:2]
        self.servers = [ports[2:4], ports[4:6]]
        self.processes: list[asyncio.subprocess.Process] = []
        self._model, self._folder = model, folder

    async def start(self) -> None:
        for number in range(len(self.servers)):
            await self.start_server(number)
        for _, http in self.servers:
            await self.healthy(http)
        await self._run(str(HAPROXY), "-db", "-f", str(self._configuration()))
        await self.balanced()

    async def start_server(self, number: int) -> None:
        wyoming, http = self.servers[number]
        await self._run(
            *(sys.executable, "-m", "wyoming_cosyvoice", "serve"),
            *("--model", str(self._model), "--threads", "1"),
            *("--data-dir", str(self._folder)),
            *("--uri", f"tcp://127.0.0.1:{wyoming}"),
            *("--http", f"127.0.0.1:{http}"),
        )

    async def stop(self) -> None:
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def balanced(self) -> None:
        """Wait until the balancer passes on clients of both kinds."""
        await self.healthy(self.http)
        async with asyncio.timeout(DEADLINE_S):
            while True:
                with contextlib.suppress(ServerUnreachable):
                    await health_check(f"tcp://127.0.0.1:{self.wyoming}", DEADLINE_S)
                    return
                await asyncio.sleep(0.1)

    def _configuration(self) -> Path:
        """Write the example with this test's addresses, and nothing else changed."""
        text = (ROOT / "docs/examples/haproxy.cfg").read_text(encoding="utf-8")
        changes = {
            "bind :10200": f"bind 127.0.0.1:{self.wyoming}",
            "bind :8080": f"bind 127.0.0.1:{self.http}",
            " check port 8080 ": " check ",
        }
        for number, (wyoming, http) in enumerate(self.servers, 1):
            address = f"192.0.2.1{number}"
            changes[f"{address}:10200"] = f"127.0.0.1:{wyoming} port {http}"
            changes[f"{address}:8080"] = f"127.0.0.1:{http}"
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        path = self._folder / "haproxy.cfg"
        path.write_text(text, encoding="utf-8")
        return path

    async def _run(self, *command: str) -> None:
        quiet = asyncio.subprocess.DEVNULL
        self.processes.append(
            await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, stdout=quiet, stderr=quiet
            )
        )

    async def healthy(self, port: int) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while await asyncio.to_thread(status, port) != 200:
                assert all(one.returncode is None for one in self.processes)
                await asyncio.sleep(0.1)


def status(port: int) -> int:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/health", timeout=5
        ) as answer:
            return int(json.load(answer)["status"] == "ready") * 200
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.fixture
async def house(tiny_model: Path, tmp_path: Path) -> AsyncIterator[House]:
    house = House(tiny_model, tmp_path)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()


async def speak(port: int) -> int:
    """Return the bytes of a whole answer."""
    received = 0
    async with asyncio.timeout(DEADLINE_S), AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Synthesize(text="Good evening.").event())
        while event := await client.read_event():
            if AudioStop.is_type(event.type):
                return received
            assert event.type != "error", event.data
            if AudioChunk.is_type(event.type):
                received += len(event.payload or b"")
    raise AssertionError(f"the connection ended after {received} bytes")


async def begin_stream(port: int) -> AsyncTcpClient:
    """Return a client of an open stream that already got sound."""
    client = AsyncTcpClient("127.0.0.1", port)
    await client.connect()
    await client.write_event(SynthesizeStart().event())
    text = "This is the first sentence of many. And this is another one. "
    await client.write_event(SynthesizeChunk(text=text).event())
    async with asyncio.timeout(DEADLINE_S):
        while event := await client.read_event():
            if AudioChunk.is_type(event.type):
                return client
    raise AssertionError("the stream ended without sound")


async def refused(port: int) -> None:
    """Wait until a port refuses connections."""
    async with asyncio.timeout(DEADLINE_S):
        with contextlib.suppress(ConnectionError):
            while True:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()


async def read_to_the_end(client: AsyncTcpClient) -> None:
    async with asyncio.timeout(DEADLINE_S):
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await client.read_event():
                pass
    await client.disconnect()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_new_requests_succeed_when_a_server_ends_during_a_stream(
    house: House, number: signal.Signals
) -> None:
    # One stream on each: least connections gives the second to the other server.
    streams = [await begin_stream(house.wyoming) for _ in range(2)]
    house.processes[0].send_signal(number)
    await refused(house.servers[0][0])
    sounds = await asyncio.gather(*(speak(house.wyoming) for _ in range(6)))
    assert min(sounds) > 0
    await house.processes[0].wait()
    assert await speak(house.wyoming) > 0
    assert await asyncio.to_thread(status, house.http) == 200
    assert house.processes[1].returncode is None
    house.processes[1].kill()
    for stream in streams:
        await read_to_the_end(stream)


async def test_a_server_that_comes_back_is_used_again(house: House) -> None:
    for process in house.processes[:2]:
        process.kill()
        await process.wait()
    assert await asyncio.to_thread(status, house.http) != 200
    house.processes = house.processes[2:]
    await house.start_server(0)
    await house.balanced()
    assert await speak(house.wyoming) > 0
