"""Units and speech tokens: those of the shipped pack keep their places for ever."""

from __future__ import annotations

import json
import random

import pytest

from tests.training.packages import needing
from wyoming_cosyvoice.library.installed import STARTER_DIR

pytestmark = needing("misaki")

JAPANESE = {
    "今日はとても寒い。": "k ʲ o↑ o↓ w a↓ _ t o↓ t e↑ m o↑ _ s a↓ m ɯ↑ i↓ .",
    "切符を買った？": "k i↓ Q p ɯ↑ o↑ _ k a↓ Q t a↑ ?",
    "百円、牛乳": "ç a↓ k ɯ↑ e↑ ɴ , ɡ ʲ ɯ↓ ɯ↑ n ʲ ɯ↑ ɯ↑",
}
SPELLED = {
    "今日はとても寒い。": "kʲoːβa totemo samɯi.",
    "切符を買った？": "kʲiʔpɯo kaʔta?",
    "百円、牛乳": "çakɯeɴ, ɡʲɨːɲʲɨː",
}


def test_the_units_of_the_shipped_pack_keep_their_places():
    from models.starter.corpora.tokens import vocabulary  # noqa: PLC0415

    shipped = (STARTER_DIR / "phonemes.txt").read_text(encoding="utf-8").split("\n")
    used = [unit for unit in shipped if unit and not unit.startswith("<unused")]
    assert vocabulary()[: len(used)] == used
    assert len(vocabulary()) <= len(shipped)


def test_the_tokens_of_the_shipped_pack_keep_their_phones(tmp_path):
    from models.starter.corpora.tokens import write_speech_phones  # noqa: PLC0415

    write_speech_phones(tmp_path / "phones.json")
    made = json.loads((tmp_path / "phones.json").read_text(encoding="utf-8"))
    shipped = (STARTER_DIR / "speech_phones.json").read_text(encoding="utf-8")
    shipped = json.loads(shipped)
    assert made["speech"][: len(shipped["speech"])] == shipped["speech"]
    assert made["text"].items() >= shipped["text"].items()


def test_every_token_has_one_phone():
    from models.starter.corpora.tokens import PHONES, TOKENS, factors  # noqa: PLC0415

    rows = factors()
    assert rows.shape == (3, TOKENS)
    for number, place in enumerate(PHONES.values()):
        count = place.steps * place.pitches
        assert (rows[0, place.first : place.first + count] == number).all()
        assert (rows[0] == number).sum() == count
    assert len({tuple(column) for column in rows.T}) == TOKENS


@pytest.mark.parametrize("text", JAPANESE)
def test_japanese_is_read_with_its_accents(text):
    from models.starter.corpora.japanese import japanese_units  # noqa: PLC0415

    units = [" " if unit == "_" else unit for unit in JAPANESE[text].split(" ")]
    assert japanese_units(text) == units


@pytest.mark.parametrize("text", JAPANESE)
def test_japanese_is_spelled_as_the_teacher_learned_it(text):
    from models.starter.corpora.readings import pieces  # noqa: PLC0415

    units = [" " if unit == "_" else unit for unit in JAPANESE[text].split(" ")]
    assert "".join(piece.symbols for piece in pieces(units)) == SPELLED[text]


def test_every_japanese_template_can_be_said():
    from models.starter.corpora import japanese, readings, tokens  # noqa: PLC0415
    from models.starter.texts.japanese import from_template  # noqa: PLC0415

    known, rng = set(tokens.vocabulary()), random.Random(4)
    for _ in range(200):
        units = japanese.japanese_units(from_template(rng))
        assert known.issuperset(units)
        for piece in readings.pieces(units):
            assert piece.phone in tokens.PHONES or piece.phone == " "
