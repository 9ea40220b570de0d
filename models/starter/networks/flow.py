"""The flow in the layout of the official ``flow.pt``: speech tokens to mel.

An encoder makes a mean mel of the tokens; a U-Net (flow_estimator.py) predicts where a
noisy mel should move. The names of the modules are those of the layout.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.starter.networks.encoders import Encoder
from models.starter.networks.flow_estimator import Estimator
from models.starter.networks.tables import FactoredTable

if TYPE_CHECKING:
    from models.starter.networks.sizes import FlowSizes


class Regulator(nn.Module):
    """Smooths rows that were interpolated from tokens to frames."""

    def __init__(self, channels: int, layers: int) -> None:
        super().__init__()
        made: list[nn.Module] = []
        for _ in range(layers):
            made += [nn.Conv1d(channels, channels, 3, padding=1)]
            made += [nn.GroupNorm(1, channels), nn.Mish()]
        self.model = nn.Sequential(*made, nn.Conv1d(channels, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, M, T) -> (B, M, T)."""
        return self.model(x)


class Decoder(nn.Module):
    """Holds the estimator under the name of the layout."""

    def __init__(self, sizes: FlowSizes) -> None:
        super().__init__()
        self.estimator = Estimator(sizes)


class Flow(nn.Module):
    """Encoder, length regulator and estimator."""

    def __init__(
        self, sizes: FlowSizes, factors: Tensor | None = None, dropout: float = 0.05
    ) -> None:
        super().__init__()
        self.sizes = sizes
        self.input_embedding = FactoredTable(sizes.tokens, sizes.width, factors, 1.0)
        self.spk_embed_affine_layer = nn.Linear(sizes.speaker_width, sizes.mel_bins)
        self.encoder = Encoder(
            sizes.width, sizes.width, sizes.heads, sizes.inner, sizes.blocks,
            is_causal=False, dropout=dropout,
        )  # fmt: skip
        self.encoder_proj = nn.Linear(sizes.width, sizes.mel_bins)
        self.length_regulator = Regulator(sizes.mel_bins, sizes.regulator_layers)
        self.decoder = Decoder(sizes)

    def mean(self, tokens: Tensor, frames: int, head_and_tail: int = 0) -> Tensor:
        """Make the mean mel: tokens (B, N) -> (B, M, T).

        With ``head_and_tail`` tokens, these are interpolated apart from the rest, as
        inference does.
        """
        encoded, _ = self.encoder(self.input_embedding(tokens))
        rows = self.encoder_proj(encoded).transpose(1, 2)
        ends = head_and_tail
        if not ends or rows.shape[2] <= 2 * ends:
            return self.length_regulator(stretch(rows, frames))
        side = int(ends / 50 * 22050 / 256)
        parts = rows[:, :, :ends], rows[:, :, ends:-ends], rows[:, :, -ends:]
        lengths = side, frames - 2 * side, side
        joined = [
            stretch(part, length) for part, length in zip(parts, lengths, strict=True)
        ]
        return self.length_regulator(torch.cat(joined, dim=2))

    def voice(self, speaker: Tensor) -> Tensor:
        """Shapes: (B, E) -> (B, M)."""
        return self.spk_embed_affine_layer(functional.normalize(speaker, dim=1))

    def generate(
        self, mu: Tensor, voice: Tensor, noise: Tensor, cond: Tensor | None = None,
        steps: int = 10, guidance: float = 0.7,
    ) -> Tensor:  # fmt: skip
        """Follow the flow in Euler steps: mu, noise (B, M, T) -> mel (B, M, T).

        What is learned from the mel reaches every step.
        """
        times = 1 - torch.cos(torch.linspace(0, 1, steps + 1) * 0.5 * torch.pi)
        cond = torch.zeros_like(mu) if cond is None else cond
        x = noise
        for now, then in pairwise(times):
            x = x + (then - now) * self._velocity(x, now, (mu, voice, cond), guidance)
        return x

    def _velocity(
        self, x: Tensor, now: Tensor, conditions: tuple[Tensor, ...], guidance: float
    ) -> Tensor:
        """Estimate the velocity of x (B, M, T), given mu, voice and prompt."""
        if guidance:
            x = torch.cat([x, x])
            conditions = tuple(
                torch.cat([part, torch.zeros_like(part)]) for part in conditions
            )
        mu, voice, cond = conditions
        velocity = self.decoder.estimator(x, mu, now.expand(len(x)), voice, cond)
        if not guidance:
            return velocity.float()
        with_, without = velocity.float().chunk(2)
        return (1 + guidance) * with_ - guidance * without


def stretch(rows: Tensor, frames: int) -> Tensor:
    """Interpolate in time: (B, C, N) -> (B, C, T)."""
    return functional.interpolate(rows, size=frames, mode="linear", align_corners=False)
