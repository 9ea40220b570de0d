"""Files that have linters, by the linters that are installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.addon.supervisor import ADDON, ROOT

SHELL = sorted(
    path
    for path in (ROOT / "script").iterdir()
    if path.is_file() and b"sh\n" in path.read_bytes()[:24]
)
RULES = (
    "{extends: default, rules: {line-length: {max: 100}, truthy: {check-keys: false}}}"
)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def tool(name: str) -> str:
    beside_python = Path(sys.executable).with_name(name)
    path = shutil.which(name) or (str(beside_python) * beside_python.exists())
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


def test_yaml_is_tidy() -> None:
    files = [
        *ADDON.rglob("*.yaml"),
        *ROOT.glob("*.yaml"),
        *(ROOT / "docs").rglob("*.yaml"),
        *(ROOT / ".github").rglob("*.yml"),
    ]
    run(tool("yamllint"), "--strict", "-d", RULES, *files)


def test_the_apparmor_profile_is_understood(tmp_path: Path) -> None:
    parser = tool("apparmor_parser")
    profile = ADDON / "apparmor.txt"
    run(parser, "-Q", "-K", "-b", "/etc/apparmor.d", profile)
    broken = tmp_path / "broken.txt"
    broken.write_text(profile.read_text().replace("signal (receive) peer", "signal ("))
    command = [parser, "-Q", "-K", "-b", "/etc/apparmor.d", broken]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_shell_scripts_are_sound() -> None:
    run(tool("shellcheck"), *SHELL)


def test_the_dockerfile_is_sound() -> None:
    # Debian's packages are fixed by the date of the base image, which is pinned.
    run(tool("hadolint"), "--ignore", "DL3008", ROOT / "Dockerfile")
