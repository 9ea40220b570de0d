"""From the settings to a model that speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.model.voice_model import Settings as ModelSettings
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer, SynthesizerOptions
from wyoming_cosyvoice.text import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.cli.settings import Settings
    from wyoming_cosyvoice.pack.manifest import Manifest

_STARTER_MEMORY = "starter-verified.json"


def open_synthesizer(folder: Path, settings: Settings) -> PackSynthesizer:
    """Open a model with what the user set.

    Raises: ModelError.
    """
    pack = Pack.open(folder, memory=_memory(folder, settings.data_dir))
    options = SynthesizerOptions(
        threads=settings.threads,
        default_voice=settings.voice,
        settings=model_settings(pack.manifest, settings),
        lexicon=Lexicon(settings.data_dir / LEXICON),
        pause_s=settings.sound_config().pause_s,
    )
    return PackSynthesizer.open(pack, options)


def _memory(folder: Path, data_dir: Path) -> Path | None:
    """Return where it is kept that the starter is whole, if there is a data folder.

    It saves hashing 18 MB at each start. Nothing is written into the installed program,
    nor for that alone into the home of a user who has no data folder.
    """
    if folder != STARTER_DIR or not data_dir.is_dir():
        return None
    return data_dir / _STARTER_MEMORY


def model_settings(manifest: Manifest, settings: Settings) -> ModelSettings:
    """Return steps, guidance and windows: the model's own where nothing was set."""
    flow = manifest.flow
    if settings.steps is not None:
        flow = replace(flow, steps=settings.steps)
    if settings.guidance is not None:
        flow = replace(flow, guidance=settings.guidance)
    windows = family_of(manifest).windows if settings.streaming else None
    return ModelSettings(flow, windows)
