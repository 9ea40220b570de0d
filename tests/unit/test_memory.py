"""Memory: untouched zeros; pages of networks that run once are let go."""

from __future__ import annotations

import mmap
import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from wyoming_cosyvoice.features.recording import longest_s
from wyoming_cosyvoice.machine import memory
from wyoming_cosyvoice.machine.memory import (
    limit_resident_pages,
    trim_heap,
    untouched_zeros,
)

SIZE = 8 << 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "network.weights"
    path.write_bytes(os.urandom(SIZE))
    return path


def resident_kb(path: Path) -> int:
    lines = memory._SMAPS.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.endswith(f" {path}"))
    return next(int(line.split()[1]) for line in lines[at:] if line.startswith("Rss:"))


def test_pages_that_were_read_are_let_go_while_it_runs(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_INTERVAL_S", 0.001)
    with file.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    before = mapped[:]
    assert resident_kb(file) >= SIZE >> 10
    with limit_resident_pages(file):
        wait = threading.Event()
        for _ in range(10_000):
            if resident_kb(file) == 0:
                break
            wait.wait(0.001)
        assert resident_kb(file) == 0
    assert mapped[:] == before
    assert resident_kb(file) >= SIZE >> 10
    assert "pages" not in {thread.name for thread in threading.enumerate()}
    mapped.close()


def test_what_was_written_to_is_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_INTERVAL_S", 0.001)
    with file.open("rb") as opened:
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    mapped[5000:5004] = b"ours"
    assert list(memory._clean_ranges(file)) == []
    with limit_resident_pages(file):
        trim_heap()
    assert mapped[5000:5004] == b"ours"
    mapped.close()


_FREE_BETWEEN_SMALL_ONES = """
import ctypes, pathlib, sys
from wyoming_cosyvoice.machine.memory import map_large_blocks

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = (ctypes.c_void_p,)
if sys.argv[1] == "map":
    map_large_blocks()
libc.free(libc.malloc(30 << 20))  # glibc takes it for the usual size from now on
blocks = []
for _ in range(20):
    blocks.append(libc.malloc(2 << 20))
    ctypes.memset(blocks[-1], 1, 2 << 20)
    ctypes.memset(libc.malloc(64), 1, 64)
for block in blocks[:-1]:
    libc.free(block)
status = pathlib.Path("/proc/self/status").read_text()
print(status.split("RssAnon:")[1].split()[0])
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="about the allocator of glibc"
)
def test_large_blocks_go_back_when_they_are_freed() -> None:
    resident_mb = {}
    for how in ("leave", "map"):
        command = [sys.executable, "-c", _FREE_BETWEEN_SMALL_ONES, how]
        made = subprocess.run(command, check=True, capture_output=True, text=True)
        resident_mb[how] = int(made.stdout) // 1024
    # 19 blocks of 2 MB between small ones.
    assert resident_mb["leave"] - resident_mb["map"] in range(36, 41)


def test_a_file_that_is_not_mapped_costs_nothing(file: Path) -> None:
    with limit_resident_pages(file):
        assert "pages" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    ("available_mb", "seconds"),
    [(None, 30), (8000, 30), (1000, 30), (999, 15), (500, 15), (499, 10), (0, 10)],
)
def test_little_memory_uses_shorter_recordings(
    available_mb: int | None, seconds: float
) -> None:
    assert longest_s(available_mb) == seconds


def own_kb() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(each for each in status.splitlines() if each.startswith("RssAnon"))
    return int(line.split()[1])


def test_zeros_take_memory_only_where_they_are_written() -> None:
    shape = (4, 16, 512, 64)  # one tensor of the cache of CosyVoice-300M
    size_kb = 4 * 4 * 16 * 512 * 64 >> 10
    # glibc keeps what an earlier sentence has freed, from the second time on.
    for _ in range(2):
        earlier = [np.ones(shape, np.float32) for _ in range(8)]
        above = np.ones(10_000)
        del earlier
    trim_heap()
    before = own_kb()
    caches = [untouched_zeros(shape) for _ in range(8)]
    assert own_kb() - before < size_kb
    for cache in caches:
        cache[0] = 1
    assert own_kb() - before < 3 * size_kb
    assert all((cache[0] == 1).all() and not cache[1:].any() for cache in caches)
    del above


def test_zeros_may_be_none() -> None:
    assert untouched_zeros((2, 0, 3)).shape == (2, 0, 3)
