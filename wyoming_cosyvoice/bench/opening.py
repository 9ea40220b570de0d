"""Open a model for measurements, even without a tokenizer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.chunked_model import ChunkedModel
from wyoming_cosyvoice.model.device import CPU
from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.model.families import open_model as open_networks
from wyoming_cosyvoice.model.utterance import Settings
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import FlowSettings

_NO_TOKENIZER = "none"

Measurable = VoiceModel | ChunkedModel
"""The models whose stages are known here."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The networks and, if there is a tokenizer, the synthesizer."""

    model: Measurable
    synthesizer: PackSynthesizer | None

    def warm_up(self) -> None:
        """Do what the server does before its first sentence."""
        if self.synthesizer is not None:
            self.synthesizer.warm_up()


def open_model(
    pack: Pack,
    *,
    threads: int,
    flow: FlowSettings | None = None,
    device: Device = CPU,
) -> Opened:
    """Open a pack as the server does; ``flow`` instead of the pack's own settings.

    Raises: ModelError.
    """
    windows = family_of(pack.manifest).windows
    settings = Settings(flow or pack.manifest.flow, windows, device)
    if pack.manifest.tokenizer.kind == _NO_TOKENIZER:
        model, synthesizer = (
            open_networks(pack, threads=threads, settings=settings),
            None,
        )
    else:
        options = SynthesizerOptions(threads=threads, settings=settings)
        synthesizer = PackSynthesizer.open(pack, options)
        model = synthesizer.model
    if not isinstance(model, Measurable):
        raise ModelUnsupported(
            f"The family of the pack {pack.directory.name} cannot be measured.",
            remedy="Update this program.",
        )
    return Opened(model, synthesizer)
