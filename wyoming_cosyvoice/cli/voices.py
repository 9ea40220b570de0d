"""``voices``: list the voices of a model and of the user."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import VOICES
from wyoming_cosyvoice.library.installed import find_model
from wyoming_cosyvoice.pack.pack import read_manifest
from wyoming_cosyvoice.synth.abilities import ABILITIES, abilities_of
from wyoming_cosyvoice.synth.front_end import pack_voices
from wyoming_cosyvoice.user_voices.store import VoiceStore

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config


def run(arguments: argparse.Namespace, config: Config) -> int:
    """List the voices; the user's voices need a model that can clone.

    Raises: ModelError.
    """
    folder = find_model(
        config.model.name, config.data_folder, precision=config.model.precision
    )
    own = VoiceStore(config.data_folder / VOICES).voices()
    manifest = read_manifest(folder)
    can = abilities_of(manifest)
    voices = [*pack_voices(manifest), *(each.voice for each in own)]
    if arguments.json:
        listed = [
            {
                "id": voice.id,
                "speaker": voice.speaker,
                "name": voice.name,
                "description": voice.description,
                "languages": list(voice.languages),
                "is_own": any(voice.id == each.id for each in own),
            }
            for voice in voices
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    width = max((len(voice.id) for voice in voices), default=0)
    for voice in voices:
        languages = " ".join(voice.languages)
        is_own = any(voice.id == each.id for each in own)
        mark = "your own" if is_own else ""
        if is_own and "clone" not in can:
            mark = f"your own; {manifest.name} cannot speak with it"
        shown = ", ".join(filter(None, [voice.description, mark]))
        print(f"{voice.id:<{width}}  {shown}  [{languages}]")
    if can:
        print(f"\n{manifest.name} {', '.join(ABILITIES[name] for name in can)}.")
    return 0
