"""``models``, ``clone``, ``fetch --list`` and ``completion``."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.recordings import wav
from wyoming_cosyvoice.cli import models
from wyoming_cosyvoice.fetch import RELEASES
from wyoming_cosyvoice.library.installed import find_model
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Outcome
    from wyoming_cosyvoice.pack.pack import Pack

    Run = Callable[..., Outcome]


@pytest.fixture
def mine(tiny_pack: Pack, data_dir: Path) -> Path:
    """Give the folder of a model that is installed by the name ``mine``."""
    folder = data_dir / "models/mine"
    shutil.copytree(tiny_pack.directory, folder)
    return folder


def test_models_are_listed_with_the_one_in_use(run: Run, mine: Path) -> None:
    lines = run("models").out.splitlines()
    assert lines[0].split()[:2] == ["*", "mine"]
    assert "int8, 7 voices: zh ja yue en ko" in lines[0]
    assert lines[1].split()[0] == "starter"
    assert lines[-1].startswith("To download: cosyvoice-300m-sft, ")
    (first, starter) = json.loads(run("models", "list", "--json").out)
    assert (first["name"], first["is_used"]) == ("mine", True)
    assert first["folder"] == str(mine)
    assert starter["voices"] == ["heart", "cedar"]


@pytest.mark.usefixtures("mine")
def test_a_model_is_chosen(run: Run, data_dir: Path) -> None:
    assert run("models", "use", "starter").code == 0
    assert find_model(None, data_dir).name == "starter"
    assert run("models").out.splitlines()[1].startswith("* starter")


def test_a_damaged_model_is_listed_as_such(run: Run, mine: Path) -> None:
    (mine / "manifest.json").write_text("{")
    outcome = run("models")
    assert outcome.code == 0
    assert "damaged" in outcome.out


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("action", ["use", "remove"])
def test_an_unknown_model_gets_a_tip(run: Run, action: str) -> None:
    outcome = run("models", action, "mne")
    assert outcome.code == 3
    assert "No model named 'mne' is installed. Did you mean mine?" in outcome.err


def test_a_name_like_no_other_gets_the_list_of_models(run: Run) -> None:
    message = "No model named 'qqqqqq' is installed. Installed: starter."
    assert message in run("models", "use", "qqqqqq").err


def test_a_model_is_removed_when_the_user_is_sure(
    run: Run, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = run("models", "remove", "mine")
    assert outcome.code == 2
    assert "Add --yes." in outcome.err
    monkeypatch.setattr(models.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "")
    assert run("models", "remove", "mine").code == 1
    assert mine.exists()
    assert run("models", "remove", "mine", "--yes").code == 0
    assert not mine.exists()


def test_of_a_link_to_a_model_only_the_link_is_removed(
    run: Run, mine: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    mine.rename(elsewhere)
    mine.symlink_to(elsewhere)
    outcome = run("models", "remove", "mine", "--yes")
    assert outcome.code == 0, outcome.err
    assert not mine.is_symlink()
    assert (elsewhere / "manifest.json").is_file()


def test_the_starter_stays(run: Run) -> None:
    outcome = run("models", "remove", "starter", "--yes")
    assert outcome.code == 2
    assert "part of the program" in outcome.err


@pytest.mark.parametrize("words", [("use",), ("remove",), ("list", "x"), ("lst",)])
def test_wrong_words_after_models(run: Run, words: tuple[str, ...]) -> None:
    outcome = run("models", *words)
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 2
    if words in {("use",), ("remove",)}:
        assert "Example: wyoming-cosyvoice models use starter" in outcome.err


def test_a_choice_makes_the_data_folder(run: Run, data_dir: Path) -> None:
    shutil.rmtree(data_dir, ignore_errors=True)
    outcome = run("models", "use", "starter")
    assert (outcome.code, outcome.err) == (0, "")
    assert (data_dir / "model-in-use").read_text() == "starter\n"


def test_a_choice_that_cannot_be_saved_is_an_error(run: Run, data_dir: Path) -> None:
    shutil.rmtree(data_dir, ignore_errors=True)
    data_dir.write_text("a file, not a folder")
    outcome = run("models", "use", "starter")
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Use --model starter instead." in outcome.err


def test_releases_are_listed(run: Run, data_dir: Path, tiny_pack: Pack) -> None:
    shutil.copytree(tiny_pack.directory, data_dir / "models/cosyvoice-300m-sft")
    lines = run("fetch", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in RELEASES]
    assert "installed" in lines[0]
    assert "2.3 GB" in lines[1]
    assert len({line.split("Apache-2.0")[1] for line in lines}) == len(lines)


def test_a_voice_is_cloned_and_speaks(run: Run, mine: Path, tmp_path: Path) -> None:
    recording = tmp_path / "ann.wav"
    recording.write_bytes(wav())
    words = ("--language", "en", "--transcript", "A sentence.")
    outcome = run("clone", "Aunt Ann", recording, *words)
    assert outcome.code == 0, outcome.err
    ready = f"Aunt Ann is ready: --voice aunt-ann --model {mine}"
    assert ready in outcome.out
    spoken = run("say", "Hi", "--voice", "aunt-ann", "-o", tmp_path / "x.wav")
    assert spoken.code == 0


def test_own_voices_are_listed_with_those_of_the_model(
    run: Run, mine: Path, data_dir: Path
) -> None:
    VoiceStore(data_dir / "voices").add("Ann", wav(), languages=("en",))
    lines = run("voices", "--model", mine).out.splitlines()
    *lines, blank, abilities = lines
    assert blank == ""
    assert abilities.endswith(" clones voices and converts recordings.")
    assert len(lines) == 8
    assert lines[-1].split() == ["ann", "Ann,", "your", "own", "[en]"]
    listed = json.loads(run("voices", "--model", mine, "--json").out)
    assert [voice["id"] for voice in listed if voice["is_own"]] == ["ann"]


def test_a_voice_is_kept_for_a_model_to_come(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    recording = tmp_path / "ann.wav"
    recording.write_bytes(wav())
    outcome = run("clone", "Ann", recording)
    assert outcome.code == 0
    assert "fetch cosyvoice-300m" in outcome.out
    assert (data_dir / "voices/ann/neutral.wav").exists()


def test_a_voice_of_ones_own_is_marked_with_a_model_that_cannot_clone(
    run: Run, data_dir: Path
) -> None:
    VoiceStore(data_dir / "voices").add("Ann", wav(), languages=("en",))
    line = run("voices", "--model", "starter").out.splitlines()[-1]
    assert line == "ann    Ann, your own; starter cannot speak with it  [en]"


@pytest.mark.parametrize("command", ["clone", "convert-voice"])
def test_a_recording_that_is_not_there_is_named(
    run: Run, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "ann.wav"
    words = ("Ann", path) if command == "clone" else (path, "x.wav", "--voice", "heart")
    outcome = run(command, *words)
    assert outcome.code == 2
    assert outcome.err == f"wyoming-cosyvoice: There is no file {str(path)!r}.\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "cosyvoice-300m",
            "Download it with `wyoming-cosyvoice fetch cosyvoice-300m`.",
        ),
        ("cosyvoice-300m-stf", "Did you mean cosyvoice-300m-sft?"),
        ("startr", "Did you mean starter?"),
        ("mine", "Get one with `wyoming-cosyvoice fetch cosyvoice-300m-sft`"),
    ],
)
def test_a_model_that_is_not_installed_gets_the_command_for_it(
    run: Run, name: str, message: str
) -> None:
    outcome = run("say", "Hi", "--model", name, "-o", "x.wav")
    assert outcome.code == 3
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_the_starter_is_not_fetched(run: Run) -> None:
    outcome = run("fetch", "starter")
    assert outcome.code == 2
    assert "part of the program and needs no download" in outcome.err


def test_a_file_that_is_not_a_recording_makes_no_voice(
    run: Run, tmp_path: Path, data_dir: Path
) -> None:
    path = tmp_path / "ann.wav"
    path.write_text("not sound")
    outcome = run("clone", "Ann", path)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert not (data_dir / "voices").exists()


def complete(line: str) -> list[str]:
    """Ask as bash does."""
    environ = {
        **os.environ,
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_SHELL": "bash",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout",
    }
    child = subprocess.run(
        [sys.executable, "-m", "wyoming_cosyvoice"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return child.stdout.replace("\013", "\n").split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("wyoming-cosyvoice s", {"say", "serve"}),
        ("wyoming-cosyvoice say --vo", {"--voice"}),
        ("wyoming-cosyvoice say hi --voice ", {"heart", "cedar"}),
        ("wyoming-cosyvoice fetch ", {each.name for each in RELEASES}),
        ("wyoming-cosyvoice say hi --model st", {"starter"}),
        ("wyoming-cosyvoice models ", {"list", "use", "remove"}),
    ],
)
def test_words_are_completed(line: str, words: set[str]) -> None:
    found = {word.strip() for word in complete(line)}
    assert words <= found
    if not line.endswith(" "):
        prefix = line.rsplit(maxsplit=1)[-1]
        assert all(word.startswith(prefix) for word in found)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_accept_the_script(run: Run, shell: str, tmp_path: Path) -> None:
    outcome = run("completion", shell)
    assert outcome.code == 0
    assert "wyoming-cosyvoice" in outcome.out
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "completion"
    script.write_text(outcome.out)
    subprocess.run([program, "-n", script], check=True)


def test_bash_completes(run: Run) -> None:
    """The whole way: bash loads the script, asks the program and gets the words."""
    script = run("completion", "bash").out
    folder = Path(sys.executable).parent
    line = "wyoming-cosyvoice fetch cosyvoice-300m-i"
    asking = (
        f'{script}\nCOMP_LINE="{line}" COMP_POINT={len(line)} COMP_TYPE=9\n'
        "COMP_WORDS=(wyoming-cosyvoice fetch cosyvoice-300m-i) COMP_CWORD=2\n"
        "_python_argcomplete wyoming-cosyvoice\n"
        'echo "${COMPREPLY[@]}"'
    )
    environ = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    child = subprocess.run(
        ["bash", "-c", asking], env=environ, capture_output=True, text=True, check=True
    )
    assert child.stdout.split() == ["cosyvoice-300m-instruct"]


def environment(home: Path) -> dict[str, str]:
    """Return one with this program in the path and an empty home."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HOME": str(home), "TERM": "dumb"}


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes(tmp_path: Path) -> None:
    line = "wyoming-cosyvoice fetch cosyvoice-300m-i"
    asking = f"wyoming-cosyvoice completion fish | source; complete -C '{line}'"
    child = subprocess.run(
        ["fish", "-c", asking],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.split() == ["cosyvoice-300m-instruct"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_completes(tmp_path: Path) -> None:
    """In a terminal, by the key: zsh completes nowhere else."""
    (tmp_path / ".zshrc").write_text(
        "autoload -U compinit; compinit -u\n"
        'eval "$(wyoming-cosyvoice completion zsh)"\n'
        "PS1='ready> '\n"
    )
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(shutil.which("zsh") or "", ["zsh", "-i"], environment(tmp_path))  # noqa: S606
    try:
        read_until(terminal, b"ready> ")
        os.write(terminal, b"wyoming-cosyvoice fetch cosyvoice-300m-i\t")
        read_until(terminal, b"wyoming-cosyvoice fetch cosyvoice-300m-instruct ")
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def read_until(terminal: int, wanted: bytes) -> None:
    seen = b""
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, seen
        # Typed letters and what is completed come in pieces, with colours between.
        seen += re.sub(rb"\x1b\[[?\d;]*[a-zA-Z]", b"", os.read(terminal, 4096))
