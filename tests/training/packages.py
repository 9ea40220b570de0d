"""What tests need that run the starter's training code."""

from __future__ import annotations

import importlib.util

import pytest


def needing(*names: str) -> pytest.MarkDecorator:
    """Skip a module's tests where packages are missing, and say which."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    reason = f"needs what models/starter/README.md installs: {', '.join(missing)}"
    return pytest.mark.skipif(bool(missing), reason=reason)


def slow_and_needing(*names: str) -> list[pytest.MarkDecorator]:
    """Mark a module's tests as slow, and skip them where packages are missing."""
    return [pytest.mark.slow, needing(*names)]
