"""Parse a command line: the parser of the program with all its commands."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.cli import model_commands, speech_commands
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.setting import PREFIX
from wyoming_cosyvoice.cli.usage import Parser

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["PROGRAM", "build_parser", "parse"]

_DESCRIPTION = """\
CosyVoice text-to-speech for Home Assistant, on an ordinary CPU.

Without a command, the program serves: `wyoming-cosyvoice --uri tcp://0.0.0.0:10200`
is short for `wyoming-cosyvoice serve --uri tcp://0.0.0.0:10200`.
"""

_EPILOG = f"""\
examples:
  {PROGRAM} say "Hello there" --output hello.wav
  {PROGRAM} --uri tcp://0.0.0.0:10200
  {PROGRAM} fetch cosyvoice-300m-sft

`{PROGRAM} COMMAND -h` shows the options of a command, `--help` all of them.
Many options can also be set as variables, such as {PREFIX}MODEL
for --model, or in a file (--config FILE). Options win over variables, variables over
the file.

exit codes:
  0 done   1 failed   2 wrong options or files   3 no usable model or checkpoint
  4 download failed   5 engine failed   6 no server answered   130 interrupted
"""

_ADD_COMMANDS = (
    speech_commands.add_serve,
    speech_commands.add_say,
    speech_commands.add_voices,
    speech_commands.add_clone,
    speech_commands.add_convert_voice,
    model_commands.add_models,
    model_commands.add_fetch,
    model_commands.add_convert,
    model_commands.add_bench,
    model_commands.add_doctor,
    speech_commands.add_health,
    model_commands.add_completion,
)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line; options without a command mean ``serve``.

    Raises: SystemExit, with 0 for help and version, with 2 for wrong options.
    """
    words = given = list(argv)
    own_flags = ("-h", "--help", "--version")
    if words and words[0].startswith("-") and words[0] not in own_flags:
        words = ["serve", *given]
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:
        # The shell asks for completions; ``complete`` exits.
        from wyoming_cosyvoice.cli.completion import complete  # noqa: PLC0415

        complete(parser)
    if not words:
        print(parser.short_help())
        raise SystemExit(0)
    arguments, extra = parser.parse_known_args(words)
    command: Parser = arguments.parser
    if extra:
        if words is not given and extra[0] in parser.commands:
            rest = [word for word in given if word != extra[0]]
            right = shlex.join([PROGRAM, extra[0], *rest])
            parser.error(f"Put the command first: {right}")
        command.refuse_extra(extra, getattr(arguments, "text", None))
    _check_models(arguments, command)
    del arguments.parser
    if arguments.debug:
        arguments.log_level = "debug"
    return arguments


def _check_models(arguments: argparse.Namespace, command: Parser) -> None:
    """Require a name for ``models use`` and ``remove``; refuse one for ``list``."""
    if arguments.command != "models":
        return
    if arguments.action == "list" and arguments.name is not None:
        command.error(f"{arguments.name!r} was not expected.")
    if arguments.action != "list" and arguments.name is None:
        command.error("the following arguments are required: NAME")


def build_parser() -> Parser:
    """Return the parser of the whole program."""
    parser = Parser(prog=PROGRAM, description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument(
        "--version", action="version", version=f"{PROGRAM} {__version__}"
    )
    commands = parser.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True
    )
    for add in _ADD_COMMANDS:
        add(commands)
    return parser
