"""Every command in the documents is run: here, by another test, or there is a reason.

What is not run here stands in ``RUN_BY`` and ``CANNOT_RUN``, by how it begins. All else
is run as it stands, document by document, in the order of the text, in a folder that
looks like a clone, with a hub on loopback and tiny models in place of the real ones.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.commands import DOCUMENTS, commands
from tests.support import ROOT
from tests.support.hub import running_hub
from tests.support.recordings import wav
from tests.support.release import write_tiny_release
from wyoming_cosyvoice.cli import main
from wyoming_cosyvoice.cli.parser import PROGRAM, parse
from wyoming_cosyvoice.fetch import sources
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.release import Packs

pytestmark = pytest.mark.ci

CHINESE = ROOT / "README.zh.md"
TRAINING = ROOT / "models/starter/README.md"

SERVING = "tests/cli/test_readme.py::test_program_speaks_and_serves"
RUN_BY = {
    "script/build_reading.py": "tests/docs/test_reading.py",
    "python3 -m venv .venv && . .venv/bin/activate": (
        "tests/cli/test_readme.py::test_fresh_clone_speaks_and_serves"
    ),
    f"{PROGRAM} --uri": SERVING,
    f"{PROGRAM} serve": SERVING,
    "script/setup": "tests/addon/test_setup.py",
    "script/write-settings": (
        "tests/cli/test_config_file.py"
        "::test_the_page_of_settings_is_what_the_program_has"
    ),
    "script/attack": "tests/faults/test_attack.py::test_nothing_is_beyond_the_promises",
    "script/set-repository": "tests/addon/test_addresses.py",
    "script/soak": (
        "tests/faults/test_soak.py::test_the_server_is_well_after_a_few_seconds"
    ),
    "python -m pytest tests/unit/text": "tests/unit/text",
}
"""What another test runs."""

CANNOT_RUN = {
    "script/build_japanese.py": "needs 100 MB of a Debian package",
    "docker": "there is no engine; script/image-check builds and runs the image",
    "kubectl": "there is no cluster; tests/scaling validates the manifest",
    "pip install": "it downloads; .ci/run installs the same",
    "pip uninstall": "it would remove what is being tested",
    "pipx": "it downloads; what it installs is the package that `pip install` does",
    "script/lint": ".ci/run runs it before the tests",
    "script/test": "it is what runs this test",
    "script/format": "it would change what is being tested",
    "script/compare-speed": "it measures for minutes; a version needs the history",
    "script/compare-families": "it measures for minutes with three large models",
    "script/measure-large": "it measures for many minutes with a large model",
    "script/image-check": "minutes, as root; a job of the workflow runs it",
    "script/check-wheels": "it downloads 400 MB",
    "script/weigh-library": "it downloads a library for each Python",
    "script/home-assistant-check": "it needs a Home Assistant",
    "script/rooms": "it measures for a minute; tests/faults/test_soak.py does a little",
    "script/build_homophones.py": "it needs dictionaries that are not dependencies",
    "script/make-samples": "it writes the samples that another test looks into",
    "script/readme-picture": "it needs Chromium",
    "script/page-pictures": "it needs Chromium; a slow test compares what it took",
    "python script/draw_icons.py": "it needs Pillow, which is not a dependency",
    "python -m tests.unit.text.benchmark": "it measures for a minute",
    "python -m tests.unit.text.third_party": "it needs the tables of other projects",
    "python -m models.starter.recipe": "hours; tests/training/test_recipe.py runs it",
    "python -m models.starter": "it needs PyTorch or what other voices are made of",
}
"""What cannot run here, and why; what it calls has to exist all the same."""

# What a reader has anyway, or installs by the line before.
TOOLS = {
    *(".", "aplay", "apt-get", "cd", "docker", "export", "mkdir", "npm", "pipx", "tar"),
}

SMALLER = {
    # The sizes of the official models: 1.7 and 2.6 GB.
    " --size 300m": "",
    " --size cosyvoice2": " --size tiny2",
    " --clients 1,2,4,8,12,16": " --clients 1,2",
    f"{PROGRAM} bench": (
        f"{PROGRAM} bench --runs 1 --text-tokens 5 --tokens 30 --steps 1"
    ),
}
"""What would take minutes, and the same with less to do."""

# Takes what is played and plays it to nobody, in the time that it would take: a player
# that ends earlier has failed.
PLAYER = """#!/bin/sh
cat >played.wav
sleep $(($(wc -c <played.wav) / 44100 + 1))
"""


def of_table(table: dict[str, str], command: str) -> list[str]:
    return [start for start in table if command.startswith(start)]


def runnable(path: Path) -> list[str]:
    return [
        command
        for command in commands(path)
        if not of_table({**RUN_BY, **CANNOT_RUN}, command)
    ]


WITH_COMMANDS = [
    path for path in DOCUMENTS if path not in {TRAINING, CHINESE} and runnable(path)
]


@pytest.fixture
def clone(tmp_path: Path, tiny_packs: Packs, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that looks like a clone, with all that the documents speak of."""
    folder, release = tmp_path / "clone", tmp_path / "release"
    folder.mkdir()
    write_tiny_release(release)
    places = {name: ROOT / name for name in ("models", "tests", "wyoming_cosyvoice")}
    places |= dict.fromkeys(("CosyVoice-300M-SFT", "CHECKPOINT_DIR"), release)
    places["MODEL"] = tiny_packs.pack(Precision.INT8).directory
    places["FP32_MODEL"] = tiny_packs.pack(Precision.FP32).directory
    for name, place in places.items():
        (folder / name).symlink_to(place)
    player = tmp_path / "bin/aplay"
    player.parent.mkdir()
    player.write_text(PLAYER)
    player.chmod(0o755)
    here = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{player.parent}:{here}:{os.environ['PATH']}")
    for name in os.environ:
        if name.startswith("WYOMING_COSYVOICE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("WYOMING_COSYVOICE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(folder)
    return folder


def run(command: str) -> None:
    for large, tiny in SMALLER.items():
        command = command.replace(large, tiny)
    words = shlex.split(command, comments=True)
    if words[0] == PROGRAM and "|" not in words:
        # The same as the shell would do, without the second that starting takes.
        assert main(words[1:]) == 0, command
    else:
        subprocess.run(["bash", "-euo", "pipefail", "-c", command], check=True)


@pytest.mark.parametrize(
    "path", WITH_COMMANDS, ids=lambda path: str(path.relative_to(ROOT))
)
@pytest.mark.usefixtures("clone")
def test_commands_do_what_the_document_says(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {file.name: file.read_bytes() for file in (tmp_path / "release").iterdir()}
    with running_hub(files) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setattr(sources, "_MODEL_SCOPE", hub.url)
        for command in runnable(path):
            run(command)


def test_commands_are_found() -> None:
    assert len(runnable(ROOT / "README.md")) >= 10
    assert len(WITH_COMMANDS) >= 5


def test_the_chinese_readme_has_the_same_commands() -> None:
    assert [*commands(CHINESE)] == [*commands(ROOT / "README.md")]


def test_each_reason_is_needed() -> None:
    found = [command for path in DOCUMENTS for command in commands(path)]
    for start in {**RUN_BY, **CANNOT_RUN}:
        assert any(command.startswith(start) for command in found), start


@pytest.mark.parametrize("test", sorted(set(RUN_BY.values())))
def test_tests_that_run_commands_exist(test: str) -> None:
    path, _, name = test.partition("::")
    assert (ROOT / path).exists()
    assert not name or f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def check(words: list[str]) -> None:
    """See that what a simple command calls exists, with these flags if it is ours."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    program = words[0].removeprefix(".venv/bin/")
    if program == PROGRAM:
        parse(words[1:])
    elif program.startswith("script/"):
        assert os.access(ROOT / program, os.X_OK), program
    elif program in {"python", "python3"}:
        if words[1] == "-m" and words[2].startswith("models."):
            assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").exists()
        elif not words[1].startswith("-"):
            assert (ROOT / words[1].removesuffix("...")).exists(), words[1]
    elif program == "pip":
        setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
        for extra in re.findall(r"\.\[(\w+)\]", " ".join(words)):
            assert f"\n{extra} =\n" in setup
    elif program == "kubectl":
        assert (ROOT / words[words.index("-f") + 1]).exists()
    else:
        assert program in TOOLS, program


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_command_exists(path: Path) -> None:
    for command in commands(path):
        for part in re.split(r"\s(?:&&|\|)\s", command.strip("()")):
            check(shlex.split(part, comments=True))


def test_commands_of_the_training_have_their_flags() -> None:
    """They take hours, so what can be seen is that nothing was renamed."""
    text = TRAINING.read_text(encoding="utf-8")
    called = re.findall(r"python -m (models\.starter[\w.]*)([^`\n]*)", text)
    assert len(called) > 10
    for name, flags in called:
        script = (ROOT / name.replace(".", "/")).with_suffix(".py")
        source = script.read_text(encoding="utf-8")
        for flag in re.findall(r"--[a-z][\w-]*", flags):
            assert f'"{flag}"' in source, f"{name} {flag}"


HELPED = (
    *("serve", "say", "voices", "models", "clone", "fetch", "convert", "bench"),
    *("doctor", "health", "completion"),
)


def examples(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the examples of a help."""
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    shown = capsys.readouterr().out.partition("examples:\n")[2]
    return [line.strip() for line in shown.partition("\n\n")[0].splitlines()]


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Give a function that puts free ports in the place of those of an example."""
    ports: dict[str, int] = {}

    def free(command: str) -> str:
        for port in re.findall(r"(?<=:)\d{4,5}\b", command):
            if port not in ports:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 0))
                    ports[port] = probe.getsockname()[1]
        return re.sub(r"(?<=:)\d{4,5}\b", lambda found: str(ports[found[0]]), command)

    monkeypatch.setenv("WYOMING_COSYVOICE_URI", free("tcp://127.0.0.1:10200"))
    monkeypatch.setenv("WYOMING_COSYVOICE_HTTP", free("127.0.0.1:8080"))
    return free


@contextlib.contextmanager
def served(command: str) -> Iterator[None]:
    """Run a command that serves until it listens, and stop it at the end."""
    words = [sys.executable, "-m", "wyoming_cosyvoice", *shlex.split(command)[1:]]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            assert any("Listening on" in line for line in server.stderr), command
            yield
            server.send_signal(signal.SIGTERM)
            server.stderr.read()
            assert server.wait() == 0
        finally:
            server.kill()


@pytest.mark.parametrize("name", ["", *HELPED])
def test_examples_of_the_help_run(
    name: str,
    clone: Path,
    tmp_path: Path,
    free_ports: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With what is installed: the starter, a hub in place of the real ones, a player.

    Files that an example reads lie there, as they would at a user's.
    """
    (clone / "chapter.txt").write_text("Hello there.\n", encoding="utf-8")
    (clone / "grandma.wav").write_bytes(wav())
    files = {file.name: file.read_bytes() for file in (tmp_path / "release").iterdir()}
    found = examples([name] if name else [], capsys)
    assert found
    with running_hub(files) as hub, contextlib.ExitStack() as stack:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setattr(sources, "_MODEL_SCOPE", hub.url)
        if name == "health":
            stack.enter_context(served(f"{PROGRAM} serve"))
        for example in found:
            command = free_ports(example)
            is_server = re.match(rf"{PROGRAM} (serve|--)", f"{command} ")
            if is_server:
                with served(command):
                    pass
            else:
                run(command)
