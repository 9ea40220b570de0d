"""The program with the voice that it ships, as language models stream text to it."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from wyoming.client import AsyncTcpClient

from tests.contract.harness import stream
from tests.contract.test_real_model import DEADLINE_S, listen, sound
from tests.faults.conftest import Program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    data: Path = tmp_path_factory.mktemp("data")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wyoming_cosyvoice", "serve", "--no-http"),
        *("--uri", "tcp://127.0.0.1:0", "--data-dir", str(data)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Program(process)
    try:
        yield running
        running.send(signal.SIGTERM)
        assert await running.wait_exit() == 0
        assert "Traceback" not in "".join(running.lines)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


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
async def test_a_complete_sentence_is_heard_before_more_text_comes(
    port: int, first: str, second: str
) -> None:
    client = AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S)
    start, chunk, *rest = stream(first, second)
    async with client:
        await client.write_event(start)
        await client.write_event(chunk)
        heard = await listen(client, last="audio-chunk")
        for event in rest:
            await client.write_event(event)
        heard += await listen(client, last="synthesize-stopped")
    types = [event.type for event in heard]
    assert types.count("audio-start") == types.count("audio-stop") == 1
    assert "error" not in types
    seconds = len(sound(heard)) / 2 / heard[0].data["rate"]
    assert seconds > 2.0
