"""CosyVoice2 and 3 from a folder on disk to sound: ``convert``, ``say``, ``voices``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from models.random import later_layout
from models.random.make_checkpoint import write_release
from wyoming_cosyvoice.pack.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]

pytestmark = pytest.mark.ci

SIZES = {"cosyvoice2": later_layout.TINY_2, "cosyvoice3": later_layout.TINY_3}


@pytest.fixture(scope="module", params=SIZES)
def release(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give a release without voices, as official ones are."""
    folder: Path = tmp_path_factory.mktemp("releases") / f"{request.param}-0.5b"
    write_release(folder, SIZES[request.param])
    return folder


def test_a_release_without_voices_speaks_at_once(
    run: Run, release: Path, tmp_path: Path
) -> None:
    outcome = run("convert", release, tmp_path / "model")
    assert outcome.code == 0
    assert "2 voices" in outcome.out
    path = tmp_path / "hi.wav"
    outcome = run(
        *("say", "Hello there.", "--model", tmp_path / "model"),
        *("--voice", "cedar", "--seed", "1", "--output", path),
    )
    assert outcome.code == 0
    samples, rate = soundfile.read(path)
    assert rate == 24_000
    assert len(samples) > rate / 10
    assert np.abs(samples).max() > 0.001


def test_its_voices_are_those_of_the_starter(
    run: Run, release: Path, tmp_path: Path
) -> None:
    assert run("convert", release, tmp_path / "model").code == 0
    manifest = Pack.open(tmp_path / "model").manifest
    assert [voice.id for voice in manifest.voices] == ["heart", "cedar"]
    spoken = {tag.split("-")[0] for tag in manifest.voices[0].languages}
    expected = {"zh", "en", "ja", "yue", "ko"}
    if manifest.family == "cosyvoice3":
        expected |= {"de", "es", "fr", "it", "ru"}
    assert spoken == expected
    with np.load(tmp_path / "model" / manifest.voices[0].file) as arrays:
        frames, tokens = len(arrays["mel"]), len(arrays["speech_tokens"])
        assert frames == pytest.approx(2 * tokens, abs=3)
        assert 3 < frames / 50 < 6
        assert str(arrays["language"]) == "en"


def test_the_same_release_makes_the_same_bytes(
    run: Run, release: Path, tmp_path: Path
) -> None:
    contents = []
    for name in ("one", "two"):
        assert run("convert", release, tmp_path / name, "--name", "it").code == 0
        contents.append(json.loads((tmp_path / name / "manifest.json").read_bytes()))
    assert contents[0] == contents[1]


def test_its_speed_is_measured(run: Run, release: Path, tmp_path: Path) -> None:
    assert run("convert", release, tmp_path / "model").code == 0
    path = tmp_path / "figures.json"
    outcome = run(
        *("bench", "--model", tmp_path / "model", "--json", path, "--runs", "1"),
        *("--text-tokens", "5", "--threads", "1", "--steps", "2"),
    )
    assert outcome.code == 0, outcome.err
    figures = json.loads(path.read_text(encoding="utf-8"))
    assert [stage["name"] for stage in figures["stages"]] == [
        *("text encoder", "prompt", "language model", "sampling", "flow", "vocoder")
    ]
    assert figures["mel_frames"] == 250
    assert figures["audio_s"] == pytest.approx(5.0)
    assert 0 < figures["stream"]["first_audio_s"] <= figures["stream"]["total_s"]


def test_its_precision_is_compared_stage_by_stage(
    run: Run, release: Path, tmp_path: Path
) -> None:
    for precision in ("fp32", "int8", "int4"):
        flags = ("--precision", precision)
        assert run("convert", release, tmp_path / precision, *flags).code == 0
    noise = {}
    for precision in ("fp32", "int8", "int4"):
        outcome = run(
            *("bench", "--model", tmp_path / precision, "--tokens", "60"),
            *("--accuracy", tmp_path / "fp32", "--steps", "2", "--json", "-"),
        )
        assert outcome.code == 0, outcome.err
        noise[precision] = {
            figure["stage"]: figure["worst"]
            for figure in json.loads(outcome.out)["figures"]
            if figure["unit"] == "dB"
        }
    stages = {
        *("text encoder", "log-probabilities", "flow encoder", "velocity", "mel"),
        *("mel in chunks", "waveform"),
    }
    assert set(noise["fp32"]) == stages
    assert min(noise["fp32"].values()) > 200
    for stage in ("log-probabilities", "velocity", "mel", "mel in chunks"):
        assert 10 < noise["int8"][stage] < 100
    assert noise["int8"]["log-probabilities"] > noise["int4"]["log-probabilities"] + 6
