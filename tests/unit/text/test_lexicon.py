"""Pronunciations by the user."""

from __future__ import annotations

import os

import pytest

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.text import Lexicon, SentenceReader
from wyoming_cosyvoice.text.lexicon import homophone


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("调到: 条到", "已调到二十六度", "已条到二十六度"),
        ("PyTorch: pie torch", "pytorch and PyTorch", "pie torch and pie torch"),
        ("AC：空调", "打开AC，ACE不变", "打开空调，ACE不变"),
        ("重庆: chong2 qing4", "重庆很大", "崇庆很大"),
        ("重庆: chong2qing4", "重庆很大", "崇庆很大"),
        ("銀行: jyutping ngan4 hong4", "去銀行", "去銀航"),
        ("# comment\n\n好: 号", "好", "号"),
    ],
)
def test_words_are_respelled(line, text, expected):
    assert Lexicon.from_text(line).apply(text) == expected


def test_the_longest_word_comes_first():
    lexicon = Lexicon.from_text("行: 形\n银行: 银航")
    assert lexicon.apply("银行行") == "银航形"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("好: 号\nno colon", "line 2"),
        ("\n: nothing", "line 2"),
        ("word:", "line 1"),
        ("好: 号\n好: 耗", "line 2"),
        ("乐: le4", "line 1"),
        ("x: zzz9\ny: zzz1", "line 2"),
    ],
)
def test_an_error_names_the_line(text, line):
    with pytest.raises(ConfigError, match=line):
        Lexicon.from_text(text)


def test_a_syllable_stands_for_a_character_with_that_reading_only():
    pypinyin = pytest.importorskip("pypinyin")
    for syllable in ["chong2", "qing4", "lv4", "kai1", "ban4"]:
        character = homophone(syllable, "pinyin")
        assert character is not None
        readings = pypinyin.pinyin(
            character,
            style=pypinyin.Style.TONE3,
            heteronym=True,
            neutral_tone_with_five=True,
        )
        assert readings == [[syllable]]


def test_the_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "lexicon.txt"
    lexicon = Lexicon(path)
    assert lexicon.apply("好") == "好"
    path.write_text("好: 号\n", "utf-8")
    assert lexicon.apply("好") == "号"
    path.write_text("好: 耗\n灯: 登\n", "utf-8")
    os.utime(path, ns=(1, 1))
    assert lexicon.apply("好灯") == "耗登"
    assert len(lexicon) == 2
    path.unlink()
    assert lexicon.apply("好灯") == "好灯"


def test_a_file_that_became_wrong_leaves_the_words_as_they_were(tmp_path, caplog):
    path = tmp_path / "lexicon.txt"
    path.write_text("好: 号\n", "utf-8")
    lexicon = Lexicon(path)
    path.write_text("好: 号\nwrong\n", "utf-8")
    assert lexicon.apply("好") == "号"
    assert "line 2" in caplog.text


def test_a_wrong_file_is_refused_at_the_start(tmp_path):
    path = tmp_path / "lexicon.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"lexicon\.txt"):
        Lexicon(path)


def test_sentences_are_spoken_with_the_lexicon():
    lexicon = Lexicon.from_text("调到: 条到")
    reader = SentenceReader(count_tokens=len, lexicon=lexicon)
    (sentence,) = reader.feed("空调已调到26度。") + reader.finish()
    assert sentence.source == "空调已调到26度。"
    assert sentence.spoken == "空调已条到二十六度。"
