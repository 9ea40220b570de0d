"""Settings in a TOML file, named like the options: ``speed = 1.2``.

Values may be TOML values (``streaming = false``, a list of host names) or text in the
form that the option accepts.
"""

from __future__ import annotations

import argparse
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.cli.settings import Setting

_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The settings of a file; empty if there is no file."""

    path: Path | None = None
    texts: dict[str, str] = field(default_factory=dict)
    """Setting name -> value, as text that the option accepts."""

    no_http: bool = False

    @classmethod
    def read(cls, path: Path | None, known: Sequence[Setting]) -> ConfigFile:
        """Read a file; unknown names are an error.

        Raises: ConfigError.
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
        no_http = given.pop("no_http", False)
        if not isinstance(no_http, bool):
            raise ConfigError(f"{path}: no_http must be true or false.")
        names = [setting.name for setting in known]
        for name in given:
            if name not in names:
                likely = nearest(name, names)
                raise ConfigError(
                    f"{path}: There is no setting {name}.",
                    remedy=f"Did you mean {likely}?" if likely else "",
                )
        texts = {name: _text(path, name, value) for name, value in given.items()}
        return cls(path, texts, no_http)

    def value(self, setting: Setting) -> Any:
        """Return the value of a setting; None if the file does not set it.

        Raises: ConfigError.
        """
        text = self.texts.get(setting.name, "").strip()
        if not text:
            return None
        try:
            return setting.parse(text)
        except argparse.ArgumentTypeError as error:
            raise ConfigError(f"{self.path}: {setting.name}: {error}.") from None


def _text(path: Path, name: str, value: object) -> str:
    """Return a TOML value as the text of an option. Raises: ConfigError."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    raise ConfigError(f"{path}: {name} must be text, a number, or true or false.")
