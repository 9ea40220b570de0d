"""The packages of the image, installed as the Dockerfile says, without building it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.addon.supervisor import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def pip(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    subprocess.run(command, check=True)


@pytest.mark.slow
def test_the_image_reads_numbers_of_european_languages(tmp_path: Path) -> None:
    """Wheels only are installed, and docopt, which num2words needs, has none."""
    made = re.search(r"pip wheel .* \. (docopt==\S+)", DOCKERFILE)
    (extras,) = re.findall(r'wyoming_cosyvoice-\*\.whl\)\[([\w,]+)\]"', DOCKERFILE)
    assert made is not None
    assert "european" in extras.split(",")
    assert "--only-binary=:all: --find-links /wheels" in DOCKERFILE
    wheels, packages = tmp_path / "wheels", tmp_path / "packages"
    pip("wheel", "--no-deps", "--wheel-dir", wheels, made[1])
    wanted = ("--only-binary=:all:", "--find-links", wheels, "num2words>=0.5.14")
    pip("install", "--target", packages, *wanted)
    code = (
        "import num2words; from wyoming_cosyvoice.text.normalize import normalize;"
        f"assert num2words.__file__.startswith({str(packages)!r});"
        "print(normalize('Es sind 21 Grad.', 'de')[0])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": str(packages)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "Es sind einundzwanzig Grad."
