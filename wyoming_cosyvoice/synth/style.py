"""How a sentence is spoken: by an instruction, by a recording, or by prosody.

Instruct models follow a text. The others have voices with recordings of emotions, or
else change pitch, rate and energy of the neutral voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.model.prosody import EXCLAIMED, PROSODIES

if TYPE_CHECKING:
    from wyoming_cosyvoice.model.prosody import Prosody
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.synth.voice_table import VoiceSpeakers


@dataclass(frozen=True, slots=True)
class Manner:
    """How one sentence is spoken."""

    speaker: Speaker
    speed: float = 1.0
    instruction: str | None = None
    prosody: Prosody | None = None
    """None leaves pitch and energy to the model."""


class Style:
    """The means of one pack."""

    def __init__(self, manifest: Manifest) -> None:
        self._family = family_of(manifest)
        self.follows_instructions = manifest.kind == "instruct"
        """Whether the model was trained on instructions."""

    def manner(
        self,
        voice: VoiceSpeakers,
        language: str,
        *,
        speed: float,
        emotion: str | None,
        instruction: str | None,
        is_exclaimed: bool,
    ) -> Manner:
        """Return how a voice speaks a sentence of a language.

        ``instruction`` is the user's: it replaces the one for a language or an emotion.
        """
        speaker, prosody = self._speaker(voice, emotion, is_exclaimed=is_exclaimed)
        if prosody is not None:
            speed *= prosody.rate
        if instruction is None:
            instruction = self._instruction(language, speaker, emotion)
        return Manner(speaker, speed, instruction, prosody)

    def _speaker(
        self, voice: VoiceSpeakers, emotion: str | None, *, is_exclaimed: bool
    ) -> tuple[Speaker, Prosody | None]:
        """Return the speaker for an emotion, and the prosody changes, if any.

        An exclamation without an emotion is livelier than a statement.
        """
        if emotion is None and is_exclaimed:
            return voice.neutral, EXCLAIMED
        if emotion is None or emotion == "neutral" or self.follows_instructions:
            return voice.neutral, None
        if emotion in voice.speakers:
            return voice.speakers[emotion], None
        return voice.neutral, PROSODIES.get(emotion)

    def _instruction(
        self, language: str, speaker: Speaker, emotion: str | None
    ) -> str | None:
        """Return the instruction for a language or an emotion, if it needs one."""
        if not self.follows_instructions:
            return None
        if language in self._family.languages and speaker.language != language:
            return self._family.languages[language]
        return self._family.instructions.get(emotion or "")
