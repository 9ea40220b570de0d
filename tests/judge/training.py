"""What tests need that run the starter's training code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

TRAIN = Path(__file__).parents[2] / "models/starter/train"


def slow_and_needing(*names: str) -> list[pytest.MarkDecorator]:
    """Mark a module's tests as slow, and skip them where a package is missing."""
    is_whole = all(importlib.util.find_spec(name) for name in names)
    reason = "needs what models/starter/README.md installs"
    return [pytest.mark.slow, pytest.mark.skipif(not is_whole, reason=reason)]
