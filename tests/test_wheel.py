"""The wheel: all of the program and nothing else, the starter voice included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support import ROOT
from wyoming_cosyvoice import __version__

pytestmark = pytest.mark.ci

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


@pytest.fixture(scope="module")
def fresh(built: tuple[ZipFile, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh environment with the wheel, and our libraries."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder)
    packages = next(folder.glob("lib/python*/site-packages"))
    built[0].extractall(packages)  # noqa: S202 - our own wheel
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin/python"


SPEAK = """
from wyoming_cosyvoice import load
load().save("Hello there.", "hello.wav")
"""

TYPED = """
import numpy as np
from numpy.typing import NDArray
from wyoming_cosyvoice import Config, Synthesizer, load

def speak(text: str) -> NDArray[np.float32]:
    synthesizer: Synthesizer = load("starter", Config())
    return synthesizer.speak(text, voice=synthesizer.voices[0].id, seed=1)

for piece in load().stream("Hello."):
    reveal_type(piece)
load().save(5, "hello.wav")
"""


def test_two_lines_speak_from_the_wheel(fresh: Path, tmp_path: Path) -> None:
    where = "import wyoming_cosyvoice as w; print(w.__file__)"
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": ""}
    done = subprocess.run(
        [fresh, "-c", SPEAK + where],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(fresh.parents[1])
    assert (tmp_path / "hello.wav").read_bytes().startswith(b"RIFF")


@pytest.mark.slow
def test_the_public_face_is_typed_for_those_outside(
    fresh: Path, tmp_path: Path
) -> None:
    (tmp_path / "use.py").write_text(TYPED)
    strict = ("-m", "mypy", "--strict", "--python-executable", fresh, "use.py")
    done = subprocess.run(
        [sys.executable, *strict],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    revealed, wrong, *_ = done.stdout.splitlines()
    assert 'Revealed type is "numpy.ndarray[' in revealed
    assert "floating[numpy._typing._nbit_base._32Bit]" in revealed
    assert 'Argument 1 to "save" of "Synthesizer" has incompatible type "int"' in wrong
    assert "Found 1 error in 1 file" in done.stdout
