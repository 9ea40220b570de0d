"""The language model in the layout of ``llm.pt``: text to speech tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.starter.networks.encoders import Encoder, sinusoids, skew
from models.starter.networks.tables import FactoredTable

if TYPE_CHECKING:
    from models.starter.networks.sizes import LmSizes


class LanguageModel(nn.Module):
    """Text encoder and LM; reads sos, speaker, text, task mark, speech tokens."""

    def __init__(
        self, sizes: LmSizes, factors: Tensor | None = None, dropout: float = 0.05
    ) -> None:
        super().__init__()
        self.sizes = sizes
        self.text_embedding = nn.Embedding(sizes.text_tokens, sizes.text_input)
        self.text_encoder = Encoder(
            sizes.text_input, sizes.text_width, sizes.text_heads, sizes.text_inner,
            sizes.text_blocks, is_causal=True, dropout=dropout,
        )  # fmt: skip
        self.text_encoder_affine_layer = nn.Linear(sizes.text_width, sizes.width)
        self.llm_embedding = nn.Embedding(2, sizes.width)
        self.llm = Encoder(
            sizes.width, sizes.width, sizes.heads, sizes.inner, sizes.blocks,
            is_causal=True, is_lm=True, dropout=dropout,
        )  # fmt: skip
        rows = sizes.speech_tokens
        with_stop = factors
        if (
            factors is not None
        ):  # the end of speech is a value of its own of each factor
            with_stop = torch.cat(
                [factors, factors.amax(dim=1, keepdim=True) + 1], dim=1
            )
        self.speech_embedding = FactoredTable(rows, sizes.width, factors, 1.0)
        self.llm_decoder = Decoder(rows + 1, sizes.width, with_stop)
        self.spk_embed_affine_layer = nn.Linear(sizes.speaker_width, sizes.width)

    def encode_text(self, text: Tensor) -> Tensor:
        """Shapes: (B, L) -> (B, L, D)."""
        encoded, _ = self.text_encoder(self.text_embedding(text))
        return self.text_encoder_affine_layer(encoded)

    def prefix(self, speaker: Tensor, encoded: Tensor) -> Tensor:
        """Join the marks, the speaker (B, E) and the text (B, L, D): (B, 3 + L, D)."""
        voice = self.spk_embed_affine_layer(functional.normalize(speaker, dim=1))
        marks = self.llm_embedding.weight[:, None, None].expand(
            -1, len(encoded), -1, -1
        )
        return torch.cat([marks[0], voice[:, None], encoded, marks[1]], dim=1)

    def forward(self, rows: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Read rows (B, P + N, D): hidden states of the same shape, and attention."""
        return self.llm(rows)

    @torch.no_grad()
    def speak(
        self, text: Tensor, speaker: Tensor, generator: torch.Generator,
        top_p: float = 0.8, top_k: int = 25, longest: int = 900,
    ) -> list[int]:  # fmt: skip
        """Sample speech tokens for text (1, L), without repetition-aware resampling."""
        rows = self.prefix(speaker, self.encode_text(text))
        caches = [Cache() for _ in self.llm.encoders]
        found: list[int] = []
        while len(found) < longest:
            hidden = self._advance(rows, caches)
            odds = self.llm_decoder(hidden[0, -1:])[0].softmax(dim=0)
            best, order = odds.sort(descending=True)
            before = best.cumsum(0) - best
            keep = (before < top_p) & (torch.arange(len(best)) < top_k)
            drawn = torch.multinomial(best * keep, 1, generator=generator)
            token = int(order[drawn])
            if token == self.sizes.speech_tokens:
                break
            found.append(token)
            rows = self.speech_embedding(torch.tensor([[token]]))
        return found

    def _advance(self, rows: Tensor, caches: list[Cache]) -> Tensor:
        """Read new rows (1, n, D), first many, then one, after those in the caches."""
        x = self.llm.embed(rows)
        for block, cache in zip(self.llm.encoders, caches, strict=True):
            attention = block.self_attn
            normed = block.norm1(x)
            keys, values = cache.add(
                attention.linear_k(normed), attention.linear_v(normed)
            )
            new, total = x.shape[1], keys.shape[1]
            heads = attention.heads, attention.head_width
            q = attention.linear_q(normed).view(1, new, *heads)
            k, v = (y.view(1, total, *heads).transpose(1, 2) for y in (keys, values))
            positions = sinusoids(torch.arange(total - 1, -1, -1), x.shape[2])
            p = attention.linear_pos(positions).view(total, *heads).permute(1, 2, 0)
            content = (q + attention.pos_bias_u).transpose(1, 2) @ k.transpose(2, 3)
            by_distance = (q + attention.pos_bias_v).transpose(1, 2) @ p
            if new > 1:
                by_distance = skew(by_distance)
            scores = (content + by_distance) / attention.head_width**0.5
            if new > 1:
                future = torch.ones(new, total, dtype=torch.bool).triu(1)
                scores = scores.masked_fill(future, -1e9)
            y = (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(x.shape)
            x = x + attention.linear_out(y)
            x = x + block.feed_forward(block.norm2(x))
        return self.llm.after_norm(x)


class Cache:
    """Keys and values of the rows read so far, of one block."""

    def __init__(self) -> None:
        self._kept: tuple[Tensor, Tensor] | None = None

    def add(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add new rows and return all."""
        if self._kept is not None:
            keys = torch.cat([self._kept[0], keys], dim=1)
            values = torch.cat([self._kept[1], values], dim=1)
        self._kept = keys, values
        return self._kept


class Decoder(nn.Module):
    """The output layer: a table of rows, and a bias."""

    def __init__(self, rows: int, width: int, factors: Tensor | None) -> None:
        super().__init__()
        self.output = FactoredTable(rows, width, factors, width**-0.5)
        self.bias = nn.Parameter(torch.zeros(rows))

    def forward(self, hidden: Tensor) -> Tensor:
        """Shapes: (..., D) -> logits (..., V + 1)."""
        return functional.linear(
            hidden, self.output.table().to(hidden.dtype), self.bias
        )
