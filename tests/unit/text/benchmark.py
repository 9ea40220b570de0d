"""Measure the text front end: import, a sentence, and how time grows with the text.

    python -m tests.unit.text.benchmark

Prints processor times and asserts none: they depend on the machine.
"""

# ruff: noqa: T201 - its purpose is to print

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from tests.unit.text.comparison import home_cases, sample_cases, spoken_form
from wyoming_cosyvoice.text import SentenceReader

_IMPORT = """
import os, sys, time
def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
before = resident_bytes()
start = time.process_time()
import wyoming_cosyvoice.text
took = time.process_time() - start
heavy = {"numpy", "pypinyin", "ToJyutping", "onnxruntime"} & set(sys.modules)
print(f"{took * 1000:.1f} {(resident_bytes() - before) / 1e6:.1f} {sorted(heavy)}")
"""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as cache:
        # Installed packages have their bytecode; the first run makes it.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-c", _IMPORT]
        runs = [
            subprocess.run(
                command, capture_output=True, text=True, check=True, env=environment
            ).stdout.split(maxsplit=2)
            for _ in range(8)
        ][1:]
    import_ms = statistics.median(float(run[0]) for run in runs)
    import_mb = statistics.median(float(run[1]) for run in runs)
    print(
        f"import: {import_ms:.1f} ms, {import_mb:.1f} MB, heavy: {runs[0][2].strip()}"
    )

    cases = [*sample_cases(), *home_cases()]
    for case in cases:
        spoken_form(case)
    times = []
    for case in cases:
        start = time.process_time()
        spoken_form(case)
        times.append(time.process_time() - start)
    median, slowest = statistics.median(times), max(times)
    print(f"sentence: median {median * 1000:.3f} ms, slowest {slowest * 1000:.2f} ms")

    texts = {
        "all cases": " ".join(case.written for case in cases),
        "one long number": "1234567890",
        "no blank": "a",
        "stars": "*[`_",
        "dots": "1.2.3.",
        "brackets": "<a [b](c ",
        "marks": "。！，",
    }
    for name, text in texts.items():
        took = [_read(text, size) for size in (10_000, 40_000)]
        growth = took[1] / took[0]
        print(
            f"{name}: 10,000 characters {took[0] * 1000:.0f} ms, 4 times {growth:.1f} x"
        )


def _read(text: str, size: int) -> float:
    text = (text * (size // len(text) + 1))[:size]
    best = float("inf")
    for _ in range(3):
        reader = SentenceReader(count_tokens=len, voice_language="zh")
        start = time.process_time()
        reader.feed(text)
        reader.finish()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
