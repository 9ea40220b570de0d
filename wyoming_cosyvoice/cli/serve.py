"""``serve``: serve Wyoming and HTTP clients until a signal arrives."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.errors import (
    ConfigError,
    ModelError,
    ModelNotFound,
)
from wyoming_cosyvoice.fetch import RELEASES
from wyoming_cosyvoice.files import TimeLimit
from wyoming_cosyvoice.library.installed import (
    STARTER,
    find_model,
    installed,
    lacks_precision,
    release_of,
    starter_instead_of,
    voice_named,
    warn_about_precision,
)
from wyoming_cosyvoice.library.provision import Provision
from wyoming_cosyvoice.machine.memory import map_large_blocks
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.pack.pack import read_manifest
from wyoming_cosyvoice.server.lifecycle import run as run_server
from wyoming_cosyvoice.synth.front_end import pack_voices
from wyoming_cosyvoice.tokenizer import pinyin_zh

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

_TIME_LIMIT_S = 60.0
"""For a disk that has to wake, at a start at which everything else does too."""


def run(_: argparse.Namespace, config: Config) -> int:
    """Serve; clients can connect while the model is still loading.

    Raises: ModelError, ConfigError.
    """
    map_large_blocks()
    pinyin_zh.leave_phrases_on_disk()
    data = TimeLimit("The data folder", _TIME_LIMIT_S)
    try:
        folder, wanted = data.run(partial(choose_first_model, config))
        manifest = data.run(partial(read_manifest, folder))
    except (ModelError, ConfigError) as error:
        if config.model.is_required:
            raise
        folder, wanted = starter_instead_of(error), None
        manifest = read_manifest(folder)
        problem = f"{error} The starter is used instead."
        _LOGGER.warning("%s", problem)
        config = replace(config, problems=(*config.problems, problem))
    voices = pack_voices(manifest)
    _warn_about_voice(voices, config.speech.voice)
    threads = choose_threads(manifest, config.model.threads)
    _LOGGER.info(
        "wyoming-cosyvoice %s with %s (%s) from %s, %d threads (%s), data in %s",
        __version__,
        manifest.name,
        manifest.precision,
        folder,
        threads.count,
        threads.reason,
        config.data_folder,
    )
    provision = Provision(config, folder, wanted=wanted)
    try:
        run_server(
            partial(provision.new_engine, voices),
            config,
            provision.models,
            provision.close,
        )
    finally:
        provision.close()


def choose_first_model(config: Config) -> tuple[Path, str | None]:
    """Return the folder of the model to start with, and a release to download, if any.

    Raises: ModelError, ConfigError.
    """
    name, data_dir, precision = (
        config.model.name,
        config.data_folder,
        config.model.precision,
    )
    releases = {release.name for release in RELEASES}
    try:
        folder = find_model(name, data_dir, precision=precision)
    except ModelNotFound:
        if name not in releases:
            raise
        _LOGGER.info("Downloading %s; the starter speaks until it is ready", name)
        return find_model(STARTER, data_dir), name
    release = release_of(folder.name)
    is_release = release in releases and folder in installed(data_dir).values()
    if is_release and lacks_precision(folder, precision):
        _LOGGER.info(
            "Downloading %s in %s; %s speaks until it is ready",
            *(release, precision, folder.name),
        )
        return folder, release
    warn_about_precision(folder, precision)
    return folder, None


def _warn_about_voice(voices: Sequence[Voice], name: str | None) -> None:
    """Warn about an unknown default voice.

    It may be a user voice or belong to another model, and become available later.
    """
    try:
        voice_named(voices, name)
    except ConfigError as error:
        _LOGGER.warning("%s Until it exists, the language of the text decides.", error)
