"""``bench`` on a tiny model: what it counts is right, and what it prints is whole."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from wyoming_cosyvoice.bench.accuracy import compare
from wyoming_cosyvoice.bench.opening import Opened, open_model
from wyoming_cosyvoice.bench.sentences import own_sentences, read_sentences
from wyoming_cosyvoice.bench.workload import Workload, first_speaker
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome
    from tests.support.release import Packs

    Run = Callable[..., Outcome]

pytestmark = pytest.mark.ci

SHORT = ("--runs", "1", "--text-tokens", "5", "--tokens", "60", "--threads", "1")
STAGES = [
    *("text encoder", "prompt", "language model", "sampling", "flow encoder"),
    *("flow estimator", "pitch", "source", "vocoder"),
]


def test_table_and_json_have_every_stage(
    run: Run, tiny_packs: Packs, tmp_path: Path
) -> None:
    pack = tiny_packs.pack(Precision.INT8)
    path = tmp_path / "figures.json"
    flags = ("--model", pack.directory, "--json", path, "--steps", "2")
    outcome = run("bench", *SHORT, *flags)
    assert outcome.code == 0, outcome.err
    for words in (*STAGES, "one sentence", "first audio", "load", "memory, speaking"):
        assert words in outcome.out
    figures = json.loads(path.read_text(encoding="utf-8"))
    assert [stage["name"] for stage in figures["stages"]] == STAGES
    assert figures["mel_frames"] == int(60 / 50 * 22050 / 256)
    assert figures["audio_s"] == pytest.approx(1.2, abs=0.01)
    assert (figures["steps"], figures["subject"]["threads"]) == (2, 1)
    total = sum(stage["seconds"] for stage in figures["stages"])
    assert figures["sentence_s"] == pytest.approx(total)
    assert figures["rtf"] == pytest.approx(total / figures["audio_s"])
    footprint, stream = figures["footprint"], figures["stream"]
    assert 0 < footprint["loaded_mb"] <= footprint["speaking_mb"] + 1
    assert footprint["speaking_mb"] <= footprint["peak_mb"]
    assert 0 < stream["first_audio_s"] <= stream["total_s"]


def test_forced_tokens_become_all_of_the_sound(tiny_packs: Packs) -> None:
    """The workload is what it says: so many tokens, whatever the model would say."""
    pack, model = tiny_packs.pack(Precision.FP32), tiny_packs.model(Precision.FP32)
    workload = Workload.make(pack, model, text_tokens=5, speech_tokens=120)
    samples = np.concatenate([*workload.speak(model)])
    hop = pack.manifest.vocoder.hop
    assert len(samples) == pytest.approx(model.flow.frames(120) * hop, abs=2 * hop)
    assert np.isfinite(samples).all()


def test_accuracy_of_a_model_against_itself_is_perfect(tiny_packs: Packs) -> None:
    pack, model = tiny_packs.pack(Precision.FP32), tiny_packs.model(Precision.FP32)
    figures = compare(model, model, first_speaker(pack), [[1, 2, 3]], max_tokens=30)
    by_name = {(figure.stage, figure.unit): figure.mean for figure in figures}
    for (_, unit), mean in by_name.items():
        perfect = {"dB": math.inf, "% same best token": 100.0}.get(unit, 0.0)
        assert mean == perfect or (unit == "dB" and mean > 200)
    assert {stage for stage, _ in by_name} == {
        *("text encoder", "log-probabilities", "flow encoder", "velocity", "mel"),
        *("pitch", "waveform"),
    }


@pytest.fixture
def sentences(tmp_path: Path) -> Path:
    path = tmp_path / "sentences.json"
    path.write_text(json.dumps([{"text_tokens": [1, 2, 3], "words": "x"}]), "utf-8")
    return path


def test_accuracy_finds_what_int4_loses(
    run: Run, tiny_packs: Packs, sentences: Path
) -> None:
    exact = tiny_packs.pack(Precision.FP32).directory
    noise = {}
    for precision in (Precision.INT8, Precision.INT4):
        folder = tiny_packs.pack(precision).directory
        flags = ("--accuracy", exact, "--sentences", sentences, "--tokens", "30")
        outcome = run("bench", "--model", folder, *flags, "--json", "-")
        assert outcome.code == 0, outcome.err
        report = json.loads(outcome.out)
        assert report["sentences"] == 1
        noise[precision] = {
            figure["stage"]: figure["mean"]
            for figure in report["figures"]
            if figure["unit"] == "dB"
        }
    for stage in ("text encoder", "log-probabilities"):
        assert noise[Precision.INT8][stage] > noise[Precision.INT4][stage] + 6
    assert noise[Precision.INT8]["velocity"] > 10


@pytest.mark.parametrize(
    "wrong", ["{}", "[]", '[{"text_tokens": [-1]}]', '[{"words": 1}]', "?"]
)
def test_sentences_that_are_none(
    tiny_packs: Packs, sentences: Path, wrong: str
) -> None:
    sentences.write_text(wrong, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"sentences\.json"):
        read_sentences(sentences, tiny_packs.pack(Precision.FP32).manifest)


def test_own_sentences_are_in_the_languages_of_the_voices(tiny_packs: Packs) -> None:
    pack = tiny_packs.pack(Precision.FP32)
    opened = open_model(pack, threads=1)
    texts = own_sentences(opened, pack.manifest)
    assert len(texts) == 7
    assert all(texts)
    mute = Opened(opened.model, None)
    drawn = own_sentences(mute, pack.manifest)
    assert drawn == own_sentences(mute, pack.manifest)
    assert all(0 <= token < pack.manifest.tokenizer.tokens for token in drawn[0])


def test_accuracy_needs_an_fp32_model(run: Run, tiny_packs: Packs) -> None:
    folder = tiny_packs.pack(Precision.INT8).directory
    outcome = run("bench", "--model", folder, "--accuracy", folder)
    assert outcome.code == 2
    assert "an fp32 model is needed" in outcome.err


def test_clients_at_once(run: Run, tiny_packs: Packs, tmp_path: Path) -> None:
    folder, path = tiny_packs.pack(Precision.INT8).directory, tmp_path / "figures.json"
    flags = ("--steps", "1", "--threads", "1", "--json", path)
    outcome = run("bench", "--model", folder, "--clients", "1, 3", *flags)
    assert outcome.code == 0, outcome.err
    assert "quality original" in outcome.out
    one, three = json.loads(path.read_text(encoding="utf-8"))["figures"]
    assert (one["clients"], three["clients"]) == (1, 3)
    assert three["audio_s"] > 2 * one["audio_s"] > 0
    for row in (one, three):
        assert 0 < row["first_s"] <= row["worst_first_s"] <= row["total_s"]
        assert row["memory_mb"] > 0
        assert row["longest_gap_s"] >= 0


@pytest.mark.parametrize("counts", ["0", "1,x", "", "1,,2"])
def test_clients_are_counted_in_whole_numbers(run: Run, counts: str) -> None:
    outcome = run("bench", "--clients", counts)
    assert outcome.code == 2
    assert "--clients" in outcome.err
