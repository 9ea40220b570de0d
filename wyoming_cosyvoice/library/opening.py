"""Open a model with the configured settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.device import choose_device
from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.model.quality import QUALITIES
from wyoming_cosyvoice.model.session import available_providers
from wyoming_cosyvoice.model.utterance import Settings as ModelSettings
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer, SynthesizerOptions
from wyoming_cosyvoice.text import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.pack.manifest import Manifest

_STARTER_MEMORY = "starter-verified.json"


def open_synthesizer(folder: Path, config: Config) -> PackSynthesizer:
    """Open a model with the configured settings.

    Raises: ModelError.
    """
    pack = Pack.open(folder, cache=_verification_cache(folder, config.data_folder))
    options = SynthesizerOptions(
        threads=config.model.threads,
        settings=model_settings(pack.manifest, config),
        lexicon=Lexicon(config.data_folder / LEXICON),
        pause_s=config.sound.pause_s,
    )
    return PackSynthesizer.open(pack, options)


def _verification_cache(folder: Path, data_dir: Path) -> Path | None:
    """Return the path of the starter's verification cache, if there is a data folder.

    It saves hashing 18 MB at each start. Nothing is written into the installed package,
    and no data folder is created only for this.
    """
    if folder != STARTER_DIR or not data_dir.is_dir():
        return None
    return data_dir / _STARTER_MEMORY


def model_settings(manifest: Manifest, config: Config) -> ModelSettings:
    """Return steps, guidance and windows, with the model's values as defaults."""
    flow = manifest.flow
    flow = QUALITIES[config.model.quality].apply(flow)
    if config.model.steps is not None:
        flow = replace(flow, steps=config.model.steps)
    if config.model.guidance is not None:
        flow = replace(flow, guidance=config.model.guidance)
    windows = family_of(manifest).windows if config.model.streaming else None
    device = choose_device(manifest, config.model.device, available_providers())
    return ModelSettings(flow, windows, device)
