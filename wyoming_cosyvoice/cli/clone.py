"""``clone``: make a voice from a recording, for the server and ``say --voice``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.names import PROGRAM
from wyoming_cosyvoice.cli.user_voice import add_stored_voice
from wyoming_cosyvoice.config import VOICES
from wyoming_cosyvoice.errors import ModelError
from wyoming_cosyvoice.features.recording import load_recording, read_recording
from wyoming_cosyvoice.library.installed import find_model, installed
from wyoming_cosyvoice.model.cloning import cloning_key
from wyoming_cosyvoice.pack.pack import read_manifest
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Check and store the recording; extract its features if a model can clone.

    A running server picks up the new voice without a restart.
    Raises: BadRecording, BadParameter, ModelError, SynthesisError.
    """
    content = read_recording(Path(arguments.recording))
    recording = load_recording(content)
    stored = VoiceStore(config.data_folder / VOICES).add(
        arguments.name,
        content,
        transcript=arguments.transcript,
        languages=tuple(arguments.languages or ()),
        emotion=arguments.emotion,
    )
    for notice in recording.notices:
        print(notice)
    folder = _model_that_clones(config)
    if folder is None:
        print(
            f"{stored.name} was stored, but no installed model can clone voices. "
            f"Get one: {PROGRAM} fetch cosyvoice-300m"
        )
        return 0
    # Imported here: only now are the networks needed.
    from wyoming_cosyvoice.library.opening import open_synthesizer  # noqa: PLC0415

    add_stored_voice(open_synthesizer(folder, config), stored)
    print(f"{stored.name} is ready: --voice {stored.id} --model {folder}")
    return 0


def _model_that_clones(config: Config) -> Path | None:
    """Return the model in use if it can clone, else another one that can."""
    chosen = find_model(
        config.model.name, config.data_folder, precision=config.model.precision
    )
    for folder in (chosen, *installed(config.data_folder).values()):
        try:
            if cloning_key(read_manifest(folder)) is not None:
                return folder
        except ModelError:
            continue  # damaged; try the next one
    return None
