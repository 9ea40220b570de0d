"""``models``: list the models of this machine, choose one, remove one."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.errors import ConfigError, ModelError, ModelNotFound, nearest
from wyoming_cosyvoice.fetch.catalogue import RELEASES
from wyoming_cosyvoice.library.installed import (
    STARTER,
    STARTER_DIR,
    find_model,
    installed,
    save_choice,
)
from wyoming_cosyvoice.pack.pack import MANIFEST, read_manifest, size_bytes
from wyoming_cosyvoice.synth.abilities import abilities_of
from wyoming_cosyvoice.synth.front_end import spoken_languages

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """List the models, choose one or remove one.

    Raises: ModelNotFound for an unknown name, ConfigError if it cannot be removed.
    """
    if arguments.action == "use":
        return _use(arguments.name, config)
    if arguments.action == "remove":
        return _remove(arguments.name, config, is_sure=arguments.yes)
    rows = _rows(config)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        mark = "*" if row["is_used"] else " "
        size = f"{row['size_bytes'] / 1e6:.0f} MB"
        print(f"{mark} {row['name']:<26} {size:>8}  {row['summary']}")
    names = {row["name"] for row in rows}
    to_fetch = [each.name for each in RELEASES if each.name not in names]
    if to_fetch:
        print(f"\nTo download: {', '.join(to_fetch)} (see: {PROGRAM} fetch --list)")
    return 0


def _rows(config: Config) -> list[dict[str, Any]]:
    try:
        used = find_model(None, config.data_folder)
    except (ModelError, ConfigError):
        used = None  # no model is installed, or several and none is chosen
    return [
        _describe(name, folder, is_used=folder == used)
        for name, folder in _folders(config).items()
    ]


def _describe(name: str, folder: Path, *, is_used: bool) -> dict[str, Any]:
    row = {"name": name, "folder": str(folder), "is_used": is_used}
    try:
        manifest = read_manifest(folder)
        size = size_bytes(folder, manifest)
    except ModelError as error:
        return {**row, "size_bytes": 0, "summary": f"damaged: {error}"}
    languages = spoken_languages(manifest)
    can = abilities_of(manifest)
    voices = len(manifest.voices)
    return {
        **row,
        "kind": manifest.kind,
        "precision": manifest.precision,
        "licence": manifest.licence,
        "languages": languages,
        "abilities": can,
        "voices": [voice.id for voice in manifest.voices],
        "size_bytes": size,
        "summary": (
            f"{manifest.precision}, {voices} voice{'' if voices == 1 else 's'}"
            f"{': ' if languages else ''}{' '.join(languages)}"
            f"{'; can ' if can else ''}{', '.join(can)}"
        ),
    }


def _folders(config: Config) -> dict[str, Path]:
    folders = installed(config.data_folder)
    if (STARTER_DIR / MANIFEST).is_file():
        folders.setdefault(STARTER, STARTER_DIR)
    return folders


def _find(name: str, config: Config) -> Path:
    folders = _folders(config)
    if name not in folders:
        likely = nearest(name, folders)
        tip = (
            f"Did you mean {likely}?" if likely else f"Installed: {', '.join(folders)}."
        )
        raise ModelNotFound(f"No model named {name!r} is installed.", remedy=tip)
    return folders[name]


def _use(name: str, config: Config) -> int:
    folder = _find(name, config)
    try:
        save_choice(config.data_folder, folder)
    except OSError as error:
        raise ConfigError(
            f"Cannot write to {config.data_folder}: {error.strerror}.",
            remedy=f"Use --model {name} instead.",
        ) from error
    print(f"{name} will be used from the next start, unless --model is given.")
    return 0


def _remove(name: str, config: Config, *, is_sure: bool) -> int:
    folder = _find(name, config)
    if folder == STARTER_DIR:
        raise ConfigError("The starter is part of the program and cannot be removed.")
    is_link = folder.is_symlink()
    size_mb = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 1e6
    size = "a link" if is_link else f"{size_mb:.0f} MB"
    if not is_sure and not _confirm(f"Remove {folder} ({size})?"):
        return 1
    try:
        if is_link:
            folder.unlink()
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise ConfigError(
            f"Cannot remove {folder}: {error.strerror or error}."
        ) from error
    if is_link:
        print(f"{name} was removed; the folder that it was a link to is untouched.")
        return 0
    print(f"{name} was removed; {size_mb:.0f} MB are free again.")
    return 0


def _confirm(question: str) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("Removing needs a confirmation.", remedy="Add --yes.")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
