"""A sentence as input for the networks, and the settings of a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.device import CPU

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.model.phone_times import PhoneTimes
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.rising import Rise
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.model.streaming import Windows
    from wyoming_cosyvoice.pack.settings import FlowSettings


@dataclass(frozen=True, slots=True)
class Utterance:
    """Inputs of the networks for one sentence."""

    text_tokens: Sequence[int]
    speaker: Speaker
    min_tokens: int
    """Minimum number of speech tokens."""

    max_tokens: int
    """Maximum number of speech tokens."""

    prompt_text: Sequence[int] = ()
    """Text tokens before the text: the transcript of the prompt, or an instruction."""

    opening_tokens: int = 0
    """How many of ``prompt_text`` precede all speech, if text is fed while speech
    comes: instructions."""

    prompt_speech: Sequence[int] = ()
    """Speech tokens of the recording that the language model continues."""

    uses_speaker: bool = True
    """Whether the language model gets the speaker (not in Instruct mode)."""

    speed: float = 1.0
    prosody: Prosody | None = None
    rise: Rise | None = None
    """The end of a question, for models with an alignment."""

    times: PhoneTimes | None = None
    """Filled with the times of the text tokens, by models with an alignment."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings for all sentences of a model."""

    flow: FlowSettings
    windows: Windows | None
    """None: synthesize each sentence in one window, when all its tokens are known."""

    device: Device = CPU
    """Where flow and vocoder are computed."""
