"""Model families: the one place where the family of a pack selects its networks.

A family is an architecture: an optional text encoder, a language model, a flow and a
vocoder, and how they are combined. The manifest names it. To add a family, add a
subclass of ``Model`` and a row here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """Opens the packs of a family."""

    def __call__(
        self, pack: Pack, *, threads: int | None, settings: Settings | None
    ) -> Model:
        """Open the networks of a pack.

        Raises: ModelError.
        """


@dataclass(frozen=True, slots=True)
class Family:
    """Properties that all packs of one architecture share."""

    open: Opener
    windows: Windows
    """Default windows of a sentence."""

    has_devices: bool
    """Whether flow and vocoder can be computed on other devices than the CPU."""

    instructions: Mapping[str, str]
    """Emotion -> instruction, for models that follow instructions."""

    fewest_steps: int = 1
    """Flow steps that ``--quality`` keeps at least."""

    languages: Mapping[str, str] = field(default_factory=dict)
    """Language -> instruction, for languages that the text alone does not determine."""


_FAMILIES = {
    "cosyvoice": Family(
        open=VoiceModel,
        windows=Windows(),
        has_devices=True,
        instructions=prosody.INSTRUCTIONS,
    ),
    "cosyvoice2": Family(
        open=open_cosyvoice2,
        windows=WINDOWS,
        has_devices=False,
        instructions=prosody.TRAINED_INSTRUCTIONS,
        languages={"yue": "用粤语说这句话"},
    ),
    "cosyvoice3": Family(
        open=open_cosyvoice3,
        windows=WINDOWS,
        has_devices=False,
        instructions=prosody.TRAINED_INSTRUCTIONS,
        # A port measured 2 dB more at four steps, and a voice that is less like.
        fewest_steps=5,
        languages={"yue": "请用广东话表达。"},
    ),
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
