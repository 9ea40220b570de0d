"""A stand-in model, and a server program in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.fake import FakeSynthesizer
from tests.support.programs import Program

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


@pytest.fixture
def fake() -> FakeSynthesizer:
    return FakeSynthesizer()


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
