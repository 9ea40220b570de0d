"""Where the results of the originals lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def default_directory(family: str) -> Path:
    """Return our own directory of a family: its tiny networks."""
    return Path(__file__).parent / f"{family}-tiny"


def find_directory(family: str) -> Path:
    """Return what REFERENCE_DIR names, or ours; skip if it holds another family."""
    found = Path(os.environ.get("REFERENCE_DIR", default_directory(family)))
    if not (found / "checkpoint" / f"{family}.yaml").exists():
        pytest.skip("REFERENCE_DIR holds another family")
    return found
