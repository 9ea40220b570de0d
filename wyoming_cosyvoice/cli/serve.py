"""``serve``: answer Wyoming clients until a signal comes."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.cli.models import check_voice, find_model
from wyoming_cosyvoice.cli.speaking import open_synthesizer
from wyoming_cosyvoice.convert.quantize import Precision
from wyoming_cosyvoice.engine import Engine
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.fetch import ReleaseDownloads
from wyoming_cosyvoice.model.pack import read_manifest
from wyoming_cosyvoice.model.session import default_threads
from wyoming_cosyvoice.server.lifecycle import run as run_server
from wyoming_cosyvoice.synth import pack_voice

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.cli.settings import Settings
    from wyoming_cosyvoice.synth import Synthesizer
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)


def run(_: argparse.Namespace, settings: Settings) -> int:
    """Serve; the model loads while the first clients already ask who is there.

    Raises: ModelError, ConfigError.
    """
    folder = find_model(settings.model, settings.data_dir, precision=settings.precision)
    manifest = read_manifest(folder)
    voices = tuple(map(pack_voice, manifest.voices))
    _warn_of_voice(voices, settings.voice)
    config = settings.config()
    _LOGGER.info(
        "wyoming-cosyvoice %s with %s (%s) from %s, %d threads, data in %s",
        __version__,
        manifest.name,
        manifest.precision,
        folder,
        settings.threads or default_threads(),
        settings.data_dir,
    )
    load = partial(_load, folder, settings)
    downloads = ReleaseDownloads(
        settings.data_dir,
        in_use=lambda: folder,
        precision=Precision(settings.precision) if settings.precision else None,
    )
    try:
        return run_server(
            lambda: Engine(
                load,
                voices,
                limits=config.limits,
                defaults=config.speech,
                sound=config.sound,
            ),
            config,
            downloads,
        )
    finally:
        downloads.close()


def _warn_of_voice(voices: Sequence[Voice], name: str | None) -> None:
    """Say that a voice is not there; no reason not to start.

    It may be one of the user's own, or of another model, and come later.
    """
    try:
        check_voice(voices, name)
    except ConfigError as error:
        _LOGGER.warning("%s Until there is one, the text chooses.", error)


def _load(folder: Path, settings: Settings) -> Synthesizer:
    synthesizer = open_synthesizer(folder, settings)
    synthesizer.warm_up()
    return synthesizer
