"""The server as a program, and its figures from the system."""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ADDRESS = re.compile(rb"(?:Listening on tcp://|page is at http://)[^ ]*:(\d+)")
STOP_S = 15


@dataclass(frozen=True)
class State:
    """What a server holds on to."""

    memory_mb: float
    """Of its own: what would be free if it ended."""
    threads: int
    files: int
    sockets: int

    def __str__(self) -> str:
        held = f"{self.threads} threads, {self.files} files, {self.sockets} sockets"
        return f"{self.memory_mb:.0f} MB, {held}"


@dataclass(frozen=True)
class Usage:
    """Seconds that the threads of a process have been ..., since it began."""

    computing_s: float
    waiting_s: float
    """Ready to compute, while something else had the processor."""

    def since(self, other: Usage) -> Usage:
        """Return what was used in between."""
        return Usage(
            self.computing_s - other.computing_s, self.waiting_s - other.waiting_s
        )


class Server:
    """A server from its start to its end."""

    def __init__(
        self,
        words: list[str],
        *,
        program: Sequence[str] = (sys.executable, "-m", "wyoming_cosyvoice"),
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._words = words
        self._program = program
        self._environment = environment
        self._folder = folder
        self.wyoming_port = self.http_port = 0
        self.complaints: list[str] = []
        """Lines of its log that are errors, and what comes with them."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(*self._program, "serve"),
            *("--uri", "tcp://127.0.0.1:0", "--http", "127.0.0.1:0"),
            *self._words,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
            cwd=self._folder,
        )
        self._seen = psutil.Process(self._process.pid)
        ports: list[int] = []
        async for line in self._log:
            if match := _ADDRESS.search(line):
                ports.append(int(match[1]))
            if b"Ready to speak" in line:
                break
        else:
            raise SystemExit("The server ended before it was ready.")
        self.http_port, self.wyoming_port = ports
        self._reading = asyncio.create_task(self._read_log())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def _log(self) -> asyncio.StreamReader:
        if self._process.stderr is None:
            raise RuntimeError("its log is a pipe")
        return self._process.stderr

    async def _read_log(self) -> None:
        is_trouble = False
        async for raw in self._log:
            line = raw.decode(errors="replace").rstrip()
            if re.match(r"\d{4}-\d\d-\d\d ", line):
                is_trouble = " ERROR " in line or " CRITICAL " in line
            # A traceback follows its line, or is alone.
            if is_trouble or not re.match(r"\d{4}-\d\d-\d\d ", line):
                self.complaints.append(line)

    async def stop(self) -> int:
        """Ask it to stop; return its exit code.

        Raises: TimeoutError.
        """
        self._process.terminate()
        async with asyncio.timeout(STOP_S):
            code = await self._process.wait()
        await self._reading
        return code

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself."""
        return self._process.returncode is not None

    def state(self) -> State:
        """Return what it holds now."""
        links = [
            str(link.readlink())
            for link in Path(f"/proc/{self._process.pid}/fd").iterdir()
        ]
        sockets = sum(link.startswith("socket:") for link in links)
        return State(
            memory_mb=self._seen.memory_full_info().uss / 1e6,
            threads=self._seen.num_threads(),
            files=len(links) - sockets,
            sockets=sockets,
        )

    def peak_mb(self) -> float:
        """Return the most memory that it ever had, shared and mapped included."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6

    def usage(self) -> Usage:
        """Return how its threads have spent their time."""
        computing_ns = waiting_ns = 0
        for task in Path(f"/proc/{self._process.pid}/task").glob("*/schedstat"):
            running, waiting, _ = task.read_text().split()
            computing_ns += int(running)
            waiting_ns += int(waiting)
        return Usage(computing_ns / 1e9, waiting_ns / 1e9)
