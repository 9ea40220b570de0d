"""What ``say`` reads, writes and plays besides a text and a WAV file."""

from __future__ import annotations

import fcntl
import math
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from tests.support.recordings import wav
from wyoming_cosyvoice.audio import TimedWord
from wyoming_cosyvoice.cli import player
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.sound.subtitles import to_srt, to_vtt
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]

pytestmark = pytest.mark.ci

CONTAINERS = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
    "opus": ("OGG", "OPUS"),
    "ogg": ("OGG", "OPUS"),
}


@pytest.mark.parametrize("ending", CONTAINERS)
def test_ending_of_the_name_chooses_the_format(
    run: Run, tiny_pack: Pack, tmp_path: Path, ending: str
) -> None:
    flags = ("--model", tiny_pack.directory, "--seed", 1)
    path, plain = tmp_path / f"hi.{ending.upper()}", tmp_path / "plain"
    assert run("say", "Hi", *flags, "-o", path).code == 0
    assert run("say", "Hi", *flags, "-o", plain).code == 0
    with soundfile.SoundFile(path) as file, soundfile.SoundFile(plain) as same:
        assert (file.format, file.subtype) == CONTAINERS[ending]
        assert same.format == "WAV"
        seconds, wanted_s = (len(each) / each.samplerate for each in (file, same))
        assert seconds == pytest.approx(wanted_s, abs=0.1)
        samples, wanted = file.read(), same.read()
        if file.subtype == "PCM_16":
            assert samples.tolist() == wanted.tolist()
        decibels = band_level(samples, file.samplerate) - band_level(
            wanted, same.samplerate
        )
    assert decibels == pytest.approx(0, abs=1)


def band_level(samples: NDArray[np.float64], rate_hz: int) -> float:
    """Return the level in dB from 200 Hz to 8 kHz.

    A random model makes more of a constant offset than of sound; Opus removes what is
    below hearing, and codecs spend little above 8 kHz.
    """
    frequencies = np.fft.rfftfreq(len(samples), 1 / rate_hz)
    power = np.abs(np.fft.rfft(samples) / len(samples)) ** 2
    band = (frequencies >= 200) & (frequencies < 8000)
    return float(10 * np.log10(power[band].sum()))


def test_unknown_ending_names_those_that_are_known(run: Run, tmp_path: Path) -> None:
    outcome = run("say", "Hi", "-o", tmp_path / "hi.mp4")
    assert outcome.code == 2
    assert "wav, flac, mp3, opus, ogg. Did you mean hi.mp3?" in outcome.err


def test_text_of_a_file_is_said(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    flags = ("--model", tiny_pack.directory, "--seed", 1, "-o")
    text = tmp_path / "text.txt"
    text.write_text("Hello there. How are you?\n", encoding="utf-8-sig")
    by_file, by_hand = tmp_path / "1.wav", tmp_path / "2.wav"
    assert run("say", "--file", text, *flags, by_file).code == 0
    assert run("say", "Hello there. How are you?", *flags, by_hand).code == 0
    assert by_file.read_bytes() == by_hand.read_bytes()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_files_that_cannot_be_read_are_named(
    run: Run, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "text.txt"
    if content is not None:
        path.write_bytes(content)
    outcome = run("say", "-f", path, "-o", tmp_path / "x.wav")
    assert outcome.code == 2
    assert "text.txt" in outcome.err
    assert outcome.err.count("\n") == 1


def install(program: Path, script: str) -> None:
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def no_players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder that is the whole PATH, but for a shell."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "cat").symlink_to("/bin/cat")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    return folder


@pytest.mark.parametrize("name", player.PLAYERS)
def test_sound_is_played(
    run: Run,
    tiny_pack: Pack,
    tmp_path: Path,
    no_players: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(player, "SLACK_S", math.inf)  # this one plays in no time
    played, kept = tmp_path / "played", tmp_path / "kept.wav"
    install(no_players / name, f'echo "$@" >{played}.args; cat >{played}')
    outcome = run("say", "Hi", "--model", tiny_pack.directory, "--play", "-o", kept)
    assert outcome.code == 0, outcome.err
    samples, rate = soundfile.read(kept, dtype="int16")
    assert np.frombuffer(played.read_bytes(), "<i2").tolist() == samples.tolist()
    assert str(rate) in (tmp_path / "played.args").read_text()


def test_without_a_player_the_message_says_what_to_install(
    run: Run, tiny_pack: Pack, no_players: Path
) -> None:
    outcome = run("say", "Hi", "--model", tiny_pack.directory, "--play")
    assert outcome.code == 2
    assert "No player was found. Install one of pacat, aplay" in outcome.err
    assert [path.name for path in no_players.iterdir()] == ["cat"]


def test_a_player_that_fails_is_an_error(
    run: Run, tiny_pack: Pack, no_players: Path
) -> None:
    install(no_players / "aplay", "exit 3")
    outcome = run("say", "Hi", "--model", tiny_pack.directory, "--play")
    assert outcome.code == 2
    assert "aplay cannot play: it ended with code 3" in outcome.err


@pytest.mark.parametrize("script", ["exit 0", "cat >/dev/null"])
def test_a_player_that_ends_before_the_sound_has_not_played(
    run: Run, tiny_pack: Pack, no_players: Path, script: str
) -> None:
    """As ffplay does where there is no sound card, with code 0."""
    install(no_players / "ffplay", script)
    text = "One, two, three, four, five, six. " * 5
    outcome = run("say", text, "--model", tiny_pack.directory, "--play")
    assert outcome.code == 2
    assert "ffplay cannot play: it ended before the sound did" in outcome.err


def test_a_short_sound_that_the_player_refuses_has_not_been_played(
    run: Run, no_players: Path
) -> None:
    """Too short for the clock: what the player says shows that it failed."""
    install(no_players / "ffplay", "echo No sound card. >&2; cat >/dev/null")
    outcome = run("say", "Hi.", "--model", STARTER_DIR, "--play")
    assert outcome.code == 2
    assert outcome.err.splitlines()[-1].endswith(
        "ffplay cannot play: No sound card. Add --output FILE to keep the sound "
        "instead."
    )


def test_long_texts_show_progress_on_a_terminal(
    tiny_pack: Pack, tmp_path: Path
) -> None:
    """With a real terminal; and none where standard error is a file."""
    text = "Hello there. " * 30
    command = ["say", text, "--model", str(tiny_pack.directory), "--steps", "1"]
    command = [sys.executable, "-m", "wyoming_cosyvoice", *command]
    command += ["-o", str(tmp_path / "x.wav")]
    ours, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    with subprocess.Popen(command, stderr=terminal) as child:
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # the other end was closed
        assert child.wait() == 0
    os.close(ours)
    done = [int(number) for number in re.findall(rb" (\d+)/\d+ \[", shown)]
    assert done == sorted(done)
    assert len(set(done)) > 1
    quiet = subprocess.run(command, capture_output=True, check=True)
    assert b"sentences" not in quiet.stderr


def test_recording_lends_its_voice(run: Run, tiny_pack: Pack, tmp_path: Path) -> None:
    recording = tmp_path / "ann.wav"
    recording.write_bytes(wav())
    flags = ("--model", tiny_pack.directory, "--seed", 1)
    sounds = []
    for more in ((), ("--reference", recording), ("--voice", "zh-male")):
        path = tmp_path / "x.wav"
        outcome = run("say", "Hi", *flags, *more, "-o", path)
        assert outcome.code == 0, outcome.err
        sounds.append(path.read_bytes())
    assert len(set(sounds)) == 3
    flags = (*flags, "--reference", recording, "--transcript", "A sentence.")
    assert run("say", "Hi", *flags, "-o", path).code == 0
    assert path.read_bytes() != sounds[1]


def test_voice_that_was_kept_can_be_named(
    run: Run, tiny_pack: Pack, tmp_path: Path, data_dir: Path
) -> None:
    VoiceStore(data_dir / "voices").add("Ann", wav())
    path = tmp_path / "x.wav"
    flags = ("--model", tiny_pack.directory, "--seed", 1, "-o", path)
    assert run("say", "Hi", *flags).code == 0
    plain = path.read_bytes()
    for _ in "12":  # the second time from the cache
        assert run("say", "Hi", *flags, "--voice", "Ann").code == 0
        assert path.read_bytes() != plain
    outcome = run("say", "Hi", *flags, "--voice", "Anne")
    assert outcome.code == 2
    assert "no voice 'Anne'" in outcome.err
    assert "ann" in outcome.err


def test_model_that_cannot_clone_says_which_can(run: Run, tmp_path: Path) -> None:
    recording = tmp_path / "ann.wav"
    recording.write_bytes(wav())
    outcome = run("say", "Hi", "--reference", recording, "-o", tmp_path / "x.wav")
    assert outcome.code == 3
    assert "fetch cosyvoice-300m" in outcome.err


WORDS = (
    TimedWord("Hello, ", 0.0, 0.4),
    TimedWord("<you> ", 0.4, 0.6),
    TimedWord("& ", 0.6, 0.7),
    TimedWord("me. ", 0.7, 1.0),
    TimedWord("今天", 1.1, 1.6),
    TimedWord("好！", 1.6, 3661.5),
)


def test_subrip() -> None:
    assert to_srt(WORDS) == (
        "1\n00:00:00,000 --> 00:00:01,000\nHello, <you> & me.\n\n"
        "2\n00:00:01,100 --> 01:01:01,500\n今天好！\n"
    )


def test_webvtt_marks_words() -> None:
    assert to_vtt(WORDS[:4]) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n"
        "Hello, <00:00:00.400>&lt;you&gt; <00:00:00.600>&amp; <00:00:00.700>me.\n"
    )


def test_lines_of_subtitles_are_short_and_break_at_pauses() -> None:
    words = [TimedWord("word ", n * 0.3, n * 0.3 + 0.3) for n in range(40)]
    words += [TimedWord("later ", 20.0, 20.5)]
    lines = to_srt(words).split("\n")[2::4]
    assert max(map(len, lines)) <= 42
    assert lines[-1] == "later"
    assert " ".join(lines).split() == ["word"] * 40 + ["later"]


def test_subtitles_of_the_starter_follow_its_words(run: Run, tmp_path: Path) -> None:
    """Each word once, in order, within the sound, and a word takes time."""
    sound, path = tmp_path / "x.wav", tmp_path / "x.vtt"
    text = "The kitchen light is on. 门已经锁好了。"
    flags = ("--model", STARTER_DIR, "-o", sound, "--subtitles", path)
    assert run("say", text, *flags).code == 0
    content = path.read_text("utf-8")
    assert re.sub(r"<[^>]*>", "", content).splitlines()[3::3] == [
        "The kitchen light is on.",
        "门已经锁好了。",
    ]
    stamps = [
        int(minutes) * 60 + float(seconds)
        for minutes, seconds in re.findall(r"00:(\d\d):(\d\d\.\d{3})(?!\n)", content)
    ]
    assert stamps == sorted(stamps)
    samples, rate = soundfile.read(sound)
    assert stamps[-1] <= len(samples) / rate
    assert len(stamps) >= 8
    end = re.findall(r"--> 00:00:(\d\d\.\d{3})\n", content)[-1]
    assert stamps[-1] < float(end) <= len(samples) / rate + 0.001


@pytest.mark.parametrize("name", ["x.txt", "no/folder/x.srt"])
def test_subtitles_need_a_name_of_theirs(run: Run, tmp_path: Path, name: str) -> None:
    flags = ("-o", tmp_path / "x.wav", "--subtitles", tmp_path / name)
    outcome = run("say", "Hi", *flags)
    assert outcome.code == 2
    assert "x." in outcome.err
    assert not (tmp_path / "x.wav").exists()
