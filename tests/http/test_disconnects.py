"""Crowds of clients that cut their connections, at every stage of every request.

Afterwards nothing of them is left: no open file, task, connection or place in the
queue; and the next client is served as if it were the first.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import logging
import os
import re
import socket
import struct
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.cloning_fake import ListeningFake
from tests.support.fake import DEADLINE_S
from tests.support.harness import SEED, Tracebacks, render, until
from tests.support.http_server import Serving
from tests.support.recordings import wav
from wyoming_cosyvoice.config import Config, HttpConfig, Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.server.http import HttpServer
from wyoming_cosyvoice.user_voices.sync import UserVoices

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

pytestmark = pytest.mark.ci

CLIENTS = 48
"""Of each kind."""


def post(path: str, **fields: object) -> bytes:
    body = json.dumps(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


TEXT = "One. Two. Three."
REQUESTS = {
    "tts": post("/tts", text=TEXT),
    "tts stream": post("/tts", text=TEXT, stream=True),
    "tts mp3": post("/tts", text=TEXT, stream=True, format="mp3"),
    "openai": post("/v1/audio/speech", input=TEXT, response_format="flac"),
    "openai events": post("/v1/audio/speech", input=TEXT, stream_format="sse"),
    "voice": post("/voices", name="Ann", recording=base64.b64encode(wav()).decode()),
    "borrowed voice": post(
        "/tts", text=TEXT, reference_audio=base64.b64encode(wav()).decode()
    ),
    "page": get("/"),
    "script": get("/static/i18n.js"),
    "figures": get("/metrics"),
}


def reset(client: socket.socket) -> None:
    """Leave as a program does that crashed."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def _threads() -> list[str]:
    """Name the threads, of a pool's only the first.

    A pool starts its further threads, up to its own limit, whenever two jobs meet.
    """
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if not re.search(r"_[1-9]\d*$", name)]


class Server(Serving):
    """A server, and what it holds on to."""

    def __init__(self, server: HttpServer, engine: Engine, problems: list[str]) -> None:
        super().__init__(server, engine)
        self.problems = problems

    def holds(self) -> dict[str, int]:
        """Return how much is open, after what is garbage was put away."""
        gc.collect()
        return {
            "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
            "tasks": len(asyncio.all_tasks()),
            "threads": len(_threads()),
        }

    async def come_to_rest(self) -> None:
        await until(lambda: self.engine.open_speeches == 0)
        await until(lambda: self.server.open_connections == 0)
        # A reading of the data folder has a thread of its own, which ends with it.
        await until(lambda: "files" not in {one.name for one in threading.enumerate()})

    async def visit(
        self, request: bytes, *, sent: int, received: int, leave: Callable[..., None]
    ) -> None:
        """Send a part of a request, take a part of the answer, and leave."""
        loop = asyncio.get_running_loop()
        client = socket.socket()
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with asyncio.timeout(DEADLINE_S):
            await loop.sock_connect(client, ("127.0.0.1", self.server.port))
            await loop.sock_sendall(client, request[:sent])
            while received > 0:
                received -= len(await loop.sock_recv(client, received))
        leave(client)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Server, ListeningFake]]:
    fake = ListeningFake()
    problems: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: problems.append(str(context)))
    noticed = Tracebacks(problems)
    logging.getLogger("wyoming_cosyvoice").addHandler(noticed)
    logging.getLogger("aiohttp").addHandler(noticed)
    engine = Engine(
        lambda: fake, fake.voices, limits=Limits(), defaults=SpeechConfig(seed=SEED)
    )
    await engine.start()
    own = UserVoices(engine, tmp_path / "voices")
    own.start()
    server = HttpServer(engine, Config(), HttpConfig(port=0), user_voices=own)
    await server.start()
    http = Server(server, engine, problems)
    try:
        yield http, fake
    finally:
        await http.session.close()
        await own.stop()
        await server.stop()
        await engine.stop(wait_s=DEADLINE_S)
        for name in ("wyoming_cosyvoice", "aiohttp"):
            logging.getLogger(name).removeHandler(noticed)
    assert problems == []


async def check_speaks(http: Server, fake: ListeningFake) -> None:
    """Ask on a connection of its own, which is closed again."""
    headers = {"Connection": "close"}
    async with http.session.post(
        "/tts", json={"text": "Next."}, headers=headers
    ) as answer:
        assert (await answer.read())[44:] == render(fake, "Next.")


async def until_equal(
    holds: Callable[[], dict[str, int]], before: dict[str, int]
) -> None:
    """Let the event loop close what is closing; then all must be as it was."""
    for _ in range(100):
        if holds() == before:
            return
        await asyncio.sleep(0.01)
    assert holds() == before


@pytest.mark.parametrize("name", REQUESTS)
async def test_nothing_is_left_of_who_leaves(
    served: tuple[Server, ListeningFake], name: str
) -> None:
    http, fake = served
    request = REQUESTS[name]
    # Once as it should be: threads and caches that stay are there from then on.
    await check_speaks(http, fake)
    await http.visit(request, sent=len(request), received=20, leave=reset)
    await http.come_to_rest()
    before = http.holds()
    whole = len(request)
    stages = (
        (0, 0),
        (10, 0),
        (whole - 1, 0),  # before the last byte
        (whole, 0),  # before the answer
        (whole, 12),  # in the status line
        (whole, 400),  # in the midst of it
    )
    for number in range(CLIENTS // len(stages)):
        # Some at once, as many as a queue has places, and some one by one
        leave = reset if number % 4 < 2 else socket.socket.close
        visits = [
            http.visit(request, sent=sent, received=received, leave=leave)
            for sent, received in stages
        ]
        if number % 2:
            await asyncio.gather(*visits)
        else:
            for visit in visits:
                await visit
    await http.come_to_rest()
    await check_speaks(http, fake)
    await http.come_to_rest()
    await until_equal(http.holds, before)


async def test_nothing_is_left_of_a_mixed_crowd(
    served: tuple[Server, ListeningFake],
) -> None:
    """Everyone at once, more than there are places: some are refused, all leave."""
    http, fake = served
    await check_speaks(http, fake)
    for request in REQUESTS.values():
        await http.visit(request, sent=len(request), received=20, leave=reset)
    await http.come_to_rest()
    before = http.holds()
    fake.pace.hold()
    visits = [
        asyncio.create_task(
            http.visit(request, sent=len(request), received=0, leave=reset)
        )
        for _ in range(10)
        for request in REQUESTS.values()
    ]
    await asyncio.gather(*visits)
    await http.come_to_rest()
    fake.pace.release()
    await check_speaks(http, fake)
    await http.come_to_rest()
    await until_equal(http.holds, before)
