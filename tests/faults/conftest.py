"""A stand-in model, and a server program in a process of its own."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.contract.fake import DEADLINE_S, FakeSynthesizer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


@pytest.fixture
def fake() -> FakeSynthesizer:
    return FakeSynthesizer()


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
    """Give a server that was started; at the end it must stop cleanly when told to."""
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


StartProgram = "Callable[..., Awaitable[Program]]"


@pytest.fixture
async def start_program() -> AsyncIterator[Callable[..., Awaitable[Program]]]:
    """Start the program with flags; what still runs at the end is killed."""
    programs: list[Program] = []

    async def start(*flags: str) -> Program:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.program", *flags),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        programs.append(Program(process))
        return programs[-1]

    yield start
    for program in programs:
        if program.process.returncode is None:
            program.process.kill()
            await program.process.wait()
