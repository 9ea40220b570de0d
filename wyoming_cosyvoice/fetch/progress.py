"""How far a fetch is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """One report; reports come from the thread that fetches."""

    stage: str
    """``wait`` (for another process), ``download`` (bytes) or ``convert`` (tensors)."""

    done: int = 0
    total: int = 0
    file: str = ""
    """What is being downloaded."""


Report = Callable[[Progress], None]
