"""The command line: options and environment -> one call -> an exit code.

``program`` runs a command and reports its errors; ``parser`` builds the parser from
``speech_commands`` and ``model_commands``; ``settings`` are the options that variables
and a file can set as well. Each command is a module that is imported when it runs, so
that ``--help`` and ``--version`` load neither networks nor the converter.
"""

from wyoming_cosyvoice.cli.program import main

__all__ = ["main"]
