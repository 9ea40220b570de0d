"""Open a model with the configured settings."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.model.device_choice import choose_device
from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.model.quality import QUALITIES
from wyoming_cosyvoice.model.session import available_providers
from wyoming_cosyvoice.model.utterance import Settings as ModelSettings
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.text import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.pack.manifest import Manifest

_LOGGER = logging.getLogger(__name__)


def open_synthesizer(folder: Path, config: Config) -> PackSynthesizer:
    """Open a model with the configured settings.

    Raises: ModelError.
    """
    pack = Pack.open(folder)
    options = SynthesizerOptions(
        threads=config.model.threads,
        settings=model_settings(pack.manifest, config),
        lexicon=Lexicon(config.data_folder / LEXICON),
        text_ahead=config.model.text_ahead,
        pause_s=config.sound.pause_s,
    )
    synthesizer = PackSynthesizer.open(pack, options)
    if config.model.text_ahead and not synthesizer.reads_ahead:
        _LOGGER.warning(
            "%s speaks whole sentences only; text_ahead is for CosyVoice2 and 3",
            pack.manifest.name,
        )
    return synthesizer


def model_settings(manifest: Manifest, config: Config) -> ModelSettings:
    """Return steps, guidance and windows, with the model's values as defaults."""
    family = family_of(manifest)
    quality = QUALITIES[config.model.quality]
    flow = quality.apply(manifest.flow, fewest_steps=family.fewest_steps)
    if config.model.steps is not None:
        flow = replace(flow, steps=config.model.steps)
    if config.model.guidance is not None:
        flow = replace(flow, guidance=config.model.guidance)
    windows = family.windows if config.model.streaming else None
    device = choose_device(manifest, config.model.device, available_providers())
    return ModelSettings(flow, windows, device)
