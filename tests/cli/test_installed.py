"""The installed program is only read: what it has to save_choice is kept elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.installation import activated
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.ci

LISTENING = re.compile(r"Ready to speak")


def found_in(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mtime_ns,
            path.lstat().st_size,
        )
        for path in folder.rglob("*")
    }


class Installed:
    """A copy of the program as ``pip install`` makes one, and a user."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site-packages"
        shutil.copytree(
            ROOT / "wyoming_cosyvoice",
            self.site / "wyoming_cosyvoice",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        self.home = folder / "home"
        self.home.mkdir()
        self.environ = activated(folder) | {
            "HOME": str(self.home),
            "PYTHONPATH": str(self.site),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "wyoming_cosyvoice", *arguments]

    def run(self, *arguments: str) -> None:
        subprocess.run(
            self.command(*arguments), cwd=self.home.parent, env=self.environ, check=True
        )

    def serve(self) -> None:
        arguments = ("serve", "--uri", "tcp://127.0.0.1:0", "--no-http")
        with subprocess.Popen(
            self.command(*arguments),
            cwd=self.home.parent,
            env=self.environ,
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            assert server.stderr is not None
            try:
                assert any(map(LISTENING.search, server.stderr))
                server.send_signal(signal.SIGTERM)
                server.stderr.read()
                assert server.wait() == 0
            finally:
                server.kill()


@pytest.mark.parametrize("has_data_folder", [False, True])
def test_nothing_is_written_into_the_installed_program(
    tmp_path: Path, has_data_folder: bool
) -> None:
    installed = Installed(tmp_path)
    data = installed.home / ".local/share/wyoming-cosyvoice"
    if has_data_folder:
        data.mkdir(parents=True)
    before = found_in(installed.site)
    assert "wyoming_cosyvoice/starter/manifest.json" in before
    installed.run("say", "Hello.", "--output", os.devnull)
    installed.run("voices")
    installed.run("doctor")
    installed.serve()
    assert found_in(installed.site) == before
    if has_data_folder:
        assert list(data.iterdir()) == []
    else:
        assert list(installed.home.iterdir()) == []
