"""How much memory there is for this program."""

from __future__ import annotations

import contextlib
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def available_mb(meminfo: Path = _MEMINFO, limit: Path = _CGROUP_LIMIT) -> int | None:
    """Return how many megabytes a program may still take, None if nobody says.

    In a container that is its limit, if it is lower than what the machine has left.
    """
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
        amounts = dict(line.split(":", 1) for line in lines if ":" in line)
        available = int(amounts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    # Not a container, or one without a limit ("max"), says nothing more.
    with contextlib.suppress(OSError, ValueError):
        available = min(available, int(limit.read_text(encoding="ascii")))
    return available // 1_000_000
