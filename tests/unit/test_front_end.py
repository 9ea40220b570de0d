"""What a pack says about the text that its model reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.packs import manifest
from wyoming_cosyvoice.pack.manifest import PackTokenizer
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.front_end import FrontEnd

if TYPE_CHECKING:
    from pathlib import Path

WHISPER_TOKENS = 51_866


def spoken(sounds: tuple[str, ...], directory: Path) -> str:
    tokenizer = PackTokenizer("whisper-bpe", WHISPER_TOKENS, None, sounds)
    pack = Pack(directory, replace(manifest(), tokenizer=tokenizer))
    reader = FrontEnd.open(pack).reader()
    sentences = reader.feed("Well [laughter] then. ") + reader.finish()
    return " ".join(sentence.spoken for sentence in sentences)


@pytest.mark.parametrize(
    ("sounds", "expected"),
    [
        (("[laughter]",), "Well [laughter] then."),
        (("[breath]",), "Well then."),
        ((), "Well then."),
    ],
)
def test_the_pack_says_which_sounds_the_model_knows(tmp_path, sounds, expected):
    assert spoken(sounds, tmp_path) == expected


def test_the_sounds_are_kept_in_the_manifest():
    tokenizer = PackTokenizer("whisper-bpe", WHISPER_TOKENS, None, ("[laughter]",))
    written = replace(manifest(), tokenizer=tokenizer)
    assert b'"[laughter]"' in written.to_json()
    assert b'"sounds"' not in manifest().to_json()
