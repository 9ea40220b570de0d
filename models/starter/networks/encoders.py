"""Encoders with relative positions, as all three transformers of the layout have them.

Attention is that of Transformer-XL in ESPnet's variant: a score is ((q + u) k + (q + v)
p) / sqrt(d_k), where p is a projected sinusoid of the distance from query to key. The
names of the modules are those of the layout.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

BLOCK_EPSILON = 1e-12


def sinusoids(distances: Tensor, width: int) -> Tensor:
    """Embed distances (N,): sine and cosine in turn, (N, D)."""
    steps = torch.arange(0, width, 2, dtype=torch.float32)
    angles = distances[:, None].float() * torch.exp(
        steps * -(math.log(10000.0) / width)
    )
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


class RelativeAttention(nn.Module):
    """Self-attention over rows that know how far apart they are."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.head_width = heads, width // heads
        self.linear_q, self.linear_k, self.linear_v, self.linear_out = (
            nn.Linear(width, width) for _ in range(4)
        )
        self.linear_pos = nn.Linear(width, width, bias=False)
        self.pos_bias_u = nn.Parameter(torch.zeros(heads, self.head_width))
        self.pos_bias_v = nn.Parameter(torch.zeros(heads, self.head_width))
        nn.init.xavier_uniform_(self.pos_bias_u)
        nn.init.xavier_uniform_(self.pos_bias_v)

    def forward(
        self, x: Tensor, positions: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Attend.

        Shapes: x (B, L, D), positions (W, D) from the longest distance down, W = L if
        causal and 2 L - 1 if not, mask broadcastable to (B, H, L, L), True where a key
        may not be seen -> (B, L, D) and the weights (B, H, L, L).
        """
        B, L, D = x.shape
        split = (B, L, self.heads, self.head_width)
        q = self.linear_q(x).view(split)
        k = self.linear_k(x).view(split).permute(0, 2, 3, 1)  # (B, H, d_k, L)
        v = self.linear_v(x).view(split).transpose(1, 2)  # (B, H, L, d_k)
        p = self.linear_pos(positions).view(-1, self.heads, self.head_width)
        content = (q + self.pos_bias_u).transpose(1, 2) @ k  # (B, H, L, L)
        by_distance = (q + self.pos_bias_v).transpose(1, 2) @ p.permute(1, 2, 0)
        scores = (content + skew(by_distance)[..., :L]) / math.sqrt(self.head_width)
        if mask is not None:
            scores = scores.masked_fill(mask, -1e9)
        weights = scores.float().softmax(dim=-1)
        y = (weights.to(v.dtype) @ v).transpose(1, 2).reshape(B, L, D)
        return self.linear_out(y), weights


def skew(by_distance: Tensor) -> Tensor:
    """Move column (W - 1) - (i - j) of row i to column j: (B, H, L, W) -> the same."""
    B, H, L, W = by_distance.shape
    padded = functional.pad(by_distance, (1, 0)).view(B, H, W + 1, L)
    return padded[:, :, 1:].reshape(B, H, L, W)


class FeedForward(nn.Module):
    """Two linear layers."""

    def __init__(self, width: int, inner: int, activation: nn.Module) -> None:
        super().__init__()
        self.w_1, self.w_2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, L, D) -> (B, L, D)."""
        return self.w_2(self.activation(self.w_1(x)))


class Block(nn.Module):
    """Pre-norm attention and feed-forward; the norms are named as the layout wants."""

    def __init__(
        self, width: int, heads: int, inner: int, *, is_lm: bool, dropout: float
    ) -> None:
        super().__init__()
        self.self_attn = RelativeAttention(width, heads)
        self.feed_forward = FeedForward(width, inner, nn.ReLU() if is_lm else nn.SiLU())
        self._names = ("norm1", "norm2") if is_lm else ("norm_mha", "norm_ff")
        for name in self._names:
            setattr(self, name, nn.LayerNorm(width, BLOCK_EPSILON))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, positions: Tensor, mask: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Shapes: (B, L, D) -> (B, L, D) and the attention weights (B, H, L, L)."""
        first, second = (getattr(self, name) for name in self._names)
        attended, weights = self.self_attn(first(x), positions, mask)
        x = x + self.dropout(attended)
        return x + self.dropout(self.feed_forward(second(x))), weights


class InputLayer(nn.Module):
    """Linear and LayerNorm, and a ReLU in the language model."""

    def __init__(self, inputs: int, width: int, *, is_lm: bool) -> None:
        super().__init__()
        self.out = nn.Sequential(nn.Linear(inputs, width), nn.LayerNorm(width))
        self._is_lm = is_lm

    def forward(self, x: Tensor) -> Tensor:
        """Shapes: (B, L, D_in) -> (B, L, D)."""
        x = self.out(x)
        return (torch.relu(x) if self._is_lm else x) * math.sqrt(x.shape[-1])


class Encoder(nn.Module):
    """Rows in, rows out: text encoder and LM (causal), flow encoder (both ways)."""

    def __init__(
        self,
        inputs: int,
        width: int,
        heads: int,
        inner: int,
        blocks: int,
        *,
        is_causal: bool,
        is_lm: bool = False,
        dropout: float = 0.05,
    ) -> None:
        super().__init__()
        self.embed = InputLayer(inputs, width, is_lm=is_lm)
        self.encoders = nn.ModuleList(
            Block(width, heads, inner, is_lm=is_lm, dropout=dropout)
            for _ in range(blocks)
        )
        self.after_norm = nn.LayerNorm(width)
        self._is_causal, self._width = is_causal, width

    def forward(
        self, x: Tensor, lengths: Tensor | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """Encode; rows from ``lengths`` (B,) on are padding.

        Shapes: (B, L, D_in) -> (B, L, D) and the weights of each block (B, H, L, L).
        """
        x = self.embed(x)
        L = x.shape[1]
        lowest = 0 if self._is_causal else 1 - L
        positions = sinusoids(torch.arange(L - 1, lowest - 1, -1), self._width)
        mask = None
        if self._is_causal:  # padding comes last, so nothing real sees it
            mask = torch.ones(L, L, dtype=torch.bool).triu(1)
        elif lengths is not None:
            mask = (torch.arange(L)[None] >= lengths[:, None])[:, None, None]
        found = []
        for block in self.encoders:
            x, weights = block(x, positions, mask)
            found.append(weights)
        return self.after_norm(x), found
