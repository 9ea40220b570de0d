"""Which voice Home Assistant shows first, and which one speaks if it names none.

Its Wyoming integration sorts the voices of a language by their descriptions; a new
assistant takes the first. It may also send no voice: then the text chooses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from wyoming.info import Info

from tests.support.packs import manifest
from wyoming_cosyvoice.convert.release.speakers import Speaker
from wyoming_cosyvoice.convert.voices import write_voices
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import read_manifest
from wyoming_cosyvoice.server.wyoming.info import build_info
from wyoming_cosyvoice.synth.front_end import pack_voices
from wyoming_cosyvoice.text import BASIC
from wyoming_cosyvoice.voices import choose_voice

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.voices import Voice

OFFICIAL = ("中文女", "中文男", "日语男", "粤语女", "英文女", "英文男", "韩语女")
"""In the order of the official release."""


def offered(voices: list[Voice], language: str) -> list[str]:
    """Return voice ids in the order of Home Assistant's list."""
    (program,) = Info.from_event(build_info(voices).event()).tts
    speaking = [voice for voice in program.voices if language in voice.languages]
    return [v.name for v in sorted(speaking, key=lambda v: v.description or v.name)]


def starter() -> list[Voice]:
    return list(pack_voices(read_manifest(STARTER_DIR)))


def official(folder: Path) -> list[Voice]:
    embedding = np.zeros((1, 192), "float32")
    speakers = tuple(Speaker(name, embedding, None) for name in OFFICIAL)
    written = tuple(write_voices(speakers, folder, BASIC))
    return list(pack_voices(replace(manifest(), voices=written)))


@pytest.mark.parametrize("language", ["en", "en-GB", "zh", "zh-TW"])
def test_the_best_voice_of_the_starter_comes_first(language: str) -> None:
    voices = starter()
    assert offered(voices, language) == ["heart", "cedar"]
    chosen, _ = choose_voice(voices, language)
    assert chosen.id == "heart"


@pytest.mark.parametrize("language", ["en", "ja", "ko", "yue", "zh", "zh-HK"])
def test_what_is_offered_first_is_what_speaks_by_itself(
    tmp_path: Path, language: str
) -> None:
    for voices in (official(tmp_path), starter()):
        if first := offered(voices, language)[:1]:
            assert [choose_voice(voices, language)[0].id] == first


def test_descriptions_say_who_speaks_and_in_which_language(tmp_path: Path) -> None:
    shown = {"en": "English", "zh": "Chinese", "ja": "Japanese"}
    shown |= {"ko": "Korean", "yue": "Cantonese"}
    for voice in (*starter(), *official(tmp_path)):
        assert "female" in voice.description or "male" in voice.description
        base = {tag for tag in voice.languages if tag in shown}
        assert base
        assert all(shown[tag] in voice.description for tag in base)


def test_the_manifest_says_what_the_converter_would(tmp_path: Path) -> None:
    """The starter was packed by it; a new pack of it must keep the descriptions."""
    embedding = np.zeros((1, 192), "float32")
    voices = read_manifest(STARTER_DIR).voices
    speakers = tuple(Speaker(voice.speaker, embedding, None) for voice in voices)
    made = write_voices(speakers, tmp_path, BASIC)
    assert [v.description for v in made] == [v.description for v in voices]
