"""``completion``: tab completion in bash, zsh and fish."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import argcomplete
from argcomplete.shell_integration import shellcode

from wyoming_cosyvoice.cli.names import PROGRAM

if TYPE_CHECKING:
    from wyoming_cosyvoice.cli.usage import Parser
    from wyoming_cosyvoice.config import Config

_INSTALL_LINES = {
    "bash": f'eval "$({PROGRAM} completion bash)"   # in ~/.bashrc',
    "zsh": f'eval "$({PROGRAM} completion zsh)"   # in ~/.zshrc, after compinit',
    "fish": f"{PROGRAM} completion fish | source   # in config.fish",
}


def run(arguments: argparse.Namespace, _: Config) -> int:
    """Print the script for a shell, with a comment that says where to put it."""
    shell = arguments.shell
    print(shellcode([PROGRAM], shell=shell))
    print(f"# {_INSTALL_LINES[shell]}")
    return 0


def complete(parser: Parser) -> None:
    """Print the completions that the shell asked for, and exit."""
    _add_completers(parser)
    argcomplete.autocomplete(parser, always_complete_options="long")


def _add_completers(parser: argparse.ArgumentParser) -> None:
    for action in parser._actions:  # noqa: SLF001
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in dict.fromkeys(action.choices.values()):
                _add_completers(command)
        elif "--model" in action.option_strings:
            action.completer = _models  # type: ignore[attr-defined]
        elif "--voice" in action.option_strings:
            action.completer = _voices  # type: ignore[attr-defined]
        elif action.dest == "release":
            action.completer = _releases  # type: ignore[attr-defined]


def _config(arguments: argparse.Namespace) -> Config:
    from wyoming_cosyvoice.cli.configuration import read_config  # noqa: PLC0415

    return read_config(arguments)


def _models(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from wyoming_cosyvoice.library.installed import STARTER, installed  # noqa: PLC0415

    return [STARTER, *installed(_config(parsed_args).data_folder)]


def _voices(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from wyoming_cosyvoice.errors import CosyVoiceError  # noqa: PLC0415
    from wyoming_cosyvoice.library.installed import find_model  # noqa: PLC0415
    from wyoming_cosyvoice.pack.pack import read_manifest  # noqa: PLC0415

    config = _config(parsed_args)
    try:
        manifest = read_manifest(find_model(config.model.name, config.data_folder))
    except CosyVoiceError:
        return []
    return [voice.id for voice in manifest.voices]


def _releases(**_: Any) -> list[str]:
    from wyoming_cosyvoice.fetch.catalogue import RELEASES  # noqa: PLC0415

    return [release.name for release in RELEASES]
