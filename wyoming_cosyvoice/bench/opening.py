"""Open a model to measure it, also one that cannot read text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.voice_model import Settings, VoiceModel
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer, SynthesizerOptions

if TYPE_CHECKING:
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import FlowSettings

_NO_TOKENIZER = "none"


@dataclass(frozen=True, slots=True)
class Opened:
    """The networks and, where there is a tokenizer, all that makes them speak text."""

    model: VoiceModel
    synthesizer: PackSynthesizer | None

    def warm_up(self) -> None:
        """Do what the server does before its first sentence."""
        if self.synthesizer is not None:
            self.synthesizer.warm_up()


def open_model(pack: Pack, *, threads: int, flow: FlowSettings | None = None) -> Opened:
    """Open a pack as the server does; ``flow`` instead of the pack's own settings.

    Raises: ModelError.
    """
    settings = Settings(flow or pack.manifest.flow, Windows())
    if pack.manifest.tokenizer.kind == _NO_TOKENIZER:
        return Opened(VoiceModel(pack, threads=threads, settings=settings), None)
    options = SynthesizerOptions(threads=threads, settings=settings)
    synthesizer = PackSynthesizer.open(pack, options)
    if not isinstance(synthesizer.model, VoiceModel):
        message = (
            f"The pack {pack.directory.name} holds a family that cannot be measured"
        )
        raise ModelUnsupported(message, remedy="Measure a pack of CosyVoice 1.")
    return Opened(synthesizer.model, synthesizer)
