"""A server program in a process of its own."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wyoming.client import AsyncTcpClient

from tests.support.harness import plain
from tests.support.real_client import DEADLINE_S, listen, sound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass
class Program:
    """The server program, and what it wrote to its log."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def wait_for(self, pattern: str) -> re.Match[str]:
        """Read the log until a line matches."""
        assert self.process.stderr is not None
        async with asyncio.timeout(DEADLINE_S):
            while line := (await self.process.stderr.readline()).decode():
                self.lines.append(line)
                match = re.search(pattern, line)
                if match:
                    return match
        raise AssertionError(f"No {pattern!r} in {self.lines}")

    async def wait_port(self) -> int:
        return int((await self.wait_for(r"Listening on tcp://[^:]*:(\d+)"))[1])

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def wait_exit(self) -> int:
        """Return the exit code; reads the rest of the log."""
        assert self.process.stderr is not None
        async with asyncio.timeout(DEADLINE_S):
            rest = (await self.process.stderr.read()).decode()
            self.lines += rest.splitlines(keepends=True)
            return await self.process.wait()


@asynccontextmanager
async def running(process: asyncio.subprocess.Process) -> AsyncIterator[Program]:
    """Yield a running server; at the end it must stop cleanly on SIGTERM."""
    program = Program(process)
    try:
        yield program
        assert process.returncode is None
        program.send(signal.SIGTERM)
        assert await program.wait_exit() == 0
        assert "Traceback" not in "".join(program.lines)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def speaks(program: Program) -> bool:
    """Return whether a server that is starting answers a sentence with sound."""
    port = await program.wait_port()
    async with AsyncTcpClient("127.0.0.1", port, read_timeout=DEADLINE_S) as client:
        for event in plain("Good morning."):
            await client.write_event(event)
        return len(sound(await listen(client, last="audio-stop"))) > 0
