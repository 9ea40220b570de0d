"""Compare the families with each other and with 300M of an earlier version, in turn."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from comparing.serving import cores_are_quiet
from comparing.versions import Version, find_version

FIGURES = {
    "cpu_s": ("CPU s", 2),
    "wall_s": ("time, s", 2),
    "first_cpu_s": ("first sound, CPU s", 2),
    "first_s": ("first sound, s", 2),
    "memory_mb": ("peak, MB", 0),
}
_SENTENCE = Path(__file__).with_name("sentence.py")


@dataclass(frozen=True, slots=True)
class Row:
    """A pack as one version speaks with it."""

    name: str
    version: Version
    folder: Path
    steps: int | None = None
    with_prompt: bool = False


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packs", nargs=3, type=Path, metavar="300M 2 3")
    parser.add_argument("--baseline", default="d03410a", help="a revision, or a Python")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--audio-s", type=float, default=5.0)
    parser.add_argument("--text-tokens", type=int, default=25)
    parser.add_argument("--runs", type=int, default=2, help="sentences after the first")
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    if not cores_are_quiet():
        print("The cores are busy: compare CPU seconds only.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch:
        rows = _rows(arguments, Path(scratch))
        measured: list[list[dict[str, float]]] = [[] for _ in rows]
        for _ in range(arguments.rounds):
            for row, figures in zip(rows, measured, strict=True):
                figures.append(_measure(row, arguments))
    _print(rows, measured)


def _rows(arguments: argparse.Namespace, scratch: Path) -> list[Row]:
    before, now = find_version(arguments.baseline, scratch), find_version(".", scratch)
    first, second, third = (folder.absolute() for folder in arguments.packs)
    return [
        Row(f"300M, {arguments.baseline}", before, first),
        Row("300M", now, first),
        Row("2", now, second),
        Row("2, cloned voice", now, second, with_prompt=True),
        Row("3", now, third),
        Row("3, 5 steps", now, third, steps=5),
        Row("3, cloned voice", now, third, with_prompt=True),
        Row("3, cloned voice, 5 steps", now, third, steps=5, with_prompt=True),
    ]


def _measure(row: Row, arguments: argparse.Namespace) -> dict[str, float]:
    order = {
        "folder": str(row.folder),
        "threads": arguments.threads,
        "audio_s": arguments.audio_s,
        "text_tokens": arguments.text_tokens,
        "runs": arguments.runs,
        "steps": row.steps,
        "with_prompt": row.with_prompt,
    }
    child = subprocess.run(  # noqa: S603
        [row.version.python, str(_SENTENCE), json.dumps(order)],
        cwd=row.version.folder,
        env=row.version.environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, float] = json.loads(child.stdout)
    shown = ", ".join(
        f"{title} {figures[name]:.2f}" for name, (title, _) in FIGURES.items()
    )
    print(f"{row.name}: {shown}", file=sys.stderr)
    return figures


def _print(rows: list[Row], measured: list[list[dict[str, float]]]) -> None:
    """Print a table in Markdown; ratios are to the first row."""
    titles = [title for title, _ in FIGURES.values()]
    print("| | " + " | ".join(titles) + " |")
    print("|" + "---|" * (1 + len(titles)))
    first = {name: median(each[name] for each in measured[0]) for name in FIGURES}
    for row, figures in zip(rows, measured, strict=True):
        cells = []
        for name, (_, digits) in FIGURES.items():
            value = median(each[name] for each in figures)
            cells.append(f"{value:.{digits}f} ({value / first[name]:.2f})")
        print(f"| {row.name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
