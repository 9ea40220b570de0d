"""Small real models: seeded random releases, converted by the converter itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.random import layout
from models.random.make_checkpoint import write_release
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.model.voice_model import VoiceModel

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.pack.pack import Pack
    from wyoming_cosyvoice.pack.settings import Precision


@dataclass
class Packs:
    """The packs of one release, each converted when it is first asked for."""

    checkpoint: Path
    folder: Path
    _packs: dict[Precision, Pack] = field(default_factory=dict)
    _models: dict[Precision, VoiceModel] = field(default_factory=dict)

    def pack(self, precision: Precision) -> Pack:
        """Return the pack of a precision; it is shared, so leave its files alone."""
        if precision not in self._packs:
            target = self.folder / precision.value
            self._packs[precision] = convert(
                self.checkpoint, target, precision=precision, name="tiny"
            )
        return self._packs[precision]

    def model(self, precision: Precision) -> VoiceModel:
        """Return the opened networks of a precision."""
        if precision not in self._models:
            self._models[precision] = VoiceModel(self.pack(precision), threads=1)
        return self._models[precision]


def write_tiny_release(folder: Path, *, token_rate: int = 50) -> Path:
    """Write a tiny release, of 50 or 25 speech tokens a second."""
    write_release(folder, layout.TINY)
    path = folder / "cosyvoice.yaml"
    text = path.read_text(encoding="utf-8")
    rate = "input_frame_rate: 50"
    if rate not in text:
        raise ValueError(f"the configuration has no {rate!r}")
    text = text.replace(rate, f"input_frame_rate: {token_rate}")
    path.write_text(text, encoding="utf-8")
    return folder
