"""What the flow learns: the velocity from noise to the mel, and the mean mel.

Three things that the layout does not show: the mean mel is trained too (as in Matcha);
the estimator starts as "go straight to the mean" (flow_estimator.py); and what it shall
reach is not the recording but a point between it and the mean, at the ``sharpness`` of
the way: what the mean cannot explain is what a small network turns into noise. It is
raised to 1 over the phases.

At last, with the objective "recognised", the flow learns from the mels that it makes in
the steps that the pack will take (recognised.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.starter.corpora.corpus import SPOKEN, open_corpora
from models.starter.corpora.tokens import Tokenizer, factors
from models.starter.networks.flow import Flow
from models.starter.networks.flow_estimator import open_identity_path
from models.starter.networks.sizes import FlowSizes
from models.starter.training.crops import Crops
from models.starter.training.loop import Task

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from models.starter.settings import Phase
    from models.starter.training.loop import Batch
    from models.starter.training.recognised import Listener

FRAMES = 2600  # of a batch
GENERATED_FRAMES = 1300  # of a batch of which the flow makes the mels
UNCONDITIONAL = 0.2  # how often the conditions are hidden, for guidance
SIGMA = 1e-6


class FlowTask(Task):
    """Objectives: "velocity" and, with a listener, "recognised"."""

    network: Flow
    seed = 3
    averaged_after = 500

    def __init__(
        self, state: Path, *, bf16: bool, listener: Listener | None = None
    ) -> None:
        super().__init__(bf16=bf16)
        self.network = Flow(FlowSizes(), torch.from_numpy(factors()))
        self._crops = Crops(open_corpora(state, SPOKEN), Tokenizer.open(state))
        self._listener = listener

    @torch.no_grad()
    def begin(self) -> None:
        """Start the mean as the mean of mels, the estimator as the way there."""
        rng = np.random.default_rng(3000)
        mels = [self._crops.batch(rng, FRAMES)[1] for _ in range(5)]
        mel = torch.cat([each.transpose(0, 1).flatten(1) for each in mels], 1)
        self.network.length_regulator.model[-1].bias[:] = mel.mean(1)
        spread = (mel.var(1) + 1).sqrt()
        open_identity_path(self.network.decoder.estimator, mel.mean(1), spread)

    def batch(self, rng: np.random.Generator, phase: Phase) -> Batch:
        """Cut tokens (B, N), mels (B, 80, T), speakers (B, 192)."""
        is_made = phase.objective == "recognised"
        return self._crops.batch(rng, GENERATED_FRAMES if is_made else FRAMES)

    def losses(self, batch: Batch, phase: Phase) -> dict[str, Tensor]:
        """Return the losses of the phase's objective."""
        # Of short crops the plain attention is learned from faster than the fused one.
        with self.autocast(), sdpa_kernel(SDPBackend.MATH):
            if phase.objective == "velocity":
                return self._velocity(batch, phase.sharpness)
            if self._listener is None:
                raise ValueError("the flow needs a recogniser for this objective")
            return self._listener.losses(self.network, *batch)

    def _velocity(self, batch: Batch, sharpness: float) -> dict[str, Tensor]:
        """Return the squared error of the velocity, and the mean mel's L1."""
        tokens, mel, speaker = batch
        B, _, T = mel.shape
        mu = self.network.mean(tokens, T)
        voice = self.network.voice(speaker)
        prior = (mu.float() - mel).abs().mean()
        goal = sharpness * mel + (1 - sharpness) * mu.detach().float()
        shown = (torch.rand(B) > UNCONDITIONAL).float()
        noise = torch.randn_like(mel)
        at = 1 - torch.cos(torch.rand(B) * 0.5 * torch.pi)
        t = at[:, None, None]
        x = (1 - (1 - SIGMA) * t) * noise + t * goal
        estimated = self.network.decoder.estimator(
            x,
            mu * shown[:, None, None],
            at,
            voice * shown[:, None],
            torch.zeros_like(mel),
        )
        wanted = goal - (1 - SIGMA) * noise
        velocity = ((estimated.float() - wanted) ** 2).mean()
        return {"loss": velocity + prior, "velocity": velocity, "prior": prior}
