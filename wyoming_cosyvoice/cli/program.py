"""Run a command; report errors in one line and with the exit code."""

from __future__ import annotations

import importlib
import io
import logging
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.configuration import read_config
from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.errors import ConfigError, CosyVoiceError

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
    _prepare_streams()
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
        if sys.stdout is not None:
            sys.stdout.flush()
    except CosyVoiceError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return _PIPE_CLOSED
    except OSError as error:  # a full disk, a name that is too long, no permission
        _LOGGER.debug("Ended by", exc_info=True)
        about = "" if error.filename is None else f" {error.filename}"
        print(
            f"{PROGRAM}: Cannot use{about or ' a file'}: {error.strerror or error}.",
            file=sys.stderr,
        )
        _drop_output()
        return ConfigError.exit_code
    return code


def _prepare_streams() -> None:
    """Replace closed standard streams; let standard output take any text.

    A file that is opened must not get the number of a closed stream: what libraries
    print would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
    if sys.stdin is None:
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _start_log(level: str) -> None:
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )


def _drop_output() -> None:
    """Redirect failed standard output, so that the flush at exit succeeds."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
