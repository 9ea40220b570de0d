"""What the vocoder learns: the spectra of recordings, from their mels and pitch.

First a plain spectral distance. Then the generalised energy distance (Gritsenko et al.
2020, arXiv 2008.01160): the vocoder speaks each segment twice, with other noise; both
shall be near the recording, and not nearer to each other than to it. A plain distance
is best served by a buzz, which has no randomness; this one is best served by sounds
that are as random as the recordings are. No discriminator is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from models.starter.corpora.corpus import SPOKEN, Corpus, open_corpora
from models.starter.networks.sizes import VocoderSizes
from models.starter.networks.spectra import MultiResolutionSpectra, distance
from models.starter.networks.vocoder import Vocoder, open_source_path
from models.starter.training.loop import Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from models.starter.settings import Phase
    from models.starter.training.loop import Batch

SEGMENT = 32  # frames
SEGMENTS = 8  # spoken in a step; small batches learn more per CPU second
PITCH_WEIGHT = 0.3
FOR_SCALE = 256  # segments by which the mean mel is measured


class Segments:
    """Cuts segments out of the corpora at random."""

    def __init__(self, corpora: list[Corpus]) -> None:
        self._corpora = corpora
        hours = np.array([corpus.hours for corpus in corpora]) ** 0.5
        self._odds = hours / hours.sum()

    def batch(self, rng: np.random.Generator, count: int) -> tuple[Tensor, ...]:
        """Cut segments: mel (B, 80, T), pitch (B, T), samples (B, 256 T)."""
        rows: list[tuple[np.ndarray, ...]] = []
        while len(rows) < count:
            corpus = self._corpora[rng.choice(len(self._corpora), p=self._odds)]
            sentence = corpus.training[rng.integers(len(corpus.training))]
            if sentence.frames <= SEGMENT:
                continue
            begin = int(rng.integers(sentence.frames - SEGMENT + 1))
            cut = begin, begin + SEGMENT
            mel = sentence.mel(*cut).T
            rows.append((mel, sentence.pitch(*cut), sentence.samples(*cut)))
        columns = zip(*rows, strict=True)
        return tuple(torch.from_numpy(np.stack(column)) for column in columns)

    def mel_scale(self) -> tuple[Tensor, Tensor]:
        """Measure the mean and the deviation of mels: (80, 1) each."""
        mel, *_ = self.batch(np.random.default_rng(1000), FOR_SCALE)
        flat = mel.transpose(0, 1).flatten(1)
        return flat.mean(1, keepdim=True), flat.std(1, keepdim=True)


class VocoderTask(Task):
    """Objectives: "spectral" and "energy"."""

    network: Vocoder
    seed = 1
    betas = (0.8, 0.99)
    weight_decay = 1e-3
    clip = 5.0
    averaged_after = 1000

    def __init__(self, state: Path, *, bf16: bool, compiled: bool) -> None:
        super().__init__(bf16=bf16)
        self.network = Vocoder(VocoderSizes())
        self._segments = Segments(open_corpora(state, SPOKEN))
        self._analyse = MultiResolutionSpectra()
        self._spectrum = self.network.spectrum
        if compiled:
            self._spectrum = torch.compile(self._spectrum)

    def begin(self) -> None:
        """Initialize as a vocoder that outputs its source, at the scale of mels."""
        open_source_path(self.network)
        mean, spread = self._segments.mel_scale()
        self.set_buffers({"mean": mean, "spread": spread})

    def buffers(self) -> dict[str, Tensor]:
        """Return the mean and the deviation of mels: (80, 1) each."""
        return {"mean": self.network.mean, "spread": self.network.spread}

    def set_buffers(self, kept: Mapping[str, Tensor]) -> None:
        """Tell the network the mean and the deviation of mels."""
        self.network.mean.copy_(kept["mean"])
        self.network.spread.copy_(kept["spread"])

    def batch(self, rng: np.random.Generator, phase: Phase) -> Batch:
        """Cut segments; with the energy distance each is spoken twice."""
        return self._segments.batch(
            rng, SEGMENTS // (2 if phase.objective == "energy" else 1)
        )

    def losses(self, batch: Batch, phase: Phase) -> dict[str, Tensor]:
        """Return the distance of spectra and the error of the predicted pitch."""
        mel, pitch, samples = batch
        pitch_error = (self.network.predict_pitch(mel) - pitch).abs().mean() / 100
        wanted = self._analyse(samples)
        if phase.objective == "spectral":
            near = distance(self._analyse(self._speak(mel, pitch)), wanted)
            return {
                "loss": near + PITCH_WEIGHT * pitch_error,
                "near": near,
                "pitch": pitch_error,
            }
        spoken = self._speak(torch.cat([mel, mel]), torch.cat([pitch, pitch]))
        first, second = (self._analyse(half) for half in spoken.chunk(2))
        near = (distance(first, wanted) + distance(second, wanted)) / 2
        apart = distance(first, second)
        return {
            "loss": 2 * near - apart + PITCH_WEIGHT * pitch_error,
            "near": near,
            "apart": apart,
            "pitch": pitch_error,
        }

    def _speak(self, mel: Tensor, pitch: Tensor) -> Tensor:
        """Shapes: mel (B, 80, T), pitch (B, T) -> samples (B, 256 T)."""
        source = self.network.excite(pitch)
        with self.autocast():
            magnitude, phase = self._spectrum(mel, self.network.analyse(source))
        return self.network.synthesize(magnitude.float(), phase.float())
