"""Merge flags, variables, a file and defaults into one configuration.

A wrong flag ends the program, because the user who typed it sees the error. A wrong
variable or line of a file must not keep a server from starting after a reboot: it is
ignored and reported in the log, by ``doctor`` and on the page, and the default is used.
Settings that protect the server fail closed: a wrong ``uri`` ends the program, with a
wrong ``http`` only this machine gets the page, and HTTP is off if a token or a proxy
may have been intended.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.cli import values
from wyoming_cosyvoice.cli.config_file import ConfigFile
from wyoming_cosyvoice.cli.setting import PREFIX
from wyoming_cosyvoice.cli.settings import TABLE
from wyoming_cosyvoice.config import Config, HttpConfig, default_data_dir
from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from wyoming_cosyvoice.cli.setting import Setting

CONFIG_VARIABLE = f"{PREFIX}CONFIG"

_GUARDS = ("http_token", "http_ingress")
"""Settings without which the HTTP server is open to all who reach it."""

_NO_PAGE = (
    "The web page and the HTTP API are off, because they may have been meant to be "
    "guarded or turned off: correct the settings."
)


def read_config(
    arguments: argparse.Namespace, environ: Mapping[str, str] | None = None
) -> Config:
    """Merge the flags that a command has with their variables, a file and the defaults.

    Raises: ConfigError for a wrong ``uri``, and for a file that cannot be read.
    """
    environ = os.environ if environ is None else environ
    file = ConfigFile.read(_config_path(arguments, environ), TABLE)
    config = Config(
        data_dir=default_data_dir(environ),
        http=HttpConfig(is_required=False),
    )
    unknown = dict([*_unknown_variables(environ), *file.unknown])
    problems = [*unknown.values(), *file.refused.values()]
    for setting in TABLE:
        if not hasattr(arguments, setting.name):
            continue
        value = getattr(arguments, setting.name)
        if value is not None:
            for place in setting.asked:
                config = _with(config, place, value=True)
        else:
            value = _first_valid(setting, environ, file, problems)
        if value is not None:
            spread = setting.spread or {setting.place: lambda value: value}
            for place, part in spread.items():
                config = _with(config, place, part(value))
    if hasattr(arguments, "no_http"):
        misspelt = [name.removeprefix(PREFIX) for name in unknown]
        if arguments.no_http or file.no_http:
            config = replace(config, http=None)
        elif _may_have_been_guarded(config, misspelt, file):
            problems.append(_NO_PAGE)
            config = replace(config, http=None)
    return replace(config, problems=tuple(problems))


def _first_valid(
    setting: Setting, environ: Mapping[str, str], file: ConfigFile, problems: list[str]
) -> Any:
    """Return the value of the variable or of the file; None if neither is valid.

    Raises: ConfigError for a wrong value that has no safe substitute.
    """
    named = {
        setting.variable: environ.get(setting.variable, ""),
        f"{file.path}: {setting.name}": file.texts.get(setting.name, ""),
    }
    for name, text in named.items():
        if not text.strip():
            continue
        try:
            return setting.parse(text.strip())
        except argparse.ArgumentTypeError as error:
            message = f"{name}: {error}".rstrip(".") + "."
            if setting.is_fatal:
                raise ConfigError(message) from None
            problems.append(f"{message} It is left out.")
    return None


def _with(config: Any, place: str, value: Any) -> Any:
    """Return a configuration with one value, at ``model.threads`` or the like."""
    name, _, inside = place.partition(".")
    if inside:
        value = _with(getattr(config, name), inside, value)
    return replace(config, **{name: value})


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable with our prefix that is not a setting, and a message.

    Values are not repeated: one may be a token.
    """
    known = {CONFIG_VARIABLE, *(setting.variable for setting in TABLE)}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known or not environ[name].strip():
            continue
        likely = nearest(name.removeprefix(PREFIX), [s.name.upper() for s in TABLE])
        hint = f" Did you mean {PREFIX}{likely}?" if likely else ""
        yield name, f"{name} is not a setting and is ignored.{hint}"


def _may_have_been_guarded(
    config: Config, unknown: list[str], file: ConfigFile
) -> bool:
    """Whether HTTP would be open to all, though something was set that guards it."""
    http = config.http
    if http is None or http.token is not None or http.ingress is not None:
        return False
    is_misspelt = any(
        "token" in name.casefold() or nearest(name, ("no_http",)) for name in unknown
    )
    return is_misspelt or any(name in file.refused for name in _GUARDS)


def _config_path(
    arguments: argparse.Namespace, environ: Mapping[str, str]
) -> Path | None:
    path = getattr(arguments, "config", None)
    if path is None and (text := environ.get(CONFIG_VARIABLE, "").strip()):
        path = values.folder(text)
    return path
