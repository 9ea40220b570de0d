"""Put a pack that was trained on one more language into the pack that it came from.

    python -m models.starter.release.companion ja STATE/pack models/starter/pack

The pack keeps its networks, so that its own languages stay exactly as they were. It
gets the vocabulary of the new pack, whose units begin as its own do, and names the new
language for those of its voices that speak it; the new pack becomes its companion for
that language. A pack that was trained further on the language of a companion alone
takes that one's place.

Voices that did not learn the language have no languages in the companion: there they
are the voice that they are most like (``NEAREST``), so that a man does not suddenly
speak as a woman where a text has a sentence in that language.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.starter.voices import NEAREST
from wyoming_cosyvoice.pack.pack import CACHE, MANIFEST, Pack, sha256
from wyoming_cosyvoice.voices import base_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.pack.manifest import Manifest, PackFile, PackVoice

_UNUSED = "<unused"


def add_companion(language: str, trained: Path, folder: Path) -> None:
    """Make a trained pack the companion of the pack in ``folder``.

    Raises: ValueError if they do not fit each other; ModelError.
    """
    new, old = Pack.open(trained).manifest, Pack.open(folder).manifest
    name = old.tokenizer.file
    # The converter leaves the language in the name where it is the only one.
    trained_voices = {
        voice.id.removeprefix(f"{language}-"): voice
        for voice in new.voices
        if voice.languages
    }
    if name is None or not trained_voices.keys() <= {v.id for v in old.voices}:
        raise ValueError("The pack to be added has voices of its own.")
    if not _continues(folder / name, trained / name):
        raise ValueError("The vocabularies do not begin with the same units.")
    inner = folder / language
    shutil.rmtree(inner, ignore_errors=True)
    shutil.copytree(trained, inner, ignore=shutil.ignore_patterns(CACHE))
    shutil.copyfile(trained / name, folder / name)
    main = _main(old, trained_voices, language, folder / name)
    _write(inner, _companion(new, trained_voices, main, language))
    _write(folder, main)


def _continues(old: Path, new: Path) -> bool:
    """Whether a vocabulary only names rows that another one does not use."""
    pairs = zip(
        old.read_text(encoding="utf-8").splitlines(),
        new.read_text(encoding="utf-8").splitlines(),
        strict=True,
    )
    return all(a == b or a.startswith(_UNUSED) for a, b in pairs)


def _companion(
    new: Manifest, trained: Mapping[str, PackVoice], main: Manifest, language: str
) -> Manifest:
    """Return the manifest of the trained pack, with the names of the main one."""
    names = {voice.id: voice for voice in main.voices}

    def voice(one_id: str, one: PackVoice) -> PackVoice:
        spoken = (tag for tag in one.languages if base_language(tag) == language)
        named = names[one_id]
        return replace(
            one,
            id=named.id,
            name=named.name,
            speaker=named.speaker,
            description=named.description,
            languages=tuple(spoken),
        )

    spoken = {one_id: voice(one_id, one) for one_id, one in trained.items()}

    def represented(one: PackVoice, nearest: PackVoice) -> PackVoice:
        level_db = nearest.sentence_level_db
        return replace(one, file=nearest.file, languages=(), sentence_level_db=level_db)

    others = (one for one in main.voices if one.id not in spoken)
    stand_ins = (
        represented(one, spoken[NEAREST[one.id]])
        for one in others
        if NEAREST.get(one.id) in spoken
    )
    voices = (*spoken.values(), *stand_ins)
    return replace(new, name=f"{new.name}-{language}", voices=voices)


def _main(
    old: Manifest, trained: Mapping[str, PackVoice], language: str, vocabulary: Path
) -> Manifest:
    def file(one: PackFile) -> PackFile:
        if one.name != vocabulary.name:
            return one
        return replace(one, size=vocabulary.stat().st_size, sha256=sha256(vocabulary))

    def voice(one: PackVoice) -> PackVoice:
        found = trained.get(one.id)
        spoken = () if found is None else found.languages
        later = tuple(tag for tag in spoken if tag not in one.languages)
        if found is None or not later:
            return one
        return replace(
            one,
            speaker=found.speaker,
            description=found.description,
            languages=(*one.languages, *later),
        )

    return replace(
        old,
        files=tuple(map(file, old.files)),
        voices=tuple(map(voice, old.voices)),
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
