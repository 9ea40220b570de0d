"""A voice and who shows its emotions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.voices import Voice


@dataclass(frozen=True, slots=True)
class OwnSpeaker:
    """A voice and its speakers by emotion, of which there is at least one."""

    voice: Voice
    speakers: Mapping[str, Speaker]

    @property
    def neutral(self) -> Speaker:
        """The speaker for everything that has no recording of its own."""
        return self.speakers.get("neutral") or next(iter(self.speakers.values()))
