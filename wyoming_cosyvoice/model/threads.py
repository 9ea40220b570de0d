"""Choose the number of threads for the networks of a pack.

A small pack is limited by the overhead of calls: waking a second thread for each of its
thousands of short operations costs more than it saves. A large one gains from each
physical core up to four; beyond that memory bandwidth limits its language model.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wyoming_cosyvoice.pack.manifest import Manifest

MAX_USEFUL_THREADS = 4

SMALL_PACK_BYTES = 64_000_000
"""Measured on two cores: a pack of 18 MB takes 1.0 to 1.2 times as long with two
threads as with one, and 1.2 to 1.5 times the CPU time; one of 450 MB takes 0.75 times
as long. Nothing between the two has been measured."""

_CPU_SHARE = Path("/sys/fs/cgroup/cpu.max")
_CPUS = Path("/sys/devices/system/cpu")


@dataclass(frozen=True, slots=True)
class Threads:
    """A number of threads, and the reason for it, shown to the user."""

    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Cores:
    """CPU resources available to this process."""

    physical: int
    """Physical cores; hyper-threads of one core count once."""

    share: float
    """Logical CPUs that it may use, by affinity and by the quota of a container."""


def choose_threads(manifest: Manifest, wanted: int | None = None) -> Threads:
    """Return the number of threads for a pack; ``wanted`` is what the user set."""
    if wanted is not None:
        return Threads(wanted, "as set")
    pack_bytes = sum(file.size for file in manifest.files)
    return threads_for(pack_bytes, usable_cores())


def threads_for(pack_bytes: int, cores: Cores) -> Threads:
    """Return the number of threads for a pack of this size on such a machine."""
    if pack_bytes < SMALL_PACK_BYTES:
        return Threads(1, f"a model of {pack_bytes / 1e6:.0f} MB is fastest on one")
    if cores.share < cores.physical:
        quota = max(1, min(MAX_USEFUL_THREADS, int(cores.share)))
        return Threads(quota, f"this container may use {cores.share:g} CPUs")
    if cores.physical > MAX_USEFUL_THREADS:
        return Threads(
            MAX_USEFUL_THREADS,
            f"more do not help; this machine has {cores.physical} cores",
        )
    return Threads(cores.physical, "one for each core of this machine")


def usable_cores(cpus: Path = _CPUS, cpu_share: Path = _CPU_SHARE) -> Cores:
    """Return the cores that this process may use, by affinity and container quota."""
    usable = os.sched_getaffinity(0)
    share = float(len(usable))
    with contextlib.suppress(OSError, ValueError):
        quota, period = cpu_share.read_text(encoding="ascii").split()
        if quota != "max":
            share = min(share, int(quota) / int(period))
    return Cores(count_cores(usable, cpus), share)


def count_cores(logical: Iterable[int], cpus: Path = _CPUS) -> int:
    """Count the physical cores of logical CPUs; an unknown CPU counts as one core."""
    found = set()
    for cpu in logical:
        siblings = cpus / f"cpu{cpu}" / "topology" / "thread_siblings_list"
        try:
            found.add(siblings.read_text(encoding="ascii").strip())
        except OSError:
            found.add(str(cpu))
    return max(1, len(found))
