"""Settings in a TOML file, named like the options: ``speed = 1.2``.

Values may be TOML values (``streaming = false``, a list of host names) or text in the
form that the option accepts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.cli.setting import Setting

_MAX_BYTES = 1 << 20
_NO_HTTP = "no_http"
_SHOWN = 60
"""Characters of a name that is not a setting."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The settings of a file; empty without a file."""

    path: Path | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """Setting name -> value, as text that the option accepts."""

    no_http: bool = False
    unknown: tuple[tuple[str, str], ...] = ()
    """Names that are not settings, each with its message."""

    refused: dict[str, str] = field(default_factory=dict)
    """Name -> message, for values of a type that no setting has."""

    @classmethod
    def read(cls, path: Path | None, known: Sequence[Setting]) -> ConfigFile:
        """Read a file; invalid settings are left out and listed.

        Raises: ConfigError if it cannot be read or is not TOML: it may have settings
        that protect the server.
        """
        if path is None:
            return cls()
        try:
            with path.open("rb") as file:
                content = tomllib.loads(file.read(_MAX_BYTES).decode())
        except OSError as error:
            raise ConfigError(f"Cannot read {path}: {error.strerror}.") from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(f"{path} is not valid TOML: {error}.") from None
        given = {name.replace("-", "_"): value for name, value in content.items()}
        no_http = given.pop(_NO_HTTP, False)
        names = [*(setting.name for setting in known), _NO_HTTP]
        unknown = tuple(
            (name, _not_a_setting(path, name, names)) for name in given.keys() - names
        )
        texts = {name: _text(given[name]) for name in given.keys() & names}
        refused = {
            name: f"{path}: {name} must be text, a number, or true or false. It is "
            "left out."
            for name, text in texts.items()
            if text is None
        }
        if not isinstance(no_http, bool):
            # Whoever writes this setting wants HTTP off, whatever the value.
            refused[_NO_HTTP] = f"{path}: {_NO_HTTP} is true or false; taken as true."
        valid = {name: text for name, text in texts.items() if text is not None}
        return cls(path, valid, no_http is not False, tuple(sorted(unknown)), refused)


def _not_a_setting(path: Path, name: str, known: Sequence[str]) -> str:
    likely = nearest(name, known)
    hint = f" Did you mean {likely}?" if likely else ""
    return f"{path}: {name[:_SHOWN]} is not a setting and is ignored.{hint}"


def _text(value: object) -> str | None:
    """Return a value of TOML as an option takes it; None if it is of another type."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    return None
