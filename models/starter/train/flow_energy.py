"""What the flow learns from its own mels: the generalised energy distance.

As for the vocoder (Gritsenko et al. 2020, arXiv 2008.01160): the flow makes each mel
twice, with other noise and in the few steps that the pack will take. Both shall be near
the recording's, and not nearer to each other than to it. That asks for mels as sharp as
the recordings' are; the velocity's squared error, in so few steps, makes their mean.

Distance is measured in patches of the mel, and in what a recogniser hears
(recogniser.py), which also says how clearly each phone is to be heard.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from recogniser import Recogniser, phones, phones_at
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

    from flow import Flow

# Bins and frames of the patches, all bins of a frame first.
PATCHES = ((80, 1), (10, 4), (20, 12))
PRIOR, CLEAR = 0.5, 0.1
"""How much the mean mel and the clearness of phones count beside the distance."""
_EPSILON = 1e-4  # keeps the square root from having a cliff
MEASURED = ("loss", "near", "apart", "prior", "unclear")


class Energy:
    """Measures what a flow makes in ``steps`` steps from noise of ``temperature``."""

    def __init__(self, state: Path, steps: int, temperature: float) -> None:
        self._listener = Recogniser(phones())
        found = torch.load(state / "recogniser.pt", weights_only=False)
        self._listener.load_state_dict(found["network"])
        self._listener.eval().requires_grad_(requires_grad=False)
        self._times = 1 - torch.cos(torch.linspace(0, 1, steps + 1) * 0.5 * torch.pi)
        self._temperature = temperature

    def losses(
        self, flow: Flow, said: Tensor, mel: Tensor, speaker: Tensor
    ) -> tuple[Tensor, list[float]]:
        """Return the loss, and what was measured as ``MEASURED`` names it.

        Shapes: tokens (B, N), mel (B, M, T), speakers (B, E).
        """
        B, _, T = mel.shape
        mu, voice = flow.mean(said, T), flow.voice(speaker)
        prior = (mu.float() - mel).abs().mean()
        made = self._make(flow, mu.repeat(2, 1, 1), voice.repeat(2, 1))
        heard, logits = self._listener(torch.cat([made.to(mu.dtype), mel.to(mu.dtype)]))
        views = [(made[:B], made[B:], mel)]
        views += [tuple(part.float().split(B)) for part in heard]
        near = apart = torch.zeros(())
        for place, (first, second, recorded) in enumerate(views):
            apart_of = patch_distance if place == 0 else heard_distance
            weight = 1.0 if place == 0 else 1 / len(heard)
            both = apart_of(first, recorded) + apart_of(second, recorded)
            near = near + weight * both / 2
            apart = apart + weight * apart_of(first, second)
        wanted = phones_at(said, T).repeat(2, 1)
        unclear = functional.cross_entropy(logits[: 2 * B].float(), wanted)
        loss = 2 * near - apart + PRIOR * prior + CLEAR * unclear
        return loss, [x.item() for x in (loss, near, apart, prior, unclear)]

    def _make(self, flow: Flow, mu: Tensor, voice: Tensor) -> Tensor:
        """Follow the flow without guidance: mu (B, M, T) -> mel."""
        x = torch.randn(mu.shape) * self._temperature
        nothing = torch.zeros_like(mu)
        for now, then in pairwise(self._times):
            time = now.expand(len(mu))
            velocity = flow.decoder.estimator(x, mu, time, voice, nothing)
            x = x + (then - now) * velocity.float()
        return x


def patch_distance(first: Tensor, second: Tensor) -> Tensor:
    """Return the mean distance of patches of two mels (B, M, T), a bin's mean."""
    square = (first - second).square()[:, None]
    found = torch.zeros(())
    for bins, frames in PATCHES:
        stride = (bins, max(1, frames // 2))
        mean = functional.avg_pool2d(square, (bins, frames), stride)
        found = found + (mean + _EPSILON).sqrt().mean() / len(PATCHES)
    return found


def heard_distance(first: Tensor, second: Tensor) -> Tensor:
    """Return the mean distance of frames (B, C, T), a channel's mean."""
    mean = (first - second).square().mean(1)
    return (mean + _EPSILON).sqrt().mean()
