"""Quality levels: how much work the flow does.

Lower levels use fewer steps, and guidance only in the first half, where the words and
the voice are decided. Measured on a trained flow (the starter voice before its flow was
distilled to two steps): the mean difference of the mel from the original's ten guided
steps. For comparison: the original differs from the exact solution of its ODE by 0.60
dB, and two noise samples differ by 3.05 dB.

    name        steps   guided until   rows computed   differs by
    original      10          1.0            20           0
    balanced       6          0.5            10           0.5 dB
    fast           4          0.5             7           0.9 dB
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wyoming_cosyvoice.pack.settings import FlowSettings


@dataclass(frozen=True, slots=True)
class Quality:
    """Upper bounds on a model's own flow settings."""

    max_steps: int
    guided_until: float

    def apply(self, flow: FlowSettings, *, fewest_steps: int = 1) -> FlowSettings:
        """Return the settings within these bounds, with at least ``fewest_steps``."""
        return replace(
            flow,
            steps=min(flow.steps, max(self.max_steps, fewest_steps)),
            guided_until=min(flow.guided_until, self.guided_until),
        )


QUALITIES = {
    "original": Quality(max_steps=100, guided_until=1.0),
    "balanced": Quality(max_steps=6, guided_until=0.5),
    "fast": Quality(max_steps=4, guided_until=0.5),
}
