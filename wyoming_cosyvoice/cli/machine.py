"""What is known of this machine's CPU."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")

_NAME_KEYS = ("model name", "Model", "Hardware")
_FLAG_KEYS = ("flags", "Features")

_WIDE = {"x86_64": ("avx2",)}
"""Without these, networks run at a fraction of the speed; every aarch64 has its own."""

_DOT_PRODUCTS = {
    "x86_64": ("avx512_vnni", "avx_vnni"),
    "aarch64": ("asimddp", "i8mm"),
}
"""Any of these multiplies bytes at full speed; int8 gains less without them."""


@dataclass(frozen=True, slots=True)
class Cpu:
    """The processor, as the system describes it."""

    name: str
    machine: str
    cores: int
    """Those that this process may use."""
    flags: frozenset[str]

    @property
    def is_wide(self) -> bool:
        """Whether it has the vectors that ONNX Runtime is fast with."""
        return all(flag in self.flags for flag in _WIDE.get(self.machine, ()))

    @property
    def has_dot_products(self) -> bool:
        """Whether it adds up products of bytes in one instruction."""
        wanted = _DOT_PRODUCTS.get(self.machine, ())
        return any(flag in self.flags for flag in wanted)


def read_cpu(cpuinfo: Path = _CPUINFO) -> Cpu:
    """Return what ``/proc/cpuinfo`` tells; unknown parts stay empty."""
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
