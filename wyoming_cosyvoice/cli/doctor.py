"""``doctor``: check the machine, the model and the settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.checks import Finding, State, examine

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Print a line per check; return 0, or the exit code of the first that failed."""
    findings = []
    for finding in examine(config):
        findings.append(finding)
        if not arguments.json:
            print(_line(finding), flush=True)
    if arguments.json:
        print(json.dumps([_plain(f) for f in findings], ensure_ascii=False, indent=2))
    failed = [f.exit_code for f in findings if f.state is State.FAILED]
    return failed[0] if failed else 0


def _line(finding: Finding) -> str:
    text = f"{finding.message} {finding.remedy}".rstrip()
    return f"{finding.state.value:<8} {finding.name:<13} {text}"


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.name,
        "state": finding.state.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }
