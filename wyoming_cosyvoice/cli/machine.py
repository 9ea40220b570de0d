"""The CPU of this machine, read from ``/proc/cpuinfo``."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")

_NAME_KEYS = ("model name", "Model", "Hardware")
_FLAG_KEYS = ("flags", "Features")

_WIDE_VECTORS = {"x86_64": ("avx2",)}
"""Without these flags networks are several times slower; aarch64 always has NEON."""

_DOT_PRODUCTS = {
    "x86_64": ("avx512_vnni", "avx_vnni"),
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
    flags = " ".join(fields.get(key, "") for key in _FLAG_KEYS)
    return Cpu(
        name=next(names, "unknown CPU"),
        machine=platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        flags=frozenset(flags.split()),
    )
