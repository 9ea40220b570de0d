"""What the flow learns from its own mels: to be near the recordings', and clear.

The velocity's squared error asks for the mean of all mels that could be; and it is
asked at moments of the flow that a pack with two steps never sees. Here the flow makes
mels as the pack will, in its few steps, and learns where they went. Nearness is
measured in patches of the mel, and in what a recogniser hears (recogniser.py), which
also says how clearly each phone is to be heard. Distances are not squared: their best
answer is one of the mels that could be rather than all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from recogniser import Recogniser, phones, phones_at
from torch import Tensor
from torch.nn import functional

if TYPE_CHECKING:
    from pathlib import Path

    from flow import Flow

# Bins and frames of the patches.
PATCHES = ((80, 1), (10, 4), (20, 12))
PRIOR, CLEAR = 0.5, 0.1
"""How much the mean mel and the clearness of phones count beside nearness."""
_EPSILON = 1e-4  # keeps the square root from having a cliff
MEASURED = ("loss", "seen", "heard", "prior", "unclear")


class Listener:
    """Judges what a flow makes in ``steps`` steps from noise of ``temperature``."""

    def __init__(self, state: Path, steps: int, temperature: float) -> None:
        self._recogniser = Recogniser(phones())
        found = torch.load(state / "recogniser.pt", weights_only=False)
        self._recogniser.load_state_dict(found["network"])
        self._recogniser.eval().requires_grad_(requires_grad=False)
        self._steps, self._temperature = steps, temperature

    def losses(
        self, flow: Flow, said: Tensor, mel: Tensor, speaker: Tensor
    ) -> tuple[Tensor, list[float]]:
        """Return the loss, and what was measured as ``MEASURED`` names it.

        Shapes: tokens (B, N), mel (B, M, T), speakers (B, E).
        """
        B, _, T = mel.shape
        mu = flow.mean(said, T)
        prior = (mu.float() - mel).abs().mean()
        noise = torch.randn(mu.shape) * self._temperature
        voice = flow.voice(speaker)
        made = flow.generate(mu, voice, noise, steps=self._steps, guidance=0.0)
        seen = patch_distance(made, mel)
        heard, logits = self._recogniser(torch.cat([made, mel]).to(mu.dtype))
        distances = [frame_distance(*part.float().split(B)) for part in heard]
        felt = torch.stack(distances).mean()
        unclear = functional.cross_entropy(logits[:B].float(), phones_at(said, T))
        loss = seen + felt + PRIOR * prior + CLEAR * unclear
        return loss, [x.item() for x in (loss, seen, felt, prior, unclear)]


def patch_distance(first: Tensor, second: Tensor) -> Tensor:
    """Return the mean distance of patches of two mels (B, M, T), a bin's mean."""
    square = (first - second).square()[:, None]
    found = torch.zeros(())
    for bins, frames in PATCHES:
        stride = (bins, max(1, frames // 2))
        mean = functional.avg_pool2d(square, (bins, frames), stride)
        found = found + (mean + _EPSILON).sqrt().mean() / len(PATCHES)
    return found


def frame_distance(first: Tensor, second: Tensor) -> Tensor:
    """Return the mean distance of frames (B, C, T), a channel's mean."""
    mean = (first - second).square().mean(1)
    return (mean + _EPSILON).sqrt().mean()
