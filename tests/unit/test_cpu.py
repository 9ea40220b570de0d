"""Features of processors that decide how networks are computed."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.machine.cpu import Cpu


@pytest.mark.parametrize(
    ("machine", "flags", "overflows"),
    [
        ("x86_64", {"avx2"}, True),
        ("x86_64", {"avx2", "avx_vnni"}, False),
        ("x86_64", {"avx2", "avx512_vnni"}, False),
        ("x86_64", set(), True),  # unknown: the slower kernels are exact anywhere
        ("aarch64", {"asimd"}, False),
    ],
)
def test_sums_of_products_overflow_on_x86_without_vnni(machine, flags, overflows):
    cpu = Cpu(name="", machine=machine, cores=1, flags=frozenset(flags))
    assert cpu.sums_overflow is overflows
