"""The U-Net of the flow in the layout of the official ``flow.pt``.

It predicts where a noisy mel should move: the velocity of the flow (Matcha-TTS, arXiv
2309.03199). The names of the modules are those of the layout.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from models.starter.networks.sizes import FlowSizes

GROUPS = 8


class Convolved(nn.Module):
    """Convolution, group norm, Mish."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            nn.Conv1d(inputs, outputs, 3, padding=1),
            nn.GroupNorm(GROUPS, outputs),
            nn.Mish(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C_in, T) -> (B, C_out, T)."""
        return self.block(x)


class Residual(nn.Module):
    """A residual block: two convolutions with the time embedding added in between."""

    def __init__(self, inputs: int, outputs: int, time_width: int) -> None:
        super().__init__()
        self.mlp = nn.Sequential(nn.Mish(), nn.Linear(time_width, outputs))
        self.block1 = Convolved(inputs, outputs)
        self.block2 = Convolved(outputs, outputs)
        self.res_conv = nn.Conv1d(inputs, outputs, 1)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        """Shapes: x (B, C_in, T), time (B, D_t) -> (B, C_out, T)."""
        h = self.block1(x) + self.mlp(time)[:, :, None]
        return self.block2(h) + self.res_conv(x)


class Attention(nn.Module):
    """Plain attention over all frames."""

    def __init__(self, width: int, heads: int, head_width: int) -> None:
        super().__init__()
        inner = heads * head_width
        self.heads = heads
        self.to_q, self.to_k, self.to_v = (
            nn.Linear(width, inner, bias=False) for _ in range(3)
        )
        self.to_out = nn.Sequential(nn.Linear(inner, width))

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, T, C) -> (B, T, C)."""
        q, k, v = (
            project(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for project in (self.to_q, self.to_k, self.to_v)
        )
        y = functional.scaled_dot_product_attention(q, k, v)
        return self.to_out(y.transpose(1, 2).flatten(2))


class Gelu(nn.Module):
    """A linear layer and GELU, under the name of the layout."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, inner)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (..., C) -> (..., 4 C)."""
        return functional.gelu(self.proj(x))


class FeedForward(nn.Module):
    """Linear, GELU, linear."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = 4 * width
        self.net = nn.ModuleList(
            [Gelu(width, inner), nn.Identity(), nn.Linear(inner, width)]
        )

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, T, C) -> (B, T, C)."""
        return self.net[2](self.net[0](x))


class TransformerBlock(nn.Module):
    """Pre-norm attention and feed-forward."""

    def __init__(self, width: int, heads: int, head_width: int) -> None:
        super().__init__()
        self.norm1, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn1 = Attention(width, heads, head_width)
        self.ff = FeedForward(width)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, T, C) -> (B, T, C)."""
        x = x + self.attn1(self.norm1(x))
        return x + self.ff(self.norm3(x))


class Down(nn.Module):
    """Halves the rate."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, T / 2)."""
        return self.conv(x)


class Up(nn.Module):
    """Doubles the rate."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose1d(channels, channels, 4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, C, T) -> (B, C, 2 T)."""
        return self.conv(x)


class TimeEmbedding(nn.Module):
    """Two linear layers over sinusoids of the time."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear_1, self.linear_2 = (
            nn.Linear(inputs, outputs),
            nn.Linear(outputs, outputs),
        )
        half = inputs // 2
        steps = torch.arange(half) * (-math.log(10000) / (half - 1))
        self.register_buffer("frequencies", steps.exp() * 1000, persistent=False)

    def forward(self, time: Tensor) -> Tensor:
        """Shapes: (B,) -> (B, D_t)."""
        angles = time[:, None] * self.frequencies
        waves = torch.cat([angles.sin(), angles.cos()], dim=1)
        return self.linear_2(functional.silu(self.linear_1(waves)))


class Estimator(nn.Module):
    """The U-Net."""

    def __init__(self, sizes: FlowSizes) -> None:
        super().__init__()
        inputs = 4 * sizes.mel_bins
        channels = sizes.channels
        time = 4 * channels[0]
        self.time_mlp = TimeEmbedding(inputs, time)

        def level(inputs: int, outputs: int, last: nn.Module | None) -> nn.ModuleList:
            blocks = nn.ModuleList(
                TransformerBlock(outputs, sizes.estimator_heads, sizes.head_width)
                for _ in range(sizes.transformer_blocks)
            )
            parts = [Residual(inputs, outputs, time), blocks]
            return nn.ModuleList([*parts, last] if last is not None else parts)

        self.down_blocks, self.mid_blocks, self.up_blocks = (
            nn.ModuleList() for _ in range(3)
        )
        for place, outputs in enumerate(channels):
            is_last = place == len(channels) - 1
            last = (
                nn.Conv1d(outputs, outputs, 3, padding=1) if is_last else Down(outputs)
            )
            self.down_blocks.append(level(inputs, outputs, last))
            inputs = outputs
        for _ in range(sizes.middle_blocks):
            self.mid_blocks.append(level(inputs, inputs, None))
        ways_up = [*channels[-2::-1], channels[0]]
        for place, outputs in enumerate(ways_up):
            is_last = place == len(ways_up) - 1
            last = nn.Conv1d(outputs, outputs, 3, padding=1) if is_last else Up(outputs)
            self.up_blocks.append(level(2 * inputs, outputs, last))
            inputs = outputs
        self.final_block = Convolved(inputs, inputs)
        self.final_proj = nn.Conv1d(inputs, sizes.mel_bins, 1)

    def forward(
        self, x: Tensor, mu: Tensor, time: Tensor, speaker: Tensor, cond: Tensor
    ) -> Tensor:
        """Shapes: x, mu, cond (B, M, T), time (B,), speaker (B, M) -> (B, M, T)."""
        spread = speaker[:, :, None].expand(-1, -1, x.shape[2])
        x = torch.cat([x, mu, spread, cond], dim=1)
        t = self.time_mlp(time)
        skips = []

        def walk(x: Tensor, parts: nn.ModuleList) -> Tensor:
            x = parts[0](x, t).transpose(1, 2)
            for block in parts[1]:
                x = block(x)
            return x.transpose(1, 2)

        for parts in self.down_blocks:
            x = walk(x, parts)
            skips.append(x)
            x = parts[2](x)
        for parts in self.mid_blocks:
            x = walk(x, parts)
        for parts in self.up_blocks:
            skip = skips.pop()
            x = walk(torch.cat([x[:, :, : skip.shape[2]], skip], dim=1), parts)
            x = parts[2](x)
        return self.final_proj(self.final_block(x))


@torch.no_grad()
def open_identity_path(net: Estimator, offset: Tensor, spread: Tensor) -> None:
    """Start the estimator as v = mu - x, on 80 of its channels.

    A narrow U-Net is bad at learning to cancel 80 channels of white noise; so the way
    along its linear bypasses does it from the start. ``offset`` and ``spread`` (80,)
    are the mean and the deviation of mel - noise. Group norm keeps only what is
    relative to a group, which offset and spread put back; Mish is nearly linear around
    3.
    """
    bins, channels = net.final_proj.out_channels, net.final_proj.in_channels
    first, last = net.down_blocks[0], net.up_blocks[-1]
    eye = torch.eye(bins)
    first[0].res_conv.weight[:bins] = 0
    first[0].res_conv.weight[:bins, :bins, 0] = -eye
    first[0].res_conv.weight[:bins, bins : 2 * bins, 0] = eye
    first[0].res_conv.bias[:bins] = 0
    last[0].res_conv.weight[:bins] = 0
    last[0].res_conv.weight[:bins, channels : channels + bins, 0] = eye
    last[0].res_conv.bias[:bins] = 0
    for parts in (first, last):
        norm = parts[0].block2.block[1]
        norm.weight[:bins] = 0
        norm.bias[:bins] = 0
        for block in parts[1]:
            for writer in (block.attn1.to_out[0], block.ff.net[2]):
                writer.weight[:bins] = 0
                writer.bias[:bins] = 0
    for convolution in (last[2], net.final_block.block[0]):
        convolution.weight[:bins] = 0
        convolution.weight[:bins, :bins, 1] = eye
        convolution.bias[:bins] = 0
    norm = net.final_block.block[1]
    norm.weight[:bins] = 0.6
    norm.bias[:bins] = 3.0
    group = norm.num_channels // GROUPS
    means = offset.view(-1, group).mean(1).repeat_interleave(group)
    power = (spread**2 + offset**2).view(-1, group).mean(1).repeat_interleave(group)
    deviation = (power - means**2).sqrt()
    net.final_proj.weight[:] = 0
    net.final_proj.weight[:, :bins, 0] = torch.diag(deviation / 0.6)
    net.final_proj.bias[:] = means - 3 * deviation / 0.6
