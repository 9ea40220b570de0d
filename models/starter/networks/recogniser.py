"""A small recogniser that names the phone of each frame of a mel.

It sees a tenth of a second to both sides: so little that it must recognize the phone
itself, and cannot guess it from the words. Its features are what distinguishes phones,
which is little of what differs between mels.
"""

from __future__ import annotations

from torch import Tensor, nn

WIDTH, BLOCKS, TAPS = 192, 4, 5
# Of log mels, about: the network sees them with deviation 1.
MEAN, DEVIATION = -5.0, 2.3


class ResidualBlock(nn.Module):
    """A convolution past which the frames go as well."""

    def __init__(self) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv1d(WIDTH, WIDTH, TAPS, padding=TAPS // 2),
            nn.BatchNorm1d(WIDTH),
            nn.SiLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, T)."""
        return x + self.block(x)


class Recogniser(nn.Module):
    """Mel to phones, frame by frame."""

    def __init__(self, phones: int) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.Conv1d(80, WIDTH, TAPS, padding=TAPS // 2), nn.BatchNorm1d(WIDTH)
        )
        self.blocks = nn.ModuleList(ResidualBlock() for _ in range(BLOCKS))
        self.last = nn.Conv1d(WIDTH, phones, 1)

    def forward(self, mel: Tensor) -> tuple[list[Tensor], Tensor]:
        """Shapes: mel (B, M, T) -> the features of each block (B, C, T), logits."""
        x = self.first((mel - MEAN) / DEVIATION)
        features = []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        return features, self.last(x)
