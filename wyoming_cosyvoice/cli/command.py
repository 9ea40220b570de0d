"""Add a command to the parser, with its settings, examples and help."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.settings import TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.cli.usage import Parser

    Commands = argparse._SubParsersAction[Parser]  # noqa: SLF001


def add_command(
    commands: Commands,
    name: str,
    summary: str,
    *,
    settings: Sequence[str] = (),
    examples: Sequence[str] = (),
    log_level: str = "warning",
) -> Parser:
    """Add a command and return its parser, with an option for each of its settings."""
    shown = "\n".join(f"  {PROGRAM} {example}" for example in examples)
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{shown}" if examples else None,
    )
    parser.set_defaults(default_log_level=log_level, parser=parser)
    parser.example = f"{PROGRAM} {examples[0]}" if examples else ""
    wanted = {*settings, "log_level"}
    for setting in TABLE:
        if setting.name in wanted:
            setting.add_to(parser)
    parser.add_argument(
        "--config",
        type=values.folder,
        metavar="FILE",
        help="TOML file with settings named like the options (see docs/settings.md)",
    )
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)
    if "streaming" in settings:
        parser.add_argument(
            "--no-streaming",
            dest="streaming",
            action="store_const",
            const=False,
            help="short for --streaming no",
        )
    return parser
