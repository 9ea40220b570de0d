"""Embedding tables whose rows are sums, and their export as plain tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    import numpy as np


class FactoredTable(nn.Module):
    """A table of V rows, each the sum of its own vector and one for each factor.

    Speech tokens are triples (phone, countdown, pitch): what is learned of a phone
    helps all its tokens. The layout knows plain tables only; ``table()`` adds the parts
    up.
    """

    def __init__(
        self, rows: int, width: int, factors: Tensor | None, scale: float
    ) -> None:
        super().__init__()
        self.own = nn.Parameter(torch.zeros(rows, width))
        self.factors = nn.ParameterList()
        if factors is None:
            nn.init.normal_(self.own, 0, scale)
            factors = torch.zeros(0, rows, dtype=torch.long)
        self.register_buffer("indices", factors, persistent=False)  # (F, V)
        for row in factors:
            made = torch.randn(int(row.max()) + 1, width) * scale / len(factors) ** 0.5
            self.factors.append(nn.Parameter(made))

    @torch.no_grad()
    def set_table(self, table: np.ndarray) -> None:
        """Take over a plain table (V, D), of which the factors know nothing."""
        for factor in self.factors:
            factor.zero_()
        self.own.copy_(torch.from_numpy(table))

    def table(self) -> Tensor:
        """Add the parts up: (V, D)."""
        total = self.own
        for index, factor in zip(self.indices, self.factors, strict=True):
            total = total + factor[index]
        return total

    def forward(self, tokens: Tensor) -> Tensor:
        """Look rows up: (...) -> (..., D)."""
        total = self.own[tokens]
        for index, factor in zip(self.indices, self.factors, strict=True):
            total = total + factor[index[tokens]]
        return total


def official_state(network: nn.Module) -> dict[str, Tensor]:
    """Return the weights under the names of the layout, tables added up."""
    state = dict(network.state_dict())
    for name, module in network.named_modules():
        if isinstance(module, FactoredTable):
            for key in [k for k in state if k.startswith(f"{name}.")]:
                del state[key]
            state[f"{name}.weight"] = module.table().detach().clone()
    return {
        key.replace(".output.weight", ".weight"): value for key, value in state.items()
    }


def load_official(network: nn.Module, state: dict[str, Tensor]) -> None:
    """Load plain tables into a network whose tables have no factors, strictly."""
    state = dict(state)
    for name, module in network.named_modules():
        if isinstance(module, FactoredTable):
            state[f"{name}.own"] = state.pop(f"{name}.weight")
    network.load_state_dict(state, strict=True)
