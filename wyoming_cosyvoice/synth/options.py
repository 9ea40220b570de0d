"""How a pack is opened to speak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.utterance import Settings
    from wyoming_cosyvoice.text import Lexicon


@dataclass(frozen=True, slots=True)
class SynthesizerOptions:
    """Settings of the user; None for the values of the pack."""

    threads: int | None = None
    settings: Settings | None = None
    """Steps, guidance and windows."""

    lexicon: Lexicon | None = None

    text_ahead: bool = False
    """Whether readers begin sentences before they are complete, where models can."""

    pause_s: float | None = None
    """Silence between sentences; None depends on their punctuation."""
