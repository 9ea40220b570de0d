"""What CosyVoice2 and 3 can do that others cannot, and what their packs say of it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.support import ROOT
from tests.support.release import Packs
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.synth.abilities import abilities_of, abilities_of_release
from wyoming_cosyvoice.synth.front_end import FrontEnd, pack_voices, spoken_languages
from wyoming_cosyvoice.text import Lexicon, phones
from wyoming_cosyvoice.tokenizer.qwen_marks import ARPABET, PHONES, syllable_phones


@pytest.fixture(scope="module", params=["cosyvoice2", "cosyvoice3"])
def family(request):
    return request.param


@pytest.fixture(scope="module")
def packs(family, tmp_path_factory):
    checkpoint = ROOT / "tests/reference" / f"{family}-tiny/checkpoint"
    return Packs(checkpoint, tmp_path_factory.mktemp(family))


def test_words_of_the_lexicon_are_in_phones_where_there_are_tokens(packs, family):
    lexicon = Lexicon.from_text("重庆: chong2 qing4\ntomato: arpabet T AH0 M")
    front = FrontEnd.open(packs.pack(Precision.INT8), lexicon)
    reader = front.reader(language="zh")
    (sentence,) = [*reader.feed("去重庆tomato。"), *reader.finish()]
    written = {
        "cosyvoice2": "去崇庆tomato。",
        "cosyvoice3": "去[ch][óng][q][ìng][T][AH0][M]。",
    }[family]
    assert front.text_tokens(sentence) == front.tokenizer.encode_special(written)


def test_packs_that_do_not_name_the_sounds_know_them_too(packs):
    pack = packs.pack(Precision.INT8)
    tokenizer = replace(pack.manifest.tokenizer, sounds=())
    older = replace(pack, manifest=replace(pack.manifest, tokenizer=tokenizer))
    reader = FrontEnd.open(older).reader(language="en")
    (sentence,) = [*reader.feed("Well [laughter] then."), *reader.finish()]
    assert sentence.spoken == "Well [laughter] then."


def test_packs_with_fewer_languages_speak_all_of_the_model(packs, family):
    manifest = packs.pack(Precision.INT8).manifest
    stored = replace(manifest.voices[0], languages=("en", "en-US", "zh", "ja"))
    older = replace(manifest, voices=(stored,))
    (voice,) = pack_voices(older)
    assert voice.languages[:4] == stored.languages
    assert spoken_languages(older) == (
        *("en", "zh", "ja", "yue", "ko"),
        *(("de", "es", "fr", "it", "ru") if family == "cosyvoice3" else ()),
    )
    # One of the official speakers keeps to its language.
    stored = replace(stored, languages=("ja", "ja-JP"))
    assert spoken_languages(replace(manifest, voices=(stored,))) == ("ja",)


def test_what_the_model_can_do_is_known_from_its_manifest(packs, family):
    manifest = packs.pack(Precision.INT8).manifest
    phones = ("phones",) if family == "cosyvoice3" else ()
    can = ("clone", "instruct", "sounds", *phones)
    assert abilities_of_release(family, "instruct") == can
    assert abilities_of(manifest) == can


def test_every_phone_of_the_lexicon_is_a_token():
    initials = ("", *"bpmfdtnlgkhjqxrzcsyw", "zh", "ch", "sh")
    spellings = itertools.chain.from_iterable(
        itertools.product("aeginoruv", repeat=size) for size in (1, 2, 3, 4)
    )
    finals = [
        final
        for final in map("".join, spellings)
        if phones.of_pinyin([f"{final}4"], [None])
    ]
    syllables = [
        f"{initial}{final}{tone}"
        for initial in initials
        for final in finals
        for tone in "12345"
    ]
    known = [each for each in syllables if phones.of_pinyin([each], [None])]
    assert len(known) > 1549  # in pypinyin's table
    for syllable in known:
        assert set(syllable_phones(f"[{syllable}]")) <= set(PHONES), syllable
    for mark in ARPABET:
        assert phones.of_arpabet(mark[1:-1]) is not None
