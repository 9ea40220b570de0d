"""The CPU of this machine: its features, and how much of it this process may use."""

from __future__ import annotations

import contextlib
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CPUINFO = Path("/proc/cpuinfo")
_CPU_SHARE = Path("/sys/fs/cgroup/cpu.max")
_CPUS = Path("/sys/devices/system/cpu")

_NAME_KEYS = ("model name", "Model", "Hardware")
_FLAG_KEYS = ("flags", "Features")

_X86_64 = "x86_64"

_WIDE_VECTORS = {_X86_64: ("avx2",)}
"""Without these flags networks are several times slower; aarch64 always has NEON."""

_DOT_PRODUCTS = {
    _X86_64: ("avx512_vnni", "avx_vnni"),
    "aarch64": ("asimddp", "i8mm"),
}
"""Flags for int8 dot products; without any of them, int8 models are slower."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """Name and features of the CPU."""

    name: str
    machine: str
    cores: int
    """Cores that this process may use."""
    flags: frozenset[str]

    @property
    def has_wide_vectors(self) -> bool:
        """Whether the CPU has the vector instructions that make ONNX Runtime fast."""
        return all(flag in self.flags for flag in _WIDE_VECTORS.get(self.machine, ()))

    @property
    def has_dot_products(self) -> bool:
        """Whether the CPU has instructions for int8 dot products."""
        wanted = _DOT_PRODUCTS.get(self.machine, ())
        return any(flag in self.flags for flag in wanted)

    @property
    def sums_overflow(self) -> bool:
        """Whether ONNX Runtime sums uint8 by int8 products in 16 bits, and overflows.

        True for x86 without VNNI; it has exact kernels for it at half the speed.
        """
        return self.machine == _X86_64 and not self.has_dot_products


@dataclass(frozen=True, slots=True)
class Cores:
    """CPU resources available to this process."""

    physical: int
    """Physical cores; hyper-threads of one core count once."""

    share: float
    """Logical CPUs that it may use, by affinity and by the quota of a container."""


def read_cpu(cpuinfo: Path = _CPUINFO) -> Cpu:
    """Parse ``/proc/cpuinfo``; unknown parts stay empty."""
    fields: dict[str, str] = {}
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    names = (fields[key] for key in _NAME_KEYS if fields.get(key))
    machine = platform.machine()
    flags = " ".join(fields.get(key, "") for key in _FLAG_KEYS)
    return Cpu(
        name=next(names, "unknown CPU"),
        machine=_X86_64 if machine == "AMD64" else machine,
        cores=len(os.sched_getaffinity(0)),
        flags=frozenset(flags.split()),
    )


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
