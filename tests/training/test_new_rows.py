"""Rows that the shipped pack never used begin as those of the nearest sounds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.training.packages import needing
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack

pytestmark = needing("torch", "misaki")
NEW = ("ç", "ɸ", "ɯ")


@pytest.fixture
def old_pack(tmp_path) -> Pack:
    """Return a pack whose files know English and Mandarin only."""
    lines = (STARTER_DIR / "phonemes.txt").read_text(encoding="utf-8").splitlines()
    lines[298:] = [f"<unused {row}>" for row in range(298, len(lines))]
    (tmp_path / "phonemes.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    phones = json.loads((STARTER_DIR / "speech_phones.json").read_bytes())
    phones["speech"] = [row for row in phones["speech"] if row[0] not in NEW]
    (tmp_path / "speech_phones.json").write_text(json.dumps(phones), encoding="utf-8")
    return replace(Pack.open(STARTER_DIR), directory=tmp_path)


def test_each_new_unit_begins_as_another_one(old_pack):
    from models.starter.corpora.japanese import UNITS  # noqa: PLC0415
    from models.starter.corpora.tokens import vocabulary  # noqa: PLC0415
    from models.starter.release.new_rows import borrow_units  # noqa: PLC0415

    table = np.random.default_rng(0).standard_normal((320, 4))
    made = borrow_units(old_pack, table)
    names = vocabulary()
    old = [place for place, name in enumerate(names) if name not in UNITS]
    np.testing.assert_array_equal(made[old], table[old])
    for unit in UNITS:
        nearest = np.flatnonzero((table == made[names.index(unit)]).all(1))
        assert names[nearest.item()] not in UNITS
    assert (made[names.index("a↑")] == table[names.index("a1")]).all()


def test_each_new_phone_begins_as_another_one_at_every_step_and_pitch(old_pack):
    from models.starter.corpora.tokens import PHONES, TOKENS  # noqa: PLC0415
    from models.starter.release.new_rows import borrow_phones  # noqa: PLC0415

    table = np.arange(TOKENS + 1)
    made = borrow_phones(old_pack, table)
    for phone, nearest in zip(NEW, ("ɕ", "f", "u"), strict=True):
        new, old = PHONES[phone], PHONES[nearest]
        count = new.steps * new.pitches
        assert count == old.steps * old.pitches
        expected = table[old.first : old.first + count]
        np.testing.assert_array_equal(made[new.first : new.first + count], expected)
    changed = made != table
    assert changed.sum() == sum(PHONES[p].steps * PHONES[p].pitches for p in NEW)


def test_rows_that_a_pack_has_trained_stay(tmp_path):
    from models.starter.corpora import tokens  # noqa: PLC0415
    from models.starter.release import new_rows  # noqa: PLC0415

    tokens.write_vocabulary(tmp_path / "phonemes.txt", 320)
    tokens.write_speech_phones(tmp_path / "speech_phones.json")
    pack = replace(Pack.open(STARTER_DIR), directory=tmp_path)
    table = np.random.default_rng(0).standard_normal((tokens.TOKENS, 2))
    np.testing.assert_array_equal(new_rows.borrow_phones(pack, table), table)
    units = table[:320]
    np.testing.assert_array_equal(new_rows.borrow_units(pack, units), units)


def test_a_new_voice_begins_as_the_nearest_one():
    import torch  # noqa: PLC0415

    from models.starter.release.new_rows import begin_new_voices  # noqa: PLC0415
    from models.starter.voices import VOICES  # noqa: PLC0415

    pack = Pack.open(STARTER_DIR)
    first_two = replace(pack.manifest, voices=pack.manifest.voices[:2])
    layer = torch.nn.Linear(192, 4)
    before = layer.weight.detach().clone()
    begin_new_voices(replace(pack, manifest=first_two), layer)
    columns = {name: layer.weight[:, voice.place] for name, voice in VOICES.items()}
    for name, voice in VOICES.items():
        is_man = voice.pitch_hz == VOICES["cedar"].pitch_hz
        nearest = VOICES["cedar" if is_man else "heart"]
        assert (columns[name] == before[:, nearest.place]).all()
    others = [place for place in range(192) if place >= len(VOICES)]
    assert (layer.weight[:, others] == before[:, others]).all()
