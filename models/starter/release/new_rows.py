"""Initial values of the rows that a pack has, but never used.

A pack made before there was Japanese has spare rows for its units and phones, which
hold nothing. Begun as copies of the rows of the sounds nearest to them, they speak from
the first step, with an accent: training then moves them instead of finding them. So it
is with the columns of voices that a pack does not have.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from models.starter.corpora.tokens import PHONES, vocabulary
from models.starter.voices import NEAREST, VOICES
from wyoming_cosyvoice.tokenizer.japanese.sounds import (
    GEMINATE,
    HIGH,
    LOW,
    NASAL,
    PALATAL,
)
from wyoming_cosyvoice.tokenizer.phonemes import read_vocabulary

if TYPE_CHECKING:
    import numpy as np
    from torch import nn

    from wyoming_cosyvoice.pack.pack import Pack

# What gave the plans the highest probability, of a dozen choices, before any training.
_NEAREST_UNIT = {
    "ɕ": "x-", "ʥ": "ʤ", "ʨ": "j-", "ʦ": "z-", "ɾ": "T", "ç": "x-", "ɸ": "f-",
    PALATAL: "j", NASAL: "ŋ", GEMINATE: ",",
    f"a{HIGH}": "a1", f"a{LOW}": "a1", f"i{HIGH}": "i1", f"i{LOW}": "i5",
    f"ɯ{HIGH}": "u1", f"ɯ{LOW}": "u5", f"e{HIGH}": "ˈA", f"e{LOW}": "A",
    f"o{HIGH}": "o1", f"o{LOW}": "o1",
}  # fmt: skip
_NEAREST_PHONE = {"ç": "ɕ", "ɸ": "f", "ɯ": "u"}


def borrow_units(pack: Pack, table: np.ndarray) -> np.ndarray:
    """Return the rows of text units (V, D), new ones as copies of their nearest."""
    if pack.manifest.tokenizer.kind != "phonemes":
        return table
    places = {unit: place for place, unit in enumerate(vocabulary())}
    known = read_vocabulary(pack.file("phonemes.txt"))
    borrowed = table.copy()
    for unit, nearest in _NEAREST_UNIT.items():
        if unit not in known:
            borrowed[places[unit]] = table[places[nearest]]
    return borrowed


def borrow_phones(pack: Pack, table: np.ndarray) -> np.ndarray:
    """Return the rows of speech tokens (V, ...), those of new phones as copies."""
    if pack.manifest.tokenizer.kind != "phonemes":
        return table
    content = json.loads(pack.file("speech_phones.json").read_bytes())
    known = {name for name, *_ in content["speech"]}
    borrowed = table.copy()
    for phone, nearest in _NEAREST_PHONE.items():
        if phone not in known:
            new, old = PHONES[phone], PHONES[nearest]
            count = new.steps * new.pitches
            borrowed[new.first : new.first + count] = table[old.first :][:count]
    return borrowed


def begin_new_voices(pack: Pack, layer: nn.Linear) -> None:
    """Copy columns of a speaker layer (D, 192) for the voices that a pack lacks."""
    known = {voice.id for voice in pack.manifest.voices}
    columns = layer.weight.data
    for voice, nearest in NEAREST.items():
        if voice not in known and nearest in known:
            columns[:, VOICES[voice].place] = columns[:, VOICES[nearest].place]
