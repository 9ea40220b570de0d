"""The command line: flags and environment -> one call -> an exit code.

``program`` runs a command and turns what goes wrong into a line and an exit code;
``parser`` has all commands and their flags, ``settings`` those that environment
variables can set as well. Each command is a module of its own, imported when it is
asked for, so that ``--help`` and ``--version`` load no network and no converter.
"""

from wyoming_cosyvoice.cli.program import main

__all__ = ["main"]
