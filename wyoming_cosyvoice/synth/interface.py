"""What a synthesizer can do that takes in voices, and how to ask it in its worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.model.cloning import CANNOT_CLONE, CLONING_REMEDY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.features.recording import Recording
    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.voices import Voice


@runtime_checkable
class Listener(Protocol):
    """A synthesizer that can take in voices; all but the property in the worker."""

    @property
    def cloning_key(self) -> str | None:
        """Of the networks that listen; None if it has none."""

    def listen(self, recording: Recording, transcript: str = "") -> PromptFeatures:
        """Return what it hears."""

    def add_voice(
        self,
        voice: Voice,
        heard: Mapping[str, PromptFeatures],
        *,
        language: str | None = None,
        is_listed: bool = True,
    ) -> None:
        """Add a voice, or replace it."""

    def remove_voice(self, voice_id: str) -> None:
        """Forget a voice."""

    def emotion_by(self, voice_id: str) -> str:
        """Return how a voice shows emotion."""


def as_listener(synthesizer: object) -> Listener:
    """Return a synthesizer that can listen.

    Raises: ModelUnsupported if it cannot.
    """
    if not isinstance(synthesizer, Listener):
        raise ModelUnsupported(CANNOT_CLONE, remedy=CLONING_REMEDY)
    return synthesizer


def hear(recording: Recording, transcript: str, synthesizer: object) -> PromptFeatures:
    """Let a synthesizer listen to a recording.

    Raises: ModelUnsupported, SynthesisError.
    """
    return as_listener(synthesizer).listen(recording, transcript)


def forget(voice_id: str, synthesizer: object) -> None:
    """Let a synthesizer forget a voice.

    Raises: ModelUnsupported.
    """
    as_listener(synthesizer).remove_voice(voice_id)
