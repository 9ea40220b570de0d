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
from pathlib import Path

import pytest
import soundfile

ROOT = Path(__file__).parents[2]
INSTALL = "python3 -m venv .venv && . .venv/bin/activate && pip install --quiet . &&\n"

_MARKED = re.compile(r"<!-- run: (\w+) -->\n```sh\n(.*?)```", re.DOTALL)
_LISTENING = re.compile(r"Listening on tcp://[^ ]*:(\d+)")


def block(name: str) -> str:
    """Return the commands of the README that are marked with ``name``."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return dict(_MARKED.findall(readme))[name]


def shell(commands: str, folder: Path) -> None:
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=activated(folder),
        check=True,
    )


def activated(folder: Path) -> dict[str, str]:
    """Return the environment of a terminal after the first block."""
    return {**os.environ, "PATH": f"{folder}/.venv/bin:{os.environ['PATH']}"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder that looks like a clone with this environment as its own."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    for name in ("models", "wyoming_cosyvoice", "script"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def assert_speaks(folder: Path) -> None:
    samples, rate = soundfile.read(folder / "hello.wav")
    assert rate == 22050
    assert 0.3 < len(samples) / rate < 10
    serve(folder)


def serve(folder: Path) -> None:
    """Start the server as the README says, but anywhere; ask it; stop it."""
    command = block("serve").replace("10200", "0").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
    with subprocess.Popen(
        ["bash", "-c", f"exec {command.strip()} --no-http"],
        cwd=folder,
        env=activated(folder),
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
    """All of it, the installation too, with what is committed and nothing else."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    shell(block("speak"), folder)
    assert_speaks(folder)


def test_ci_runs_what_the_readme_says() -> None:
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8")
    commands = block("test").strip().split(" && ")
    assert [line for line in ci.splitlines() if line.startswith("script/")] == commands
    for command in commands:
        assert os.access(ROOT / command, os.X_OK)
