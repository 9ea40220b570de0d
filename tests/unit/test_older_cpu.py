"""What a program sees of the processor when newer instructions are hidden from it."""

import os
import subprocess
import sys

import pytest
from comparing.older_cpu import can_hide, older_cpuinfo, older_environment

_LOOK = (
    "from wyoming_cosyvoice.machine.cpu import read_cpu\n"
    "cpu = read_cpu()\n"
    "import numpy._core._multiarray_umath as numpy_core\n"
    "features = numpy_core.__cpu_features__\n"
    "print(cpu.has_wide_vectors, cpu.has_dot_products, features['AVX512F'])\n"
)


def test_flags_of_newer_instructions_are_removed_and_others_stay():
    line = "flags\t: fma avx avx2 avx512f avx_vnni avx512_vnni amx_int8 bmi2\n"

    assert older_cpuinfo(line) == "flags\t: fma avx avx2 bmi2\n"


@pytest.mark.skipif(not can_hide(), reason="needs cpuid_fault and a C compiler")
def test_a_program_sees_avx2_and_nothing_newer(tmp_path):
    environment = {**os.environ, **older_environment(tmp_path)}

    seen = subprocess.run(
        [sys.executable, "-c", _LOOK],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )

    assert seen.stdout.split() == ["True", "False", "False"]
