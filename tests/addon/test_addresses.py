"""The address of the repository stands in setup.cfg; all that repeat it agree."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = re.compile(r"ghcr\.io/[\w./-]+")


def tracked(root: Path) -> list[Path]:
    """Return the files of the repository that hold text."""
    if shutil.which("git") is None or not (root / ".git").exists():
        pytest.skip("this is not a clone")
    command = ["git", "grep", "-z", "-l", "-I", "-e", ""]
    found = subprocess.run(command, cwd=root, capture_output=True, check=True)
    return [root / name for name in found.stdout.decode().split("\0") if name]


def url_of(root: Path) -> str:
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", encoding="utf-8")
    return setup["metadata"]["url"]


def check(root: Path) -> None:
    url = url_of(root)
    owner = url.split("/")[3].lower()
    for name in ("addon/config.yaml", "repository.yaml"):
        assert yaml.safe_load((root / name).read_text())["url"] == url
    for name in ("README.md", "README.zh.md"):
        assert f"`{url}`" in (root / name).read_text(encoding="utf-8")
    assert f'.source="{url}"' in (root / "Dockerfile").read_text()
    names = {f"ghcr.io/{owner}/wyoming-cosyvoice{end}" for end in ("", "-addon")}
    found = set()
    for path in tracked(root):
        if path.suffix != ".py":
            found.update(IMAGE.findall(path.read_text(encoding="utf-8")))
    assert found == names


def test_they_agree() -> None:
    check(ROOT)


def test_the_script_changes_all_of_them(tmp_path: Path) -> None:
    for path in tracked(ROOT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for command in ("init --quiet", "add ."):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    script = tmp_path / "script/set-repository"
    subprocess.run([script, "https://github.com/Some-One/else"], check=True)
    assert url_of(tmp_path) == "https://github.com/Some-One/else"
    check(tmp_path)
    old = url_of(ROOT)
    left = [path for path in tracked(tmp_path) if old in path.read_text("utf-8")]
    assert left == []


@pytest.mark.parametrize("address", ["", "else", "https://github.com/a/b/c"])
def test_the_script_refuses_an_invalid_address(address: str) -> None:
    done = subprocess.run([ROOT / "script/set-repository", address], check=False)
    assert done.returncode == 2
