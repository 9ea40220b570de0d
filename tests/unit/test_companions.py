"""Languages whose networks are in a pack of their own: the starter's Japanese."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from wyoming_cosyvoice.cli.checks import State, check_model
from wyoming_cosyvoice.config import Config, ModelConfig
from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.manifest_checks import parse_manifest
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack, read_manifest, size_bytes
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH, JAPANESE = "The light is on.", "明かりがついています。"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(STARTER_DIR, tmp_path / "starter")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the companions that were opened, in order."""
    found: list[str] = []
    companion = Pack.companion

    def noted(pack: Pack, language: str) -> Pack:
        found.append(language)
        return companion(pack, language)

    monkeypatch.setattr(Pack, "companion", noted)
    return found


def synthesizer_of(folder: Path) -> PackSynthesizer:
    return PackSynthesizer.open(Pack.open(folder), SynthesizerOptions(threads=1))


def say(synthesizer: PackSynthesizer, text: str, voice: int = 0) -> list[str]:
    """Speak a text; return its timed words."""
    reader = synthesizer.reader()
    words: list[str] = []
    for sentence in [*reader.feed(text), *reader.finish()]:
        chosen = synthesizer.voices[voice]
        spoken = synthesizer.speak(sentence, voice=chosen, seed=1)
        assert np.abs(np.concatenate(list(spoken))).max() > 0.05
        words += [word.text for word in spoken.words]
    return words


def test_a_companion_is_opened_when_its_language_is_spoken(opened: list[str]) -> None:
    synthesizer = synthesizer_of(STARTER_DIR)
    synthesizer.warm_up()
    say(synthesizer, ENGLISH)
    assert opened == []
    assert "".join(say(synthesizer, JAPANESE)) == JAPANESE
    say(synthesizer, ENGLISH + JAPANESE, voice=1)
    assert opened == ["ja"]


def test_kana_are_japanese_in_any_sentence(opened: list[str]) -> None:
    """The networks of the other languages were not trained on their sounds."""
    synthesizer = synthesizer_of(STARTER_DIR)
    reader = synthesizer.reader(language="zh")
    for sentence in [*reader.feed("我喜欢のだめ。"), *reader.finish()]:
        for _ in synthesizer.speak(sentence, seed=1):
            pass
    assert opened == ["ja"]


def test_a_damaged_companion_leaves_the_other_languages(copied: Path) -> None:
    weights = copied / "ja/vocoder.weights"
    weights.write_bytes(weights.read_bytes()[:-1])
    synthesizer = synthesizer_of(copied)
    say(synthesizer, ENGLISH)
    with pytest.raises(ModelCorrupt, match=r"vocoder\.weights"):
        say(synthesizer, JAPANESE)
    say(synthesizer, ENGLISH)


def test_a_companion_of_another_model_is_refused(copied: Path) -> None:
    manifest = Pack.open(copied / "ja").manifest
    other = dataclasses.replace(manifest, token_rate=25)
    (copied / "ja" / MANIFEST).write_bytes(other.to_json())
    with pytest.raises(ModelCorrupt, match="token_rate"):
        say(synthesizer_of(copied), JAPANESE)


@pytest.mark.parametrize("language", ["../ja", "JA", "", "japanese"])
def test_a_companion_is_named_by_its_language(language: str) -> None:
    plain = json.loads((STARTER_DIR / MANIFEST).read_bytes())
    plain["companions"] = [language]
    with pytest.raises(ModelCorrupt, match="companion"):
        parse_manifest(json.dumps(plain).encode(), MANIFEST)


def test_doctor_verifies_companions_too(copied: Path) -> None:
    """A byte of the same file size: only the hash knows."""
    config = Config(data_dir=copied.parent, model=ModelConfig(name=str(copied)))
    size_mb = size_bytes(copied, read_manifest(copied)) / 1e6
    assert f"{size_mb:.0f} MB" in next(iter(check_model(config))).message
    weights = copied / "ja/vocoder.weights"
    content = bytearray(weights.read_bytes())
    content[1000] ^= 1
    weights.write_bytes(content)
    finding = next(iter(check_model(config)))
    assert finding.state is State.FAILED
    assert "vocoder.weights" in finding.message


def test_the_list_of_models_counts_companions(copied: Path) -> None:
    size = size_bytes(copied, read_manifest(copied))
    listed = [path for path in copied.rglob("*") if path.name[0] != "."]
    files = [path for path in listed if path.is_file() and path.name != MANIFEST]
    assert size == sum(path.stat().st_size for path in files)


def test_a_companion_is_opened_early_for_a_language_that_is_asked_for(
    opened: list[str],
) -> None:
    synthesizer = synthesizer_of(STARTER_DIR)
    synthesizer.warm_up("ja-JP")
    synthesizer.reader(language="ja")
    deadline = time.monotonic() + 30
    while not opened and time.monotonic() < deadline:
        time.sleep(0.01)
    assert opened == ["ja"]
    say(synthesizer, JAPANESE)
    assert opened == ["ja"]


def test_a_damaged_companion_does_not_stop_the_start(copied: Path) -> None:
    (copied / "ja" / MANIFEST).write_text("{}", encoding="utf-8")
    synthesizer = synthesizer_of(copied)
    synthesizer.warm_up("ja")
    assert say(synthesizer, ENGLISH)
    with pytest.raises(ModelCorrupt):
        say(synthesizer, JAPANESE)
