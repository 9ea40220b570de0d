"""A pack that was trained on one more language, put into the pack that it came from."""

from __future__ import annotations

import dataclasses
import shutil
from typing import TYPE_CHECKING

import pytest

from models.starter.release.companion import add_companion
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack, read_manifest, sha256

if TYPE_CHECKING:
    from pathlib import Path

VOCABULARY = "phonemes.txt"
NEW_UNITS = 20


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Return the starter as it was before it had Japanese."""
    folder = tmp_path / "before"
    shutil.copytree(STARTER_DIR, folder, ignore=shutil.ignore_patterns("ja"))
    path = folder / VOCABULARY
    units = path.read_text(encoding="utf-8").splitlines()
    unused = [f"<unused {number}>" for number in range(NEW_UNITS)]
    path.write_text("\n".join([*units[:-NEW_UNITS], *unused]) + "\n", encoding="utf-8")
    manifest = read_manifest(folder)
    files = tuple(
        dataclasses.replace(one, size=path.stat().st_size, sha256=sha256(path))
        if one.name == VOCABULARY
        else one
        for one in manifest.files
    )
    voices = tuple(
        dataclasses.replace(
            voice,
            description="",
            languages=tuple(t for t in voice.languages if not t.startswith("ja")),
        )
        if "ja" in voice.languages
        else voice
        for voice in manifest.voices
    )
    changed = dataclasses.replace(manifest, files=files, voices=voices, companions=())
    (folder / MANIFEST).write_bytes(changed.to_json())
    return folder


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """Return the Japanese pack as the recipe leaves it."""
    folder = shutil.copytree(STARTER_DIR / "ja", tmp_path / "trained")
    manifest = dataclasses.replace(read_manifest(folder), name="starter")
    (folder / MANIFEST).write_bytes(manifest.to_json())
    return folder


def test_the_shipped_pack_is_what_it_makes(before: Path, trained: Path) -> None:
    assert Pack.open(before).manifest.companions == ()
    add_companion("ja", trained, before)
    for name in (MANIFEST, VOCABULARY, f"ja/{MANIFEST}", f"ja/{VOCABULARY}"):
        assert (before / name).read_bytes() == (STARTER_DIR / name).read_bytes()
    add_companion("ja", trained, before)  # newly trained, it takes the place
    assert Pack.open(before).manifest.companions == ("ja",)


def test_a_companion_that_was_trained_further_keeps_the_names(
    before: Path, trained: Path
) -> None:
    add_companion("ja", trained, before)
    names = [read_manifest(folder).voices for folder in (before, before / "ja")]
    manifest = read_manifest(trained)
    voices = tuple(
        dataclasses.replace(
            voice,
            id=f"ja-{voice.id}",
            name=f"Japanese {voice.id}",
            speaker=f"ja-{voice.id}",
            description="Japanese",
            languages=("ja", "ja-JP"),
        )
        for voice in manifest.voices
        if voice.languages
    )
    further = dataclasses.replace(manifest, voices=voices)
    (trained / MANIFEST).write_bytes(further.to_json())
    add_companion("ja", trained, before)
    assert names == [read_manifest(folder).voices for folder in (before, before / "ja")]


def test_a_vocabulary_that_differs_is_refused(before: Path, trained: Path) -> None:
    path = before / VOCABULARY
    units = path.read_text(encoding="utf-8").splitlines()
    units[5], units[6] = units[6], units[5]
    path.write_text("\n".join(units) + "\n", encoding="utf-8")
    manifest = read_manifest(before)
    files = tuple(
        dataclasses.replace(one, sha256=sha256(path)) if one.name == VOCABULARY else one
        for one in manifest.files
    )
    changed = dataclasses.replace(manifest, files=files)
    (before / MANIFEST).write_bytes(changed.to_json())
    with pytest.raises(ValueError, match="vocabularies"):
        add_companion("ja", trained, before)
    assert not (before / "ja").exists()


def test_other_voices_are_refused(before: Path, trained: Path) -> None:
    manifest = read_manifest(trained)
    first = dataclasses.replace(manifest.voices[0], id="stranger")
    changed = dataclasses.replace(manifest, voices=(first, *manifest.voices[1:]))
    (trained / MANIFEST).write_bytes(changed.to_json())
    with pytest.raises(ValueError, match="voices"):
        add_companion("ja", trained, before)


def test_voices_that_do_not_speak_it_stay_as_they_are(
    before: Path, trained: Path
) -> None:
    manifest = read_manifest(trained)
    only_last = dataclasses.replace(manifest, voices=manifest.voices[1:2])
    (trained / MANIFEST).write_bytes(only_last.to_json())
    first, last = read_manifest(before).voices[:2]
    add_companion("ja", trained, before)
    voices = read_manifest(before).voices
    assert voices[0] == first
    assert voices[1].languages == (*last.languages, "ja", "ja-JP")
    spoken, *others = read_manifest(before / "ja").voices
    assert (spoken.id, spoken.languages) == (last.id, ("ja", "ja-JP"))
    assert not any(voice.languages for voice in others)


def test_a_voice_that_does_not_speak_it_is_represented_by_the_nearest_one(
    before: Path, trained: Path
) -> None:
    manifest = read_manifest(before)
    heart, cedar = manifest.voices[:2]
    further = tuple(
        dataclasses.replace(heart, id=name, name=name, speaker=f"en-{name}")
        for name in ("ivy", "oak")
    )
    both = dataclasses.replace(manifest, voices=(heart, cedar, *further))
    (before / MANIFEST).write_bytes(both.to_json())
    add_companion("ja", trained, before)
    assert "ja" not in read_manifest(before).voices[2].languages
    spoken = {voice.id: voice for voice in read_manifest(before / "ja").voices}
    assert spoken["ivy"].file == spoken["heart"].file
    assert spoken["oak"].file == spoken["cedar"].file
    assert spoken["ivy"].languages == spoken["oak"].languages == ()
    add_companion("ja", shutil.copytree(before / "ja", before.parent / "again"), before)
    assert "ja" not in read_manifest(before).voices[2].languages
