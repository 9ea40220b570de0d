"""Trained weights -> a release in the official layout -> a pack.

A release holds ``cosyvoice.yaml``, ``llm.pt``, ``flow.pt``, ``hift.pt``,
``spk2info.pt``, ``phonemes.txt`` and ``speech_phones.json``. Its weights are the moving
averages of training, where a stage keeps them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from models.starter.corpora import tokens
from models.starter.networks.flow import Flow
from models.starter.networks.language_model import LanguageModel
from models.starter.networks.sizes import FlowSizes, LmSizes, VocoderSizes
from models.starter.networks.tables import official_state
from models.starter.networks.vocoder import Vocoder
from models.starter.release.layout import configuration
from models.starter.training.loop import Checkpoint
from models.starter.voices import VOICES

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor


def language_model(state: Path) -> LanguageModel:
    """Open the language model that was trained."""
    network = LanguageModel(LmSizes(), torch.from_numpy(tokens.factors()))
    network.load_state_dict(Checkpoint(state, "language-model").weights())
    return network.eval()


def flow(state: Path, recognised_share: float) -> Flow:
    """Open the flow that was trained.

    What learning from a recogniser brings in words it costs in sound. Between the
    weights before and after there is more of both than at either end, as they did not
    go far: ``recognised_share`` is how much of the latter.
    """
    network = Flow(FlowSizes(), torch.from_numpy(tokens.factors()))
    weights = Checkpoint(state, "flow").weights()
    recognised = Checkpoint(state, "recognised-flow")
    if recognised.path.exists():
        weights = between(weights, recognised.weights(), recognised_share)
    network.load_state_dict(weights)
    return network.eval()


def between(
    first: dict[str, Tensor], second: dict[str, Tensor], share: float
) -> dict[str, Tensor]:
    """Interpolate weights: 0 is the first, 1 the second; both have the same names."""
    return {
        # Whole numbers, such as counters, are the same in both.
        name: value.lerp(second[name], share) if value.is_floating_point() else value
        for name, value in first.items()
    }


def vocoder(state: Path) -> Vocoder:
    """Open the vocoder that was trained, its scale of mels put into the weights."""
    network = Vocoder(VocoderSizes())
    checkpoint = Checkpoint(state, "vocoder")
    network.load_state_dict(checkpoint.weights())
    kept = (checkpoint.read() or {})["buffers"]
    network.mean.copy_(kept["mean"])
    network.spread.copy_(kept["spread"])
    network.fold_scale()
    return network.eval()


def export(
    state: Path,
    release: Path,
    voices: list[str],
    languages: list[str],
    recognised_share: float,
) -> None:
    """Write the release of a state directory; every voice speaks all languages."""
    release.mkdir(parents=True, exist_ok=True)
    torch.save(official_state(language_model(state)), release / "llm.pt")
    torch.save(official_state(flow(state, recognised_share)), release / "flow.pt")
    weights = vocoder(state).state_dict()
    generator = {f"generator.{key}": value for key, value in weights.items()}
    torch.save(generator, release / "hift.pt")
    speakers = {
        # As the converter reads languages in a name.
        f"{'+'.join(languages)}-{name}": {
            "embedding": torch.from_numpy(VOICES[name].vector)
        }
        for name in voices
    }
    torch.save(speakers, release / "spk2info.pt")
    tokens.write_vocabulary(release / "phonemes.txt", LmSizes().text_tokens)
    tokens.write_speech_phones(release / "speech_phones.json")
    (release / "cosyvoice.yaml").write_text(configuration(), encoding="utf-8")
