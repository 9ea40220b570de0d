"""Turn a pack into checkpoints, so that training continues from its weights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import torch

from models.starter.corpora.corpus import SPOKEN, open_corpora
from models.starter.corpora.tokens import RANGES, factors
from models.starter.networks.sizes import FlowSizes, LmSizes, VocoderSizes
from models.starter.release.restore_flow import restore_flow
from models.starter.release.restore_language_model import restore_language_model
from models.starter.release.restore_vocoder import restore_vocoder
from models.starter.training.loop import Checkpoint
from models.starter.training.vocoder import Segments

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

    from wyoming_cosyvoice.pack.pack import Pack

PITCH_RANGES = {"heart": (5.046, 5.727), "cedar": (4.512, 5.220)}
"""The log pitch that a speaker's classes of pitch lie between, which no pack tells.

Measured on the shipped flow: with these, what it makes of a class has the pitch of the
recordings that the class was given to, to a fifth of a semitone.
"""


def keep_pitch_ranges(state: Path) -> None:
    """Keep what the classes of pitch mean to the networks of the shipped pack."""
    path = state / RANGES
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(PITCH_RANGES) + "\n", encoding="utf-8")


def write_checkpoint(
    pack: Pack, state: Path, stage: str, step: int, *, is_kept: bool = False
) -> None:
    """Let a stage begin with the network of a pack, unless it has begun already.

    The network counts as trained up to ``step``: earlier phases, such as those with
    simple losses, would undo part of it. One that ``is_kept`` is not trained.
    """
    checkpoint = Checkpoint(state, stage)
    if checkpoint.path.exists():
        return
    network, buffers = _read(pack, state, stage, is_kept=is_kept)
    weights = network.state_dict()
    checkpoint.write(
        {"network": weights, "buffers": buffers, "step": step, "cpu_s": 0.0}
    )
    print(f"{stage} begins with the weights of {pack.directory}.")


def _read(
    pack: Pack, state: Path, stage: str, *, is_kept: bool
) -> tuple[nn.Module, dict[str, Tensor]]:
    parts = torch.from_numpy(factors())
    match stage:
        case "language-model":
            return restore_language_model(pack, LmSizes(), parts), {}
        case "flow":
            return restore_flow(pack, FlowSizes(), parts), {}
        case "vocoder":
            network = restore_vocoder(pack, VocoderSizes())
            if not is_kept:  # the scale of mels would only be folded in again
                segments = Segments(open_corpora(state, SPOKEN))
                network.unfold_scale(*segments.mel_scale())
            return network, {"mean": network.mean, "spread": network.spread}
    raise ValueError(stage)
