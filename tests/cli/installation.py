"""An environment with the program installed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def activated(folder: Path) -> dict[str, str]:
    """Return the environment of a terminal after the first block."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WYOMING_COSYVOICE_", "PYTHON", "VIRTUAL_ENV", "XDG_"))
    }
    return {**kept, "PATH": f"{folder}/.venv/bin:{os.environ['PATH']}"}
