"""What is known of a model that is here, or can be had."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model at one moment."""

    name: str
    state: str
    """``in-use``, ``loading`` (to be used next), ``installed``, ``damaged``,
    ``available``, ``downloading`` or ``failed``."""

    description: str = ""
    kind: str = ""
    licence: str = ""
    precision: str = ""
    voices: int = 0
    size_bytes: int = 0
    """On disk, or to download."""

    size_is_about: bool = False
    """Whether nobody has measured the size."""

    done_bytes: int | None = None
    """Of a model that is being downloaded."""

    error: str | None = None
    """Why it cannot be used, or could not be had."""
