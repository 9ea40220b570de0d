"""State of a model that is installed or can be downloaded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """Snapshot of one model."""

    name: str
    state: str
    """``in-use``, ``loading`` (to be used next), ``installed``, ``damaged``,
    ``available``, ``downloading`` or ``failed``."""

    description: str = ""
    kind: str = ""
    licence: str = ""
    precision: str = ""
    voices: int = 0
    family: str = ""
    languages: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    """What else it can do, in the words of ``synth.abilities``."""

    size_bytes: int = 0
    """Size on disk or of the download."""

    size_is_about: bool = False
    """Whether the size is an estimate."""

    done_bytes: int | None = None
    """Progress of a running download."""

    error: str | None = None
    """Why it cannot be used or the download failed."""
