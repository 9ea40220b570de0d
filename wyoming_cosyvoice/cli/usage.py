"""Argument parser with a short help, one-line errors and suggestions.

``-h`` shows the options that most people need, in at most 24 lines of 80 columns;
``--help`` shows all of them. An error prints one line of usage and one line that says
what was found, what is accepted and, for a misspelt word, what was probably meant.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import textwrap
from typing import TYPE_CHECKING, Any, NoReturn, cast

from wyoming_cosyvoice.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 80
_OPTION_WIDTH = 26
_WRONG_CHOICE = re.compile(r"invalid choice: (?P<word>'[^']*'|\"[^\"]*\")")
_BOTH = re.compile(r"argument (?P<second>.+?): not allowed with argument (?P<first>.+)")
_MISSING = re.compile(
    r"(?:the following arguments are required: |one of the arguments )"
    r"(?P<names>.+?)(?: is required)?$"
)


class Parser(argparse.ArgumentParser):
    """Parser of the program, or of one of its commands."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"allow_abbrev": False, "add_help": False}
        kwargs["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(**kwargs)
        self._brief: dict[str, str] = {}
        self.example = ""
        """Example of a correct command, for error messages."""
        self.add_argument("-h", action=_ShortHelp, help="show the most useful options")
        self.add_argument("--help", action="help", help="show all options")

    def brief(self, option: str, summary: str) -> None:
        """Show an option or argument in the short help, summarized in a few words."""
        self._brief[option] = summary

    def short_help(self) -> str:
        """Return the help that fits a screen."""
        commands = self._commands()
        lines = [self.usage_line(), ""]
        lines += textwrap.wrap((self.description or "").partition("\n\n")[0], _WIDTH)
        if commands is not None:
            lines += ["", "commands:"]
            lines += [
                _row(str(action.dest), action.help or "")
                for action in commands._get_subactions()  # noqa: SLF001
            ]
        for title, is_option in (("arguments", False), ("options", True)):
            rows = [
                _row(self._shown(name), summary)
                for name, summary in self._brief.items()
                if name.startswith("-") is is_option
            ]
            lines += ["", f"{title}:", *rows] if rows else []
        if self.epilog:
            lines += ["", *self.epilog.partition("\n\n")[0].splitlines()]
        lines += [f"{self.prog} --help shows everything."]
        return "\n".join(lines)

    def usage_line(self) -> str:
        """Return the usage in one line, without the options one by one."""
        needed = [
            action
            for group in self._mutually_exclusive_groups
            if group.required
            for action in group._group_actions  # noqa: SLF001
        ]
        words = [
            f"[{action.metavar}]"
            if action.nargs == "?" and action not in needed
            else str(action.metavar)
            for action in self._actions
            if not action.option_strings
        ]
        tail = ["[...]"] if self._commands() is not None else ["[OPTION ...]"]
        return " ".join(["usage:", self.prog, *words, *tail])

    def error(self, message: str) -> NoReturn:
        """Print one line of usage and one with the error and a suggestion; exit 2."""
        print(f"{self.usage_line()}   (-h shows the options)", file=sys.stderr)
        print(f"{self.prog}: {self._explain(message)}", file=sys.stderr)
        sys.exit(2)

    def refuse_extra(self, extra: Sequence[str], text: str | None) -> NoReturn:
        """Exit because of unexpected arguments.

        ``text`` is the first word of a text that was probably not quoted, if any.
        """
        words = [word for word in extra if not word.startswith("-")]
        options = [word for word in extra if word.startswith("-") and word != "-"]
        if options:
            name = options[0].partition("=")[0]
            self.error(f"There is no option {name}.{_hint(name, self._option_names())}")
        if text is not None:
            whole = shlex.quote(" ".join([text, *words]))
            self.error(f"Put the text in quotes: {self.prog} {whole}")
        self.error(f"{words[0]!r} was not expected.")

    @property
    def commands(self) -> tuple[str, ...]:
        """Names of the commands."""
        commands = self._commands()
        return () if commands is None else tuple(commands.choices)

    def _commands(self) -> argparse._SubParsersAction[Any] | None:
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
                return action
        return None

    def _option_names(self) -> list[str]:
        return [
            name
            for action in self._actions
            if action.help != argparse.SUPPRESS
            for name in action.option_strings
            if name.startswith("--")
        ]

    def _shown(self, option: str) -> str:
        for action in self._actions:
            if option in action.option_strings:
                short = [name for name in action.option_strings if name[1] != "-"]
                value = str(action.metavar or "").partition("|")
                # The summary lists the choices.
                shown = "" if action.nargs in (0, "?") or value[1] else f" {value[0]}"
                return ", ".join([*short, option]) + shown.rstrip()
            if action.dest == option and not action.option_strings:
                return str(action.metavar)
        return option

    def _explain(self, message: str) -> str:
        """Rewrite an error of argparse as a sentence, with a suggestion if possible."""
        wrong = _WRONG_CHOICE.search(message)
        if wrong is not None:
            return self._wrong_choice(message, wrong["word"][1:-1])
        missing = _MISSING.search(message)
        if missing is not None:
            example = f" Example: {self.example}" if self.example else ""
            return f"{_missing(missing['names'])}.{example}"
        both = _BOTH.search(message)
        if both is not None:
            first, second = _long(both["first"]), _long(both["second"])
            return f"{first} and {second} cannot be combined. Give one of them."
        if message.endswith("expected one argument"):
            option = message.removeprefix("argument ").partition(":")[0]
            return f"{option} needs a value."
        option, colon, rest = message.removeprefix("argument ").partition(": ")
        text = f"{option}: {rest}" if colon else f"{message[0].upper()}{message[1:]}"
        return text if text.endswith((".", "?")) else f"{text}."

    def _wrong_choice(self, message: str, word: str) -> str:
        option = message.removeprefix("argument ").partition(":")[0]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction) and (  # noqa: SLF001
                word not in action.choices
            ):
                known = list(action.choices)
                tip = _hint(word, known) or f" Commands: {', '.join(known)}."
                return f"There is no command {word!r}.{tip}"
            names = "/".join(action.option_strings) or str(action.metavar)
            if action.choices is not None and names == option:
                known = [str(choice) for choice in action.choices]
                accepted = f"{word!r} is not one of {', '.join(known)}."
                return f"{option}: {accepted}{_hint(word, known)}"
        return message


class _ShortHelp(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        del dest
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **kwargs)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(cast("Parser", parser).short_help())
        sys.exit(0)


def _missing(names: str) -> str:
    """Say what is missing: argparse separates by commas, alternatives by blanks."""
    *needed, last = names.split(", ")
    if needed:
        return f"{', '.join(needed)} and {last} are missing"
    return f"{' or '.join(map(_long, last.split(' ')))} is missing"


def _long(names: str) -> str:
    """Return the long one of an option's names, such as ``-f/--file``."""
    return names.rpartition("/")[2]


def _hint(word: str, known: Sequence[str]) -> str:
    likely = nearest(word, known)
    return f" Did you mean {likely}?" if likely else ""


def _row(name: str, summary: str) -> str:
    lines = textwrap.wrap(summary, _WIDTH - _OPTION_WIDTH - 2) or [""]
    if len(name) > _OPTION_WIDTH - 3:
        first = [f"  {name}"]
    else:
        first = [f"  {name:<{_OPTION_WIDTH - 2}}{lines.pop(0)}"]
    return "\n".join([*first, *(" " * _OPTION_WIDTH + line for line in lines)])
