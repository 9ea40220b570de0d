"""The versions that are compared: how a program of each is started."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tarfile import TarFile

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the program."""

    name: str
    python: str
    environment: dict[str, str]
    folder: Path
    """Where it is started: ``python -m`` looks for our code there first."""

    @property
    def program(self) -> tuple[str, ...]:
        """What starts this version."""
        return (self.python, "-m", "wyoming_cosyvoice")

    def with_environment(self, variables: dict[str, str]) -> Version:
        """Return this version, started with more variables."""
        return replace(self, environment={**self.environment, **variables})


def find_version(name: str, scratch: Path) -> Version:
    """Return the version that a user means.

    A revision is exported below ``scratch`` and runs with this Python and its packages,
    so that only our own code differs.
    Raises: SystemExit if the version does not exist.
    """
    path = Path(name)
    if path.is_file() and os.access(path, os.X_OK):
        return Version(name, str(path.absolute()), dict(os.environ), scratch)
    tree = ROOT if name == "." else _export(name, scratch)
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return Version(name, sys.executable, environment, tree)


def _export(revision: str, scratch: Path) -> Path:
    folder = scratch / revision.replace("/", "-")
    folder.mkdir()
    command = ["git", "-C", str(ROOT), "archive", revision, "wyoming_cosyvoice"]
    archive = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if archive.returncode:
        sys.exit(f"{revision} is neither a revision nor the Python of a version.")
    with TarFile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder
