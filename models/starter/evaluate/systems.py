"""The systems that the evaluation compares, each a way from a sentence to samples.

teacher   what the student learned from
copy      the teacher's mel through the vocoder
tokens    the teacher's speech tokens through flow and vocoder
student   the text through all three networks
pack      a converted pack, by the product itself
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.starter.corpora import readings, tokens
from models.starter.corpora.corpus import Sentence
from models.starter.corpora.features import frames_of, log_mel, pitch
from models.starter.corpora.lowered import lower
from models.starter.corpora.piece import SILENCE, SPACE
from models.starter.corpora.teachers import Spoken, Teachers
from models.starter.release import export
from models.starter.voices import VOICES
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P

if TYPE_CHECKING:
    from pathlib import Path

    from models.starter.corpora.teachers import Teacher
    from models.starter.networks.flow import Flow
    from models.starter.networks.language_model import LanguageModel
    from models.starter.networks.vocoder import Vocoder

RATE = 22050
RECOGNISED_SHARE = 0.6  # of the flow trained by a recogniser, as it is released


@dataclass
class NewFrames:
    """The frames of a sentence that is in no corpus."""

    speaker: str
    language: str
    pitches: np.ndarray
    mels: np.ndarray = field(default_factory=lambda: np.zeros((0, 80)))
    audio: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int16))


class Reader:
    """Turns a text into the input of its teacher."""

    def __init__(self, state: Path) -> None:
        self._teachers, self._g2p = Teachers(state), MixedG2P()

    def read(self, text: str, language: str, speaker: str) -> tuple[Teacher, list[str]]:
        """Return the teacher of a voice in a language, and the units of a text."""
        teacher = self._teachers.of(VOICES[speaker], language)
        if language == "zh":
            return teacher, self._teachers.units(text, language)
        # English as the product reads it.
        return teacher, self._g2p(text, language)[1:-1]


class Systems:
    """All systems that need PyTorch; the networks are those of a state directory."""

    def __init__(
        self, state: Path, speaker: str, steps: int, guidance: float, seed: int
    ) -> None:
        torch.set_num_threads(1)
        self._state, self._voice = state, VOICES[speaker]
        self._steps, self._guidance = steps, guidance
        self._generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        self._g2p, self._reader = MixedG2P(), Reader(state)
        self.phone_errors = 0
        self.phones = 0

    @cached_property
    def _lm(self) -> LanguageModel:
        return export.language_model(self._state)

    @cached_property
    def _flow(self) -> Flow:
        return export.flow(self._state, RECOGNISED_SHARE)

    @cached_property
    def _vocoder(self) -> Vocoder:
        return export.vocoder(self._state)

    @cached_property
    def _speaker(self) -> torch.Tensor:
        return torch.from_numpy(self._voice.vector)

    def spoken(self, text: str, language: str) -> tuple[Spoken, list[str]]:
        """Let the teacher say a sentence as the product's G2P reads it."""
        source = self._voice.lowered_from
        teacher, units = self._reader.read(text, language, source or self._voice.name)
        found = teacher.say(readings.pieces(units), 1)
        if found is None:
            raise ValueError(text)
        if source:
            pitch_hz = VOICES[source].pitch_hz
            hertz = pitch(found.samples, *pitch_hz)
            lowered = lower(found.samples, hertz, pitch_hz)
            if lowered is None:
                raise ValueError(text)
            found = Spoken(lowered, found.segments)
        return found, units

    def teacher(self, text: str, language: str) -> np.ndarray:
        """Return the teacher's own sound."""
        return self.spoken(text, language)[0].samples

    def copy(self, text: str, language: str) -> np.ndarray:
        """Put the teacher's mel through the vocoder."""
        samples = self.spoken(text, language)[0].samples
        return self._vocode(torch.from_numpy(log_mel(samples).T)[None])

    def tokens(self, text: str, language: str) -> np.ndarray:
        """Put the teacher's speech tokens through flow and vocoder."""
        spoken, units = self.spoken(text, language)
        frames = NewFrames(
            self._voice.name,
            language,
            pitch(spoken.samples, *self._voice.pitch_hz),
            log_mel(spoken.samples),
        )
        sentence = Sentence(
            frames, 0, len(frames.mels), spoken.tokens, text, units, spoken.segments
        )
        said, _ = tokens.Tokenizer.open(self._state).speech(sentence)
        return self._sound([int(token) for token in said])

    def student(self, text: str, language: str) -> np.ndarray:
        """Put the text through all three networks."""
        units = self._g2p(text, language)
        vocabulary = {unit: place for place, unit in enumerate(tokens.vocabulary())}
        ids = torch.tensor([[vocabulary[unit] for unit in units]])
        said = self._lm.speak(ids, self._speaker, self._generator)
        wanted = [
            piece.phone
            for piece in readings.pieces(units[1:-1])
            if piece.phone not in (SILENCE, SPACE)
        ]
        self.phone_errors += edits(wanted, tokens.phones_of(said))
        self.phones += len(wanted)
        return self._sound(said)

    @torch.no_grad()
    def _sound(self, said: list[int]) -> np.ndarray:
        frames = frames_of(len(said))
        mu = self._flow.mean(torch.tensor([said]), frames, 20)
        voice = self._flow.voice(self._speaker)
        noise = torch.randn(mu.shape)
        mel = self._flow.generate(
            mu, voice, noise, steps=self._steps, guidance=self._guidance
        )
        return self._vocode(mel)

    @torch.no_grad()
    def _vocode(self, mel: torch.Tensor) -> np.ndarray:
        return self._vocoder(mel)[0].numpy()


def edits(a: list[str], b: list[str]) -> int:
    """Count insertions, deletions and replacements."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        fresh = [i]
        for j, y in enumerate(b, 1):
            fresh.append(min(row[j] + 1, fresh[-1] + 1, row[j - 1] + (x != y)))
        row = fresh
    return row[-1]
