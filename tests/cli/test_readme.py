"""What the documents tell a newcomer to type does what they say.

A block of commands after ``<!-- run: NAME -->`` is run here as it stands: always in a
folder that looks like a clone with the program installed, and, marked slow, in a real
clone with nothing installed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import soundfile

from tests.cli.installation import activated
from tests.support import ROOT
from tests.support.hub import running_hub
from tests.support.release import write_tiny_release

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ci

ELSEWHERE = ("docker ", "modelscope")
"""In blocks that need an engine for containers, or a hub that no variable names."""

PARTS = {
    # All of them would run this test as well.
    "script/test": "script/test tests/unit/test_config.py tests/cli/test_say.py",
    "bench": "bench --runs 1 --text-tokens 5 --tokens 30",
}
"""What would take long, and the part of it that is run here."""

INSTALL = "python3 -m venv .venv && . .venv/bin/activate && pip install --quiet . &&\n"

_MARKED = re.compile(r"<!-- run: (\w+) -->\n```sh\n(.*?)```", re.DOTALL)
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LISTENING = re.compile(r"Listening on tcp://[^ ]*:(\d+)")


def block(name: str) -> str:
    """Return the commands of the README that are marked with ``name``."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return dict(_MARKED.findall(readme))[name]


def shell(commands: str, folder: Path, **environ: str) -> None:
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=activated(folder) | environ,
        check=True,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder that looks like a clone with this environment as its own."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for name in ("models", "wyoming_cosyvoice", "script"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def assert_speaks(folder: Path, **environ: str) -> None:
    samples, rate = soundfile.read(folder / "hello.wav")
    assert rate == 22050
    assert 0.3 < len(samples) / rate < 10
    serve(folder, **environ)


def serve(folder: Path, **environ: str) -> None:
    """Start the server as the README says, but anywhere; ask it; stop it."""
    command = block("serve").replace("10200", "0").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    with subprocess.Popen(
        ["bash", "-c", f"exec {command.strip()} --no-http"],
        cwd=folder,
        env=activated(folder) | environ,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        try:
            port = next(filter(None, map(_LISTENING.search, server.stderr)))[1]
            program = folder / ".venv/bin/wyoming-cosyvoice"
            uri = f"tcp://127.0.0.1:{port}"
            subprocess.run([program, "health", "--uri", uri], check=True)
            server.send_signal(signal.SIGTERM)
            server.stderr.read()
            assert server.wait() == 0
        finally:
            server.kill()


def test_install_comes_first() -> None:
    assert block("speak").startswith(INSTALL)


def test_program_speaks_and_serves(clone: Path) -> None:
    shell(block("speak").removeprefix(INSTALL), clone)
    assert_speaks(clone)


@pytest.mark.slow
def test_fresh_clone_speaks_and_serves(tmp_path: Path) -> None:
    """Every block, in its order, in one clone of what is committed, nothing else there.

    So what one command installs is in the way of none that comes after it.
    """
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a clone")
    folder, release = tmp_path / "clone", tmp_path / "release"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    write_tiny_release(release)
    (folder / "my-model").symlink_to(folder / "wyoming_cosyvoice/starter")
    files = {file.name: file.read_bytes() for file in release.iterdir()}
    home = tmp_path / "home"
    home.mkdir()
    with running_hub(files) as hub:
        environ = {"HOME": str(home), "HF_ENDPOINT": hub.url}
        ran = [
            commands
            for commands in _BLOCK.findall((ROOT / "README.md").read_text("utf-8"))
            if run_block(commands, folder, environ)
        ]
    assert {block("speak"), block("serve"), block("test")} < {*ran}


def run_block(commands: str, folder: Path, environ: dict[str, str]) -> bool:
    """Run a block, and see that the program works then; return whether it could run."""
    if any(word in commands for word in ELSEWHERE):
        return False
    if commands == block("serve"):
        serve(folder, **environ)
        return True
    for whole, part in PARTS.items():
        commands = commands.replace(whole, part)
    shell(commands, folder, **environ)
    assert_speaks(folder, **environ)
    return True


def test_ci_runs_what_the_readme_says() -> None:
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    commands = block("test").strip().split(" && ")
    assert [line for line in ci.splitlines() if line.startswith("script/")] == commands
    for command in commands:
        assert os.access(ROOT / command.split()[0], os.X_OK)
