"""Run a command; report errors in one line and with the exit code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.errors import CosyVoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOGGER = logging.getLogger(__name__)

# Exit codes that shells use for programs ended by these signals.
_INTERRUPTED = 130
_PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None, *, problems: Sequence[str] = ()) -> int:
    """Run the program and return its exit code.

    ``problems`` are in the log already, and wait to be shown on the page.
    Raises: SystemExit for ``--help``, ``--version`` and wrong options.
    """
    arguments = parse(sys.argv[1:] if argv is None else argv)
    name = arguments.command.replace("-", "_")
    command = importlib.import_module(f"wyoming_cosyvoice.cli.{name}")
    try:
        config = read_config(arguments)
        _start_log(config.log_level or arguments.default_log_level)
        if arguments.command != "doctor":  # doctor reports them itself
            for message in config.problems:
                _LOGGER.warning("%s", message)
        config = replace(config, problems=(*config.problems, *problems))
        code: int = command.run(arguments, config)
        sys.stdout.flush()
    except CosyVoiceError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _PIPE_CLOSED
    return code


def _start_log(level: str) -> None:
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )


def _drop_output() -> None:
    """Redirect closed standard output, so that the flush at exit succeeds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
