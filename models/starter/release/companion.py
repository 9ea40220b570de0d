"""Put a pack that was trained on one more language into the pack that it came from.

    python -m models.starter.release.companion ja STATE/pack models/starter/pack

The pack keeps its networks, so that its own languages stay exactly as they were. It
gets the vocabulary of the new pack, whose units begin as its own do, and names the new
language for its voices; the new pack becomes its companion for that language. A pack
that was trained further on the language of a companion alone takes that one's place.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.pack.pack import CACHE, MANIFEST, Pack, sha256
from wyoming_cosyvoice.voices import base_language

if TYPE_CHECKING:
    from wyoming_cosyvoice.pack.manifest import Manifest, PackFile, PackVoice

_UNUSED = "<unused"


def add_companion(language: str, trained: Path, folder: Path) -> None:
    """Make a trained pack the companion of the pack in ``folder``.

    Raises: ValueError if they do not fit each other; ModelError.
    """
    new, old = Pack.open(trained).manifest, Pack.open(folder).manifest
    name = old.tokenizer.file
    # The converter leaves the language in the name where it is the only one.
    ids = [voice.id.removeprefix(f"{language}-") for voice in new.voices]
    if name is None or ids != [voice.id for voice in old.voices]:
        raise ValueError("The packs do not have the same voices.")
    if not _continues(folder / name, trained / name):
        raise ValueError("The vocabularies do not begin with the same units.")
    inner = folder / language
    shutil.rmtree(inner, ignore_errors=True)
    shutil.copytree(trained, inner, ignore=shutil.ignore_patterns(CACHE))
    shutil.copyfile(trained / name, folder / name)
    main = _main(old, new, language, folder / name)
    _write(inner, _companion(new, main, language))
    _write(folder, main)


def _continues(old: Path, new: Path) -> bool:
    """Whether a vocabulary only names rows that another one does not use."""
    pairs = zip(
        old.read_text(encoding="utf-8").splitlines(),
        new.read_text(encoding="utf-8").splitlines(),
        strict=True,
    )
    return all(a == b or a.startswith(_UNUSED) for a, b in pairs)


def _companion(new: Manifest, main: Manifest, language: str) -> Manifest:
    """Return the manifest of the trained pack, with the names of the main one."""

    def voice(trained: PackVoice, one: PackVoice) -> PackVoice:
        spoken = (tag for tag in trained.languages if base_language(tag) == language)
        return replace(
            trained,
            id=one.id,
            name=one.name,
            speaker=one.speaker,
            description=one.description,
            languages=tuple(spoken),
        )

    voices = tuple(map(voice, new.voices, main.voices))
    return replace(new, name=f"{new.name}-{language}", voices=voices)


def _main(old: Manifest, new: Manifest, language: str, vocabulary: Path) -> Manifest:
    def file(one: PackFile) -> PackFile:
        if one.name != vocabulary.name:
            return one
        return replace(one, size=vocabulary.stat().st_size, sha256=sha256(vocabulary))

    def voice(one: PackVoice, trained: PackVoice) -> PackVoice:
        later = tuple(tag for tag in trained.languages if tag not in one.languages)
        if not later:
            return one
        return replace(
            one,
            speaker=trained.speaker,
            description=trained.description,
            languages=(*one.languages, *later),
        )

    return replace(
        old,
        files=tuple(map(file, old.files)),
        voices=tuple(map(voice, old.voices, new.voices)),
        companions=(*(tag for tag in old.companions if tag != language), language),
    )


def _write(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_bytes(manifest.to_json())
    Pack.open(folder, verify=True)


def main() -> None:
    """Read the arguments and add the companion."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("language")
    parser.add_argument("trained", type=Path, help="the pack of the recipe")
    parser.add_argument("folder", type=Path, help="the pack that gets it")
    options = parser.parse_args()
    add_companion(options.language, options.trained, options.folder)


if __name__ == "__main__":
    main()
