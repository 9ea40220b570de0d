"""Progress of a download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """One report, made by the downloading thread."""

    stage: str
    """``wait`` (for another process), ``download`` (bytes) or ``convert`` (tensors)."""

    done: int = 0
    total: int = 0
    file: str = ""
    """Name of the file being downloaded."""


Report = Callable[[Progress], None]
