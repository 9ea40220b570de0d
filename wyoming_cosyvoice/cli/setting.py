"""One setting: a flag that a variable and a file can set as well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wyoming_cosyvoice.cli.usage import Parser

PREFIX = "WYOMING_COSYVOICE_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of ``settings.TABLE``."""

    name: str
    """Name of the flag and of the variable."""

    place: str
    """Field of ``Config`` to set, such as ``model.threads``."""

    parse: Callable[[str], Any]
    """Parser from ``values``."""

    metavar: str
    help: str
    const: str | None = None
    """Value of the flag when given without one; None if a value is required."""

    spread: Mapping[str, Callable[[Any], Any]] | None = None
    """Field of ``Config`` -> its part of the value, for settings of several fields."""

    asked: tuple[str, ...] = ()
    """Fields that are true if a flag gives the value: whoever typed it can read an
    error, so no substitute is used."""

    is_fatal: bool = False
    """Whether a wrong value ends the program also where a variable or a file has it,
    because it has no safe substitute."""

    brief: str = ""
    """Summary for the short help; empty to leave the option out of it."""

    @property
    def flag(self) -> str:
        """The flag of the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return PREFIX + self.name.upper()

    def add_to(self, parser: Parser) -> None:
        """Add the flag; its value is None if it was not given."""
        parser.add_argument(
            self.flag,
            type=self.parse,
            metavar=self.metavar,
            help=self.help,
            nargs=None if self.const is None else "?",
            const=self.const,
        )
        if self.brief:
            parser.brief(self.flag, self.brief)
