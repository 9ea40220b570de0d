"""A stand-in for a model that makes a voice of any recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.fake import FakeSynthesizer
from tests.support.recordings import features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wyoming_cosyvoice.model.cloning import PromptFeatures
    from wyoming_cosyvoice.voices import Voice


class ListeningFake(FakeSynthesizer):
    """Voices of one's own speak like any other: in tones."""

    cloning_key = "fake"

    def __init__(self) -> None:
        super().__init__()
        self.known: set[str] = set()
        """Ids of voices that were added, listed or not."""

    def listen(self, recording: object, transcript: str) -> PromptFeatures:
        return features(transcript)

    def add_voice(
        self,
        voice: Voice,
        features: Mapping[str, PromptFeatures],
        *,
        language: str | None,
        is_listed: bool,
    ) -> None:
        self.known.add(voice.id)
        if is_listed:
            self.voices = (*(v for v in self.voices if v.id != voice.id), voice)

    def remove_voice(self, voice_id: str) -> None:
        self.known.discard(voice_id)
        self.voices = tuple(v for v in self.voices if v.id != voice_id)
