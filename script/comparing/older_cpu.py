"""Run a program as on an x86 processor without VNNI, AVX-512 and AMX.

Needs a C compiler, Linux on x86 and a processor that lets CPUID fault (``cpuid_fault``
in ``/proc/cpuinfo``): most of Intel's, and virtual machines that pass it on.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
_SOURCE = Path(__file__).with_name("older_cpu.c")
_NEWER = re.compile(r" (?:avx512|avx_vnni|amx_)\w*")


def can_hide() -> bool:
    """Whether this machine can run a program as on an older processor."""
    can_fault = " cpuid_fault" in CPUINFO.read_text(encoding="utf-8")
    return can_fault and _compiler() is not None


def older_environment(scratch: Path) -> dict[str, str]:
    """Return the variables with which a program sees AVX2 and nothing newer.

    Raises: SystemExit if this machine cannot do that.
    """
    compiler = _compiler()
    if compiler is None or not can_hide():
        sys.exit("Needs a C compiler and a processor with cpuid_fault (x86, Linux).")
    library, cpuinfo = scratch / "older_cpu.so", scratch / "cpuinfo"
    options = ("-O1", "-shared", "-fPIC", "-o", str(library))
    subprocess.run([compiler, *options, str(_SOURCE)], check=True)  # noqa: S603
    text = older_cpuinfo(CPUINFO.read_text(encoding="utf-8"))
    cpuinfo.write_text(text, encoding="utf-8")
    return {"LD_PRELOAD": str(library), "OLDER_CPUINFO": str(cpuinfo)}


def older_cpuinfo(text: str) -> str:
    """Remove the flags of newer instructions from the text of ``/proc/cpuinfo``."""
    return _NEWER.sub("", text)


def _compiler() -> str | None:
    return shutil.which("cc")
