"""What the flow learns from its own mels: to be near the recordings', and clear.

The velocity's squared error rewards the mean of all mels that could be; and it is
asked at moments of the flow that a pack with two steps never sees. Here the flow makes
mels as the pack will, in its few steps, and learns where they went. Nearness is
measured in patches of the mel, and in the features of a recogniser (feature matching),
which also rates how clear each phone is. Distances are not squared: their
best answer is one of the mels that could be rather than all of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from models.starter.corpora import tokens
from models.starter.networks.recogniser import Recogniser
from models.starter.release.layout import FLOW_STEPS, FLOW_TEMPERATURE
from models.starter.training.recogniser import phone_count, phones_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.starter.networks.flow import Flow

# Bins and frames of the patches.
PATCHES = ((80, 1), (10, 4), (20, 12))
PRIOR_WEIGHT, PHONE_WEIGHT = 0.5, 0.1
"""How much the mean mel and the clearness of phones count beside nearness."""
_EPSILON = 1e-4  # keeps the square root from having a cliff


class Listener:
    """Judges, by a trained recogniser, what a flow makes in the steps of a pack."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self._recogniser = Recogniser(phone_count())
        self._recogniser.load_state_dict(dict(weights))
        self._recogniser.eval().requires_grad_(requires_grad=False)
        self._phones = torch.from_numpy(tokens.factors()[0])

    def losses(
        self, flow: Flow, said: Tensor, mel: Tensor, speaker: Tensor
    ) -> dict[str, Tensor]:
        """Return the losses of tokens (B, N), mel (B, M, T), speakers (B, E)."""
        B, _, T = mel.shape
        mu = flow.mean(said, T)
        prior = (mu.float() - mel).abs().mean()
        noise = torch.randn(mu.shape) * FLOW_TEMPERATURE
        voice = flow.voice(speaker)
        made = flow.generate(mu, voice, noise, steps=FLOW_STEPS, guidance=0.0)
        patches = patch_distance(made, mel)
        features, logits = self._recogniser(torch.cat([made, mel]).to(mu.dtype))
        distances = [frame_distance(*part.float().split(B)) for part in features]
        matching = torch.stack(distances).mean()
        wanted = phones_at(said, T, self._phones)
        phones = functional.cross_entropy(logits[:B].float(), wanted)
        loss = patches + matching + PRIOR_WEIGHT * prior + PHONE_WEIGHT * phones
        return {
            "loss": loss,
            "patches": patches,
            "features": matching,
            "prior": prior,
            "phones": phones,
        }


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
