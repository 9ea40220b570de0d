"""``say`` with a tiny random model: noise, but of the right form."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest
import soundfile

from wyoming_cosyvoice.cli import output
from wyoming_cosyvoice.sound.loudness import measure_lufs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]

pytestmark = pytest.mark.ci

RATE = 22050


def test_file_holds_the_sound(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "hi.wav"
    outcome = run("say", "Hi", "--model", tiny_pack.directory, "--output", path)
    assert (outcome.code, outcome.out) == (0, "")
    samples, rate = soundfile.read(path)
    assert rate == RATE
    assert samples.ndim == 1
    assert 0.1 < len(samples) / RATE < 5
    assert np.abs(samples).max() > 0.001
    assert f"{len(samples) / RATE:.1f} s of speech in " in outcome.err
    assert "first audio after" in outcome.err
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


def test_same_seed_same_sound(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.wav" for name in "abc"]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        flags = ("--model", tiny_pack.directory, "--seed", seed, "-o", path)
        assert run("say", "Hi", *flags).code == 0
    first, again, other = (path.read_bytes() for path in paths)
    assert first == again
    assert first != other


def test_pipe_gets_a_stream(tiny_pack: Pack) -> None:
    """What the text on standard input says, as WAV of unknown length."""
    command = ["say", "-", "--model", str(tiny_pack.directory), "--seed", "1"]
    child = subprocess.run(
        [sys.executable, "-m", "wyoming_cosyvoice", *command],
        input=b"Hi.\nYes.\n",
        capture_output=True,
        check=True,
    )
    assert child.stdout[:4] == b"RIFF"
    assert child.stdout[40:44] == b"\xff\xff\xff\xff"
    samples = np.frombuffer(child.stdout[44:], "<i2")
    assert len(samples) > RATE // 10
    assert np.abs(samples).max() > 30


def test_speed_steps_and_windows_change_the_audio(
    run: Run, tiny_pack: Pack, tmp_path: Path
) -> None:
    lengths, sounds = {}, set()
    flags_to_try = ("--speed=2", "--steps=2", "--guidance=0", "--no-streaming")
    for flag in ("", *flags_to_try, "--emotion=happy"):
        path = tmp_path / f"x{flag}.wav"
        flags = ("--model", tiny_pack.directory, "--seed", 1, "-o", path)
        assert run("say", "Hi", *flags, *filter(None, [flag])).code == 0
        lengths[flag] = len(soundfile.read(path)[0])
        sounds.add(path.read_bytes())
    assert lengths["--speed=2"] == pytest.approx(lengths[""] / 2, rel=0.05)
    assert len(sounds) == 6


def test_sound_goes_through_the_chain(
    run: Run, tiny_pack: Pack, tmp_path: Path
) -> None:
    sounds = {}
    for flags in (["--sound=none"], ["--loudness=-30"], ["--loudness=-14"]):
        path = tmp_path / f"x{flags[0]}.wav"
        words = ("--model", tiny_pack.directory, "--seed", 1, "-o", path)
        assert run("say", "Hello there, how are you?", *words, *flags).code == 0
        sounds[flags[0]] = soundfile.read(path, dtype="float32")[0]
    plain, soft, loud = sounds.values()
    assert len(soft) == pytest.approx(len(loud), abs=RATE / 100)
    assert len(plain) > len(loud)  # the pause after the last sentence is not trimmed
    assert measure_lufs(loud, RATE) - measure_lufs(soft, RATE) > 10
    assert np.abs(loud).max() <= 10 ** (-1 / 20) + 1e-4


def test_terminal_gets_no_sound(
    run: Run, tiny_pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True)
    outcome = run("say", "Hi", "--model", tiny_pack.directory)
    assert (outcome.code, outcome.out) == (2, "")
    assert "A terminal cannot play sound. Add --output" in outcome.err


@pytest.mark.parametrize("text", ["", " \n", "...", "😀"])
def test_nothing_to_say_is_an_error_and_leaves_no_file(
    run: Run, tiny_pack: Pack, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "old.wav"
    path.write_bytes(b"old")
    outcome = run("say", text, "--model", tiny_pack.directory, "-o", path)
    assert outcome.code == 1
    assert "nothing to say" in outcome.err
    assert path.read_bytes() == b"old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


@pytest.mark.parametrize("where", ["", "no/such/folder.wav"])
def test_places_that_cannot_be_written(
    run: Run, tiny_pack: Pack, tmp_path: Path, where: str
) -> None:
    outcome = run("say", "Hi", "--model", tiny_pack.directory, "-o", tmp_path / where)
    assert outcome.code == 2
    assert str(tmp_path) in outcome.err


def test_unknown_voice_is_reported(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    flags = ("--model", tiny_pack.directory, "-o", tmp_path / "x.wav")
    outcome = run("say", "Hi", *flags, "--voice", "klingon")
    assert outcome.code == 2
    assert "no voice 'klingon'. It has: zh-female," in outcome.err


def test_instruction_needs_another_model(
    run: Run, tiny_pack: Pack, tmp_path: Path
) -> None:
    flags = ("--model", tiny_pack.directory, "-o", tmp_path / "x.wav")
    outcome = run("say", "Hi", *flags, "--instruct", "A tired old man.")
    assert outcome.code == 1
    assert "does not follow instructions" in outcome.err


def test_explain_shows_each_step_and_says_nothing(
    run: Run, tiny_pack: Pack, data_dir: Path
) -> None:
    (data_dir / "lexicon.txt").write_text("Brightside: bright side\n", "utf-8")
    text = "**Brightside** is at 21°C. 你好"
    outcome = run("say", text, "--explain", "--model", tiny_pack.directory)
    assert outcome.code == 0
    for line in (
        "written    **Brightside** is at 21°C.",
        "clean      Brightside is at 21°C.",
        "lexicon    bright side is at 21°C.",
        "language   en",
        "spoken     bright side is at twenty one degrees Celsius.",
        "spoken     你好。",
    ):
        assert line in outcome.out.splitlines()
    assert "21°C -> twenty one degrees Celsius" in outcome.out
    assert "tokens   2: " in outcome.out


def test_explain_opens_no_network(
    run: Run, tiny_pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs the tokenizer only, and is as fast."""
    opened: list[object] = []

    def refuse(graph: object, *_: object, **__: object) -> None:
        opened.append(graph)
        raise ValueError(graph)

    monkeypatch.setattr(onnxruntime, "InferenceSession", refuse)
    flags = ("--model", tiny_pack.directory)
    outcome = run("say", "Hi.", "--explain", *flags)
    assert outcome.code == 0
    assert "tokens" in outcome.out
    assert opened == []
    assert run("say", "Hi.", *flags).code == 3
    assert opened


def test_explain_says_which_voices_there_are(run: Run, tiny_pack: Pack) -> None:
    flags = ("--explain", "--model", tiny_pack.directory, "--voice", "nobody")
    outcome = run("say", "Hi.", *flags)
    assert outcome.code == 2
    assert "no voice 'nobody'" in outcome.err


def test_explain_reads_ssml(run: Run, tiny_pack: Pack) -> None:
    text = '<speak><prosody rate="slow">Hello there</prosody></speak>'
    flags = ("--explain", "--text-format", "ssml", "--model", tiny_pack.directory)
    outcome = run("say", text, *flags)
    assert "sentence 1 Hello there" in outcome.out
    assert "<" not in outcome.out
    assert "  rate " in outcome.out


def test_wrong_line_of_the_lexicon_is_named_and_left_out(
    run: Run,
    tiny_pack: Pack,
    data_dir: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (data_dir / "lexicon.txt").write_text("# words\nno colon here\n", "utf-8")
    flags = ("--model", tiny_pack.directory, "-o", tmp_path / "x.wav")
    assert run("say", "Hi", *flags).code == 0
    assert "lexicon.txt: Line 2:" in caplog.text


def test_failure_midway_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"old")

    def write_and_fail() -> None:
        with output.writing(str(path), RATE) as write:
            write(np.zeros(100, np.float32))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert path.read_bytes() == b"old"
    assert [file for file in tmp_path.iterdir() if file.is_file()] == [path]


def test_named_pipe_gets_sound_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with output.writing(str(path), RATE) as write:
        write(np.full(100, 0.1, np.float32))
        received = os.read(reader, 1000)
    os.close(reader)
    assert len(received) == 44 + 200
    assert path.is_fifo()


def test_header_of_a_file_has_its_length(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with output.writing(str(path), RATE) as write:
        write(np.full(70, 1 / 32767, np.float32))
        write(np.full(30, 2 / 32767, np.float32))
    samples, rate = soundfile.read(io.BytesIO(path.read_bytes()), dtype="int16")
    assert rate == RATE
    assert samples.tolist() == [1] * 70 + [2] * 30
