"""Multi-resolution spectra of sounds, and the distance between two."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.starter.corpora.features import mel_filters

SCALES = (64, 128, 256, 512, 1024, 2048)
_FLOOR = 1e-4
# Makes a difference of linear magnitudes, which speech has few of, count like the
# others.
_LOUD = 200.0


class MultiResolutionSpectra(nn.Module):
    """Log-mel, log and linear magnitudes at six window lengths, up to 11 kHz."""

    def __init__(self) -> None:
        super().__init__()
        for size in SCALES:
            self.register_buffer(
                f"window{size}", torch.hann_window(size), persistent=False
            )
            bins = min(80, size // 8)
            filters = torch.from_numpy(mel_filters(bins, 11025.0, size))
            filters = filters / filters.sum(dim=1, keepdim=True).clamp(min=1e-9)
            self.register_buffer(f"filters{size}", filters.T, persistent=False)

    def forward(self, samples: Tensor) -> list[Tensor]:
        """Analyse samples (B, S): for each scale the features (B, F, C)."""
        found = []
        for size in SCALES:
            window = getattr(self, f"window{size}")
            spectrum = torch.stft(
                samples,
                size,
                size // 4,
                window=window,
                return_complex=True,
                center=True,
            )
            power = spectrum.real**2 + spectrum.imag**2
            magnitude = (
                torch.sqrt(power + 1e-8) / window.sum() * 2
            )  # 1 = full scale sine
            magnitude = magnitude.transpose(1, 2)
            mel = torch.log(magnitude @ getattr(self, f"filters{size}") + _FLOOR)
            parts = [
                (mel, 1.0),
                (torch.log(magnitude + _FLOOR), 0.25),
                (magnitude, _LOUD),
            ]
            found.append(torch.cat([x * (w / x.shape[2]) for x, w in parts], dim=2))
        return found


def distance(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """Return the mean absolute difference of two spectra."""
    return sum(
        (x - y).abs().sum(dim=2).mean() for x, y in zip(a, b, strict=True)
    ) / len(a)
