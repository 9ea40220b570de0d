"""The wheel: all of the program and nothing else, the starter voice included."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from wyoming_cosyvoice import __version__

ROOT = Path(__file__).parents[1]
PACKAGE = "wyoming_cosyvoice"
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE")
LEFT_BY_RUNNING = ("__pycache__", "*.pyc", ".verified.json*")
BUILD_SOURCES = "from setuptools import build_meta; build_meta.build_sdist('.')"
BUILD_WHEEL = "from setuptools import build_meta; build_meta.build_wheel('.')"


def run(program: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[ZipFile, str]:
    """Return the wheel, and what building it said.

    As for a release: the wheel is made of the archive of sources, not of the clone.
    """
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(
        ROOT / PACKAGE,
        folder / PACKAGE,
        ignore=shutil.ignore_patterns(*LEFT_BY_RUNNING),
    )
    said = run(BUILD_SOURCES, folder)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    sources = next(folder.glob("*.tar.gz")).name.removesuffix(".tar.gz")
    said += run(BUILD_WHEEL, folder / sources)
    return ZipFile(next((folder / sources).glob("*.whl"))), said


def test_it_has_every_file_of_the_package(built: tuple[ZipFile, str]) -> None:
    wheel, _ = built
    own = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / PACKAGE).rglob("*")
        if path.is_file() and not any(map(path.match, LEFT_BY_RUNNING))
    }
    assert f"{PACKAGE}/starter/manifest.json" in own
    metadata = f"{PACKAGE}-{__version__}.dist-info/"
    assert {name for name in wheel.namelist() if not name.startswith(metadata)} == own
    assert f"{metadata}licenses/LICENSE" in wheel.namelist()


def test_building_it_warns_of_nothing(built: tuple[ZipFile, str]) -> None:
    assert "Warning" not in built[1]
