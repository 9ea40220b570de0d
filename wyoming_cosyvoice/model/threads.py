"""Choose the number of threads for the networks of a pack.

A small pack is limited by the overhead of calls: waking a second thread for each of its
thousands of short operations costs more than it saves. A large one gains from each
physical core up to four; beyond that memory bandwidth limits its language model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.machine.cpu import usable_cores

if TYPE_CHECKING:
    from wyoming_cosyvoice.machine.cpu import Cores
    from wyoming_cosyvoice.pack.manifest import Manifest

MAX_USEFUL_THREADS = 4

SMALL_PACK_BYTES = 64_000_000
"""Measured on two cores: a pack of 18 MB takes 1.0 to 1.2 times as long with two
threads as with one, and 1.2 to 1.5 times the CPU time; one of 450 MB takes 0.75 times
as long. Nothing between the two has been measured."""


@dataclass(frozen=True, slots=True)
class Threads:
    """A number of threads, and the reason for it, shown to the user."""

    count: int
    reason: str


def choose_threads(manifest: Manifest, wanted: int | None = None) -> Threads:
    """Return the number of threads for a pack; ``wanted`` is what the user set."""
    if wanted is not None:
        return Threads(wanted, "as set")
    pack_bytes = manifest.own_bytes
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
