"""The systems that the evaluation compares, each a way from a sentence to samples.

teacher   what the student learned from
copy      the teacher's mel through the vocoder
tokens    the teacher's speech tokens through flow and vocoder
student   the text through all three networks
pack      a converted pack, by the product itself
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "train"))
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np  # noqa: TC002 - Place is a dataclass
import readings
import tokens
import torch
from corpus import PITCH_RANGE_HZ, SPEAKER, teacher_for
from data import Sentence
from export import networks
from features import frames_of, log_mel, pitch
from lower_voice import lower
from teachers import HibariTeacher, KokoroTeacher, Spoken

from wyoming_cosyvoice.tokenizer.g2p import MixedG2P

RATE = 22050


@dataclass
class Place:
    """Stands for a corpus, for one sentence that is not in any."""

    speaker: str
    mels: np.ndarray
    pitches: np.ndarray


class Teachers:
    """The teachers, opened when first needed, and what they are given to read."""

    def __init__(self, state: Path) -> None:
        self._voices = state / "teachers/package/voices"
        self._g2p = MixedG2P()
        self._opened: dict[str, HibariTeacher | KokoroTeacher] = {}

    def read(
        self, text: str, language: str
    ) -> tuple[HibariTeacher | KokoroTeacher, list[str]]:
        """Return the teacher of a language, and the units of a text."""
        if language == "zh":
            english = self._open("en").phonemize
            return self._open(language), readings.mandarin_units(text, english)
        return self._open(language), self._g2p(text, language)[1:-1]

    def _open(self, language: str) -> HibariTeacher | KokoroTeacher:
        if language not in self._opened:
            self._opened[language] = teacher_for(language, self._voices)
        return self._opened[language]


class Systems:
    """All systems that need PyTorch; the networks are those of a state directory."""

    def __init__(
        self, state: Path, speaker: str, steps: int, guidance: float, seed: int
    ) -> None:
        torch.set_num_threads(1)
        self._speaker, self._steps = speaker, steps
        self._guidance = guidance
        self._generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        self._lm, self._flow, self._hift = networks(state / "state")
        self._g2p = MixedG2P()
        self._teachers = Teachers(state)
        lm_state = state / "state/lm.pt"
        self._ranges = (
            torch.load(lm_state, map_location="cpu", weights_only=False)["ranges"]
            if lm_state.exists()
            else {}
        )
        self.phone_errors = 0
        self.phones = 0

    def spoken(self, text: str, language: str) -> tuple[Spoken, list[str]]:
        """Let the teacher say a sentence as the product's G2P reads it."""
        teacher, units = self._teachers.read(text, language)
        found = teacher.say(readings.pieces(units), 1)
        if found is None:
            raise ValueError(text)
        if self._speaker != SPEAKER:
            hertz = pitch(found.samples, *PITCH_RANGE_HZ[SPEAKER])
            lowered = lower(found.samples, hertz)
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
        place = Place(
            self._speaker,
            log_mel(spoken.samples),
            pitch(spoken.samples, *PITCH_RANGE_HZ[self._speaker]),
        )
        sentence = Sentence(
            place, 0, len(place.mels), spoken.tokens, text, units, spoken.segments
        )
        said, _ = tokens.Tokenizer(self._ranges).speech(sentence)
        return self._sound([int(token) for token in said])

    def student(self, text: str, language: str) -> np.ndarray:
        """Put the text through all three networks."""
        units = self._g2p(text, language)
        vocabulary = {unit: place for place, unit in enumerate(tokens.vocabulary())}
        ids = torch.tensor([[vocabulary[unit] for unit in units]])
        voice = tokens.speakers()[self._speaker]
        said = self._lm.speak(ids, voice, self._generator)
        wanted = [
            piece.phone
            for piece in readings.pieces(units[1:-1])
            if piece.phone not in (readings.SILENCE, readings.SPACE)
        ]
        self.phone_errors += edits(wanted, tokens.phones_of(said))
        self.phones += len(wanted)
        return self._sound(said)

    @torch.no_grad()
    def _sound(self, said: list[int]) -> np.ndarray:
        frames = frames_of(len(said))
        mu = self._flow.mean(torch.tensor([said]), frames, 20)
        voice = self._flow.voice(tokens.speakers()[self._speaker])
        noise = torch.randn(mu.shape)
        mel = self._flow.generate(
            mu, voice, noise, steps=self._steps, guidance=self._guidance
        )
        return self._vocode(mel)

    @torch.no_grad()
    def _vocode(self, mel: torch.Tensor) -> np.ndarray:
        return self._hift(mel)[0].numpy()


def edits(a: list[str], b: list[str]) -> int:
    """Count insertions, deletions and replacements."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        fresh = [i]
        for j, y in enumerate(b, 1):
            fresh.append(min(row[j] + 1, fresh[-1] + 1, row[j - 1] + (x != y)))
        row = fresh
    return row[-1]
