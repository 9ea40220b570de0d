"""One sentence, and how a model speaks all of its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.model.phone_times import PhoneTimes
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.model.streaming import Windows
    from wyoming_cosyvoice.pack.settings import FlowSettings


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence, ready for the networks."""

    text_tokens: Sequence[int]
    speaker: Speaker
    min_tokens: int
    """Speech tokens before which it cannot end."""

    max_tokens: int
    """Speech tokens at which it is ended."""

    prompt_text: Sequence[int] = ()
    """Text tokens before the text: the recording's words, or an instruction."""

    prompt_speech: Sequence[int] = ()
    """Speech tokens of the recording that the language model continues."""

    hears_speaker: bool = True
    """Whether the language model gets the speaker (not in Instruct mode)."""

    speed: float = 1.0
    prosody: Prosody | None = None
    times: PhoneTimes | None = None
    """Filled with when each text token is spoken, by models whose tokens tell."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model speaks, for all of its sentences."""

    flow: FlowSettings
    windows: Windows | None
    """None speaks each sentence in one window, when all of its tokens are known."""
