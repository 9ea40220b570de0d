"""What the recogniser learns: the phones that the alignment names, through noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from models.starter.corpora import tokens
from models.starter.corpora.corpus import SPOKEN, open_corpora
from models.starter.corpora.features import HOP, SAMPLE_RATE, TOKEN_RATE
from models.starter.networks.recogniser import Recogniser
from models.starter.training.crops import Crops
from models.starter.training.loop import Task

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from torch import Tensor

    from models.starter.settings import Phase
    from models.starter.training.loop import Batch

FRAMES = 2600  # of a batch
NOISE = 0.6  # at most, in nats: features must not depend on single values
SMOOTHING = 0.1


class RecogniserTask(Task):
    """Objective: "phones"."""

    seed = 7
    betas = (0.9, 0.999)

    def __init__(self, state: Path, *, bf16: bool) -> None:
        super().__init__(bf16=bf16)
        self.network = Recogniser(phone_count())
        self._phones = torch.from_numpy(tokens.factors()[0])
        corpora = open_corpora(state, SPOKEN)
        self._crops = Crops(corpora, tokens.Tokenizer.open(state))

    def batch(self, rng: np.random.Generator, phase: Phase) -> Batch:
        """Cut tokens (B, N), mels (B, 80, T), speakers (B, 192)."""
        del phase
        return self._crops.batch(rng, FRAMES)

    def losses(self, batch: Batch, phase: Phase) -> dict[str, Tensor]:
        """Return the cross-entropy, and the share of frames that are named right."""
        del phase
        said, mel, _ = batch
        wanted = phones_at(said, mel.shape[2], self._phones)
        noise = torch.randn_like(mel) * torch.rand(len(mel), 1, 1) * NOISE
        with self.autocast():
            _, logits = self.network(mel + noise)
        loss = functional.cross_entropy(
            logits.float(), wanted, label_smoothing=SMOOTHING
        )
        right = (logits.argmax(1) == wanted).float().mean()
        return {"loss": loss, "right": right}


def phones_at(said: Tensor, frames: int, phones: Tensor) -> Tensor:
    """Name the phone that sounds at each frame: tokens (B, N) -> (B, T).

    ``phones`` (V,) names the phone of each token.
    """
    seconds = (torch.arange(frames) + 0.5) * HOP / SAMPLE_RATE + tokens.AHEAD_S
    places = (seconds * TOKEN_RATE).long().clamp(max=said.shape[1] - 1)
    return phones[said[:, places]]


def phone_count() -> int:
    """Count the phones that ``phones_at`` may name."""
    return int(tokens.factors()[0].max()) + 1
