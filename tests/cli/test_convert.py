"""``convert`` and ``voices``, from a release's folder to a list of voices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from wyoming_cosyvoice.pack.pack import Pack

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome

    Run = Callable[..., Outcome]


@pytest.mark.parametrize("precision", ["fp32", "fp16", "int8", "int4"])
def test_convert(
    run: Run, tiny_checkpoint: Path, tmp_path: Path, precision: str
) -> None:
    target = tmp_path / "model"
    flags = ("--precision", precision, "--name", "small", "--kind", "instruct")
    outcome = run("convert", tiny_checkpoint, target, *flags)
    assert outcome.code == 0, outcome.err
    assert outcome.out.startswith(f"{target}: small, {precision}, ")
    assert "7 voices" in outcome.out
    assert outcome.err == ""
    manifest = Pack.open(target, verify=True).manifest
    assert (manifest.name, manifest.precision) == ("small", precision)
    assert manifest.kind == "instruct"
    assert "[laughter]" in manifest.tokenizer.sounds


def test_default_is_int8(run: Run, tiny_checkpoint: Path, tmp_path: Path) -> None:
    assert run("convert", tiny_checkpoint, tmp_path / "model").code == 0
    assert Pack.open(tmp_path / "model").manifest.precision == "int8"


@pytest.mark.parametrize("content", [None, {}, {"cosyvoice.yaml": "no: model"}])
def test_files_that_are_not_checkpoints(
    run: Run, tmp_path: Path, content: dict[str, str] | None
) -> None:
    folder = tmp_path / "checkpoint"
    if content is not None:
        folder.mkdir()
        for name, text in content.items():
            (folder / name).write_text(text, encoding="utf-8")
    outcome = run("convert", folder, tmp_path / "model")
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1
    assert str(folder) in outcome.err
    assert not (tmp_path / "model").exists()


def test_target_that_is_something_else(
    run: Run, tiny_checkpoint: Path, tmp_path: Path
) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/mother.txt").write_text("Dear", encoding="utf-8")
    outcome = run("convert", tiny_checkpoint, tmp_path / "letters")
    assert outcome.code == 2
    assert (tmp_path / "letters/mother.txt").read_text(encoding="utf-8") == "Dear"


def test_voices(run: Run, tiny_pack: Pack) -> None:
    outcome = run("voices", "--model", tiny_pack.directory)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert len(lines) == 7 + 2  # and what the model can do
    assert lines[0].split()[0] == "zh-female"
    assert "[zh zh-CN" in lines[0]


def test_voices_as_json(run: Run, tiny_pack: Pack) -> None:
    voices = json.loads(run("voices", "--json", "--model", tiny_pack.directory).out)
    assert [voice["id"] for voice in voices][:2] == ["zh-female", "zh-male"]
    assert voices[0]["speaker"] == "中文女"
    assert voices[0]["languages"][0] == "zh"


def test_voices_of_a_model_in_the_data_dir(
    run: Run, tiny_checkpoint: Path, data_dir: Path
) -> None:
    (data_dir / "models").mkdir()
    run("convert", tiny_checkpoint, data_dir / "models/mine")
    assert "zh-female" in run("voices").out
    assert "zh-female" in run("voices", "--model", "mine").out


def test_voices_of_a_checkpoint_says_what_to_do(
    run: Run, tiny_checkpoint: Path
) -> None:
    outcome = run("voices", "--model", tiny_checkpoint)
    assert outcome.code == 3
    assert "Convert it first: wyoming-cosyvoice convert" in outcome.err
