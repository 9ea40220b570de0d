"""Run both versions in turn, A B A B, and print medians, spread and ratios."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from comparing.older_cpu import older_environment
from comparing.serving import Figures, cores_are_quiet, measure
from comparing.versions import Version, find_version

TEXTS = (
    "The living room lights are on.",
    "It is twenty two degrees outside, with a light breeze from the west.",
    "Your next meeting begins at a quarter past three, in the small room.",
    "The washing machine has finished.",
    "I have set a timer for ten minutes. Anything else?",
    "Good morning. Today will be sunny until the late afternoon, then cloudy.",
    "The front door is still open.",
    "The vacuum cleaner is stuck under the sofa and would like some help.",
)
UNITS = {
    "rtf": ("time per second of speech", 3),
    "cpu": ("CPU seconds per second of speech", 3),
    "first_s": ("first sound, median (s)", 3),
    "worst_first_s": ("first sound, worst (s)", 3),
    "gap_s": ("longest gap (s)", 3),
    "refusals": ("times that it was too busy", 0),
    "memory_mb": ("peak memory (MB)", 0),
    "idle_cpu": ("CPU while idle (cores)", 3),
}


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("versions", nargs=2, metavar="VERSION")
    parser.add_argument("--model", default="starter", help="name or folder")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--clients", type=int, default=1, help="at once")
    parser.add_argument("--threads", type=int, help="of both; each chooses by default")
    parser.add_argument(
        "--without-vnni",
        action="store_true",
        help="hide AVX-512, VNNI and AMX from both, as on an x86 processor with AVX2 "
        "only; needs a C compiler and cpuid_fault in /proc/cpuinfo",
    )
    parser.add_argument("--texts", type=Path, help="file of texts, one a line")
    parser.add_argument("--as-one", action="store_true", help="all texts in one answer")
    parser.add_argument("--json", type=Path, help="write every round to this file")
    arguments = parser.parse_args()
    texts = TEXTS
    if arguments.texts:
        texts = tuple(arguments.texts.read_text("utf-8").splitlines())
    if arguments.as_one:
        texts = (" ".join(texts),)
    if not cores_are_quiet():
        print("The cores are busy: the ratios will be less exact.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        versions = [find_version(name, Path(scratch)) for name in arguments.versions]
        if arguments.without_vnni:
            older = older_environment(Path(scratch))
            versions = [version.with_environment(older) for version in versions]
        rounds: list[list[Figures]] = [[], []]
        for _ in range(arguments.rounds):
            for version, figures in zip(versions, rounds, strict=True):
                figures.append(_round(version, arguments, texts))
    _print(arguments.versions, rounds)
    if arguments.json:
        everything = [[dataclasses.asdict(f) for f in figures] for figures in rounds]
        arguments.json.write_text(json.dumps(everything, indent=2), encoding="utf-8")


def _round(
    version: Version, arguments: argparse.Namespace, texts: tuple[str, ...]
) -> Figures:
    running = measure(
        version,
        arguments.model,
        texts,
        clients=arguments.clients,
        threads=arguments.threads,
    )
    return asyncio.run(running)


def _print(names: list[str], rounds: list[list[Figures]]) -> None:
    print(f"{'':<34}{names[0][:22]:>24}{names[1][:22]:>24}{'ratio':>8}")
    for field, (label, digits) in UNITS.items():
        values = [[getattr(f, field) for f in figures] for figures in rounds]
        first, second = (median(column) for column in values)
        cells = [
            f"{median(c):.{digits}f} ({min(c):.{digits}f}-{max(c):.{digits}f})"
            for c in values
        ]
        ratio = f"{second / first:.2f}" if first else "-"
        print(f"{label:<34}{cells[0]:>24}{cells[1]:>24}{ratio:>8}")


if __name__ == "__main__":
    main()
