"""Pinyin of characters and phrases, and the list that it is looked up in."""

from __future__ import annotations

from pathlib import Path

import pytest

from wyoming_cosyvoice.tokenizer import pinyin_zh

DATA = Path(pinyin_zh.__file__).with_name("data") / "pinyin.txt"


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("银行", "yin2 hang2"),
        ("行", "xing2"),
        ("音乐", "yin1 yue4"),
        ("女儿", "nv3 er2"),
        ("放长线", "fang4 chang2 xian4"),  # no phrase begins but 放长线钓大鱼
        ("巴尔喀什", "ba1 er3 ka1 shi2"),
        ("的", "de5"),
        ("", ""),
    ],
)
def test_the_longest_phrases_are_read_together(word: str, syllables: str) -> None:
    assert pinyin_zh.read(word) == syllables.split()


def test_an_unknown_character_is_empty_and_the_others_keep_their_places() -> None:
    assert pinyin_zh.read("好☃灯") == ["hao3", "", "deng1"]


def test_phrases_have_several_characters_and_stand_in_the_list() -> None:
    assert pinyin_zh.is_phrase("银行")
    assert not pinyin_zh.is_phrase("行")
    assert not pinyin_zh.is_phrase("灯行")


def test_the_list_is_what_its_builder_makes() -> None:
    pytest.importorskip("pypinyin")
    from models.starter.lexica.pinyin import rows  # noqa: PLC0415

    made = "".join(f"{word}\t{' '.join(said)}\n" for word, said in rows().items())
    assert made == DATA.read_text(encoding="utf-8")


def test_phrases_and_syllables_are_those_of_pypinyin() -> None:
    pytest.importorskip("pypinyin")
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415
    from pypinyin.contrib import tone_convert  # noqa: PLC0415

    from models.starter.lexica.pinyin import syllables  # noqa: PLC0415

    found: set[str] = set()
    for phrase in list(PHRASES_DICT)[::20]:
        said = pinyin_zh.read(phrase)
        assert said == syllables(phrase)
        found.update(said)
    for syllable in sorted(found):
        initial = tone_convert.to_initials(syllable)
        final = tone_convert.to_finals_tone3(syllable, neutral_tone_with_five=True)
        assert pinyin_zh.split(syllable) == (initial, final)
