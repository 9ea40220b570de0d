"""The families of models: the one place where a pack's family chooses its networks.

A family is an architecture: a text encoder or none, a language model, a flow, a
vocoder, and how they work together. The manifest names it. Another family is another
class of ``Model`` and one more row here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from wyoming_cosyvoice.model import prosody
from wyoming_cosyvoice.model.chunked_model import WINDOWS
from wyoming_cosyvoice.model.cosyvoice2 import open_cosyvoice2
from wyoming_cosyvoice.model.cosyvoice3 import open_cosyvoice3
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.voice_model import VoiceModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.model.model import Model
    from wyoming_cosyvoice.model.utterance import Settings
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.pack.pack import Pack


class Opener(Protocol):
    """What opens the packs of a family."""

    def __call__(
        self, pack: Pack, *, threads: int | None, settings: Settings | None
    ) -> Model:
        """Open the networks of a pack.

        Raises: ModelError.
        """


@dataclass(frozen=True, slots=True)
class Family:
    """What packs of one architecture have in common."""

    open: Opener
    windows: Windows
    """How a sentence is cut, unless a user sets it."""

    instructions: Mapping[str, str]
    """What tells a model that follows instructions to show an emotion."""


_FAMILIES = {
    "cosyvoice": Family(VoiceModel, Windows(), prosody.INSTRUCTIONS),
    "cosyvoice2": Family(open_cosyvoice2, WINDOWS, prosody.TRAINED_INSTRUCTIONS),
    "cosyvoice3": Family(open_cosyvoice3, WINDOWS, prosody.TRAINED_INSTRUCTIONS),
}


def family_of(manifest: Manifest) -> Family:
    """Return the family of a pack."""
    return _FAMILIES[manifest.family]


def open_model(
    pack: Pack, *, threads: int | None = None, settings: Settings | None = None
) -> Model:
    """Open the networks of a pack.

    Raises: ModelError.
    """
    return family_of(pack.manifest).open(pack, threads=threads, settings=settings)
