"""``voices``: list the voices of a model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wyoming_cosyvoice.library.installed import find_model
from wyoming_cosyvoice.pack.pack import read_manifest

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """List them.

    Raises: ModelError.
    """
    folder = find_model(
        config.model.name, config.data_folder, precision=config.model.precision
    )
    voices = read_manifest(folder).voices
    if arguments.json:
        listed = [
            {
                "id": voice.id,
                "speaker": voice.speaker,
                "name": voice.name,
                "description": voice.description,
                "languages": list(voice.languages),
            }
            for voice in voices
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    width = max((len(voice.id) for voice in voices), default=0)
    for voice in voices:
        languages = " ".join(voice.languages)
        print(f"{voice.id:<{width}}  {voice.description}  [{languages}]")
    return 0
