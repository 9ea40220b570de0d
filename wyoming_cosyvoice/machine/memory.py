"""Memory: what is available, what this process uses, and how to use less.

All of it is for Linux, ``map_large_blocks``, ``trim_heap`` and ``limit_resident_pages``
for glibc, as in our images; elsewhere amounts are unknown and these three do nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import mmap
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_INTERVAL_S = 0.05
_DONT_NEED = 4
_SMAPS = Path("/proc/self/smaps")
_STATUS = Path("/proc/self/status")
_CLEAR_REFS = Path("/proc/self/clear_refs")
_PEAK = "5"
_MMAP_THRESHOLD = -3  # of mallopt
_LARGE_BYTES = 1 << 20
_MEMINFO = Path("/proc/meminfo")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def available_mb(meminfo: Path = _MEMINFO, limit: Path = _CGROUP_LIMIT) -> int | None:
    """Return the available memory in megabytes; None if unknown.

    In a container it is its limit, if that is lower than the free memory.
    """
    available = _read_bytes(meminfo, "MemAvailable")
    if available is None:
        return None
    # Not a container, or one without a limit ("max"), says nothing more.
    with contextlib.suppress(OSError, ValueError):
        available = min(available, int(limit.read_text(encoding="ascii")))
    return available // 1_000_000


def resident_bytes() -> int:
    """Return the memory of this process, mapped files included; 0 if unknown."""
    return _read_bytes(_STATUS, "VmRSS") or 0


def peak_resident_bytes() -> int:
    """Return the peak since the start or since ``reset_peak``; 0 if unknown."""
    return _read_bytes(_STATUS, "VmHWM") or 0


def reset_peak() -> None:
    """Set the peak to the memory used now."""
    _CLEAR_REFS.write_text(_PEAK, encoding="ascii")


def untouched_zeros(
    shape: tuple[int, ...], dtype: np.dtype[Any] | type[np.generic] = np.float32
) -> NDArray[Any]:
    """Return zeros that take physical memory only where they are written.

    ``numpy.zeros`` takes what glibc has freed before, and then writes all of it.
    """
    count = math.prod(shape)
    pages = mmap.mmap(-1, max(1, count * np.dtype(dtype).itemsize))
    return np.frombuffer(pages, dtype, count).reshape(shape)


def map_large_blocks() -> None:
    """Let blocks from 1 MB on return to the system as soon as they are freed.

    They get a mapping each. By itself glibc raises that limit up to 32 MB, to the
    largest block that was freed; such blocks then lie between small ones in the heaps
    of the threads, which cannot shrink: 40 to 65 MB after a recording of 30 s.
    The variable MALLOC_MMAP_THRESHOLD_ of glibc has precedence.
    """
    option = getattr(_libc(), "mallopt", None)
    if option is not None and "MALLOC_MMAP_THRESHOLD_" not in os.environ:
        option(_MMAP_THRESHOLD, _LARGE_BYTES)


def trim_heap() -> None:
    """Return freed memory, which glibc keeps for later, to the system."""
    trim = getattr(_libc(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@contextlib.contextmanager
def limit_resident_pages(path: Path) -> Iterator[None]:
    """Keep the resident pages of memory-mapped weights few.

    A network that runs once reads each weight once, but all pages read stay resident
    until it is closed: 500 MB for a speech tokenizer. Here they are released regularly.
    They stay in the page cache, so nothing is read from disk twice while memory lasts.
    """
    ranges = list(_clean_ranges(path.resolve()))
    advise = getattr(_libc(), "madvise", None)
    if advise is None or not ranges:
        yield
        return
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    is_over = threading.Event()

    def release() -> None:
        while not is_over.wait(_INTERVAL_S):
            for start, stop in ranges:
                advise(start, stop - start, _DONT_NEED)

    thread = threading.Thread(target=release, name="pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _read_bytes(path: Path, name: str) -> int | None:
    """Return an amount of a file such as ``/proc/meminfo``, whose unit is KiB."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        amounts = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(amounts[name].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None


def _clean_ranges(path: Path) -> Iterator[tuple[int, int]]:
    """Yield the mapped address ranges of a file that have no modified pages."""
    try:
        lines = _SMAPS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    mapped: tuple[int, int] | None = None
    for line in lines:
        first, _, rest = line.partition(" ")
        if "-" in first and not first.endswith(":"):
            start, stop = (int(place, 16) for place in first.split("-"))
            mapped = (start, stop) if rest.endswith(f" {path}") else None
        elif mapped and first == "Anonymous:" and rest.split()[0] == "0":
            yield mapped


def _libc() -> Any:
    try:
        return ctypes.CDLL(None)
    except OSError:
        return None
