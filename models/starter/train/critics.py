"""Critics of sound for the last part of vocoder training: recording or vocoder?

Each looks at the spectrum at one window length, as an image of real and imaginary parts
whose loudness is compressed, so that quiet and loud sounds count alike. Small networks,
since they must train on a CPU beside the vocoder.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import weight_norm

WINDOWS = (256, 512, 1024, 2048)
CHANNELS = 16
COMPRESSION = 0.3


class Critic(nn.Module):
    """Judges patches of a spectrum."""

    def __init__(self, window: int) -> None:
        super().__init__()
        self.register_buffer("window", torch.hann_window(window), persistent=False)
        sizes = [2, CHANNELS, CHANNELS, 2 * CHANNELS, 2 * CHANNELS]
        self.layers = nn.ModuleList(
            weight_norm(
                nn.Conv2d(
                    i, o, (7, 3) if place == 0 else (5, 3), (2, 1), padding=(2, 1)
                )
            )
            for place, (i, o) in enumerate(pairwise(sizes))
        )
        self.last = weight_norm(nn.Conv2d(sizes[-1], 1, 3, padding=1))

    def forward(self, samples: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Shapes: (B, S) -> opinions (B, F, T) and what the layers saw."""
        length = len(self.window)
        spectrum = torch.stft(
            samples, length, length // 4, window=self.window, return_complex=True
        )
        power = spectrum.real**2 + spectrum.imag**2 + 1e-6
        image = torch.stack([spectrum.real, spectrum.imag], dim=1)  # (B, 2, F, T)
        image = image * power[:, None] ** ((COMPRESSION - 1) / 2)
        seen = []
        for layer in self.layers:
            image = functional.leaky_relu(layer(image), 0.1)
            seen.append(image)
        return self.last(image).squeeze(1), seen


class Critics(nn.Module):
    """All critics, and what they and the vocoder learn from each other."""

    def __init__(self) -> None:
        super().__init__()
        self.critics = nn.ModuleList(Critic(window) for window in WINDOWS)

    def loss(self, real: Tensor, made: Tensor) -> Tensor:
        """Return what the critics minimise: 2 at chance, 0 if always right."""
        total = real.new_zeros(())
        for critic in self.critics:
            total = total + functional.relu(1 - critic(real)[0]).mean()
            total = total + functional.relu(1 + critic(made.detach())[0]).mean()
        return total / len(self.critics)

    def teach(self, real: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
        """Return what the vocoder minimises: to be believed, to look alike inside."""
        believed, alike = made.new_zeros(()), made.new_zeros(())
        for critic in self.critics:
            with torch.no_grad():
                _, seen_real = critic(real)
            opinion, seen_made = critic(made)
            believed = believed - opinion.mean()
            for a, b in zip(seen_made, seen_real, strict=True):
                alike = alike + (a - b).abs().mean() / b.abs().mean().clamp(min=1e-3)
        count = len(self.critics)
        return believed / count, alike / count / 4
