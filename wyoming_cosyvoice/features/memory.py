"""Memory available to this program."""

from __future__ import annotations

import contextlib
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def available_mb(meminfo: Path = _MEMINFO, limit: Path = _CGROUP_LIMIT) -> int | None:
    """Return the available memory in megabytes; None if unknown.

    In a container it is its limit, if that is lower than the free memory.
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
