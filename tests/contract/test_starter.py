"""The program with the voice that it ships, as language models stream text to it."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from wyoming.client import AsyncTcpClient

from tests.support.harness import stream
from tests.support.programs import Program, running
from tests.support.real_client import DEADLINE_S, listen, sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from wyoming.event import Event

pytestmark = [pytest.mark.ci, pytest.mark.asyncio(loop_scope="module")]


async def start(data: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", "serve", "--no-http"),
        *("--uri", "tcp://127.0.0.1:0", "--data-dir", str(data)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    data: Path = tmp_path_factory.mktemp("data")
    process = await start(data)
    async with running(process) as program:
        yield program


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(program: Program) -> int:
    return await program.wait_port()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Let me look it up, one moment please.", " It will rain tomorrow."),
        ("Let me look it up, one moment please. ", "It will rain tomorrow."),
        ("One moment please\r", "\nIt will rain tomorrow."),
        ("我帮您查一下明天的天气预报，请稍等。", "明天会下雨。"),
    ],
)
async def test_a_complete_sentence_is_spoken_before_more_text_arrives(
    port: int, first: str, second: str
) -> None:
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    start, chunk, *rest = stream(first, second)
    async with client:
        await client.write_event(start)
        await client.write_event(chunk)
        received = await listen(client, last="audio-chunk")
        for event in rest:
            await client.write_event(event)
        received += await listen(client, last="synthesize-stopped")
    types = [event.type for event in received]
    assert types.count("audio-start") == types.count("audio-stop") == 1
    assert "error" not in types
    seconds = len(sound(received)) / 2 / received[0].data["rate"]
    assert seconds > 2.0


async def say(port: int, *texts: str) -> list[Event]:
    async with AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S) as client:
        for event in stream(*texts):
            await client.write_event(event)
        return await listen(client, last="synthesize-stopped")


@pytest.mark.parametrize(
    "middle",
    [
        "Now playing 봄날 by BTS. ",
        "오늘은 비가 옵니다.",
        "Привет, мир. ",
        "สวัสดีครับ ",
    ],
)
async def test_what_cannot_be_read_is_skipped(
    program: Program, port: int, middle: str
) -> None:
    before = "The lights are on in the kitchen and in the hall. "
    after = "It is late, and everyone has gone to bed."
    rest = sound(await say(port, before, after))
    received = await say(port, before, middle, after)
    assert "error" not in [event.type for event in received]
    # Two sentences of about one length; how fast they are said is drawn by lot.
    assert len(sound(received)) > 0.75 * len(rest)
    warning = await program.wait_for("cannot read")
    assert "characters were skipped" in warning.string
    assert not any("봄날" in line for line in program.lines)


async def test_a_text_of_which_nothing_can_be_read_is_an_error(port: int) -> None:
    for text, offers in (("오늘은 비가 옵니다.", True), ("Привет, мир.", False)):
        received = await say(port, text)
        assert [e.type for e in received] == ["error", "synthesize-stopped"]
        assert received[0].data["code"] == "language-not-spoken"
        message = received[0].data["text"]
        assert ("CosyVoice-300M-SFT" in message) == offers
        assert ("web page" in message) == ("add-on" in message) == offers


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_in_time_while_it_speaks(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = await start(tmp_path)
    running = Program(process)
    try:
        port = await running.wait_port()
        client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
        async with client:
            for event in stream("One, two, three, four, five, six, seven. " * 50):
                await client.write_event(event)
            await listen(client, last="audio-chunk")
            began = time.monotonic()
            running.send(number)
            received = await listen(client, last=None)
            assert await process.wait() == 0
            took_s = time.monotonic() - began
        assert received[-1].type == "synthesize-stopped"
        assert took_s < 5, "a container is killed after ten seconds"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
