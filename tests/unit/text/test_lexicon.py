"""Pronunciations by the user."""

from __future__ import annotations

import os

import pytest

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
        ("好: 号\nno colon", 2),
        ("\n: nothing", 2),
        ("word:", 1),
        ("好: 号\n好: 耗", 2),
        ("乐: le4", 1),
        ("x: zzz9\ny: zzz1", 2),
        (f"{'x' * 101}: y", 1),
        ("\n" * 20_000 + "好: 号", 20_001),
    ],
)
def test_a_problem_names_the_line(text, line):
    (problem,) = Lexicon.from_text(text).problems
    assert problem.line == line


def test_bad_lines_are_left_out_and_all_others_count():
    lexicon = Lexicon.from_text("灯: 登\nno colon\n乐: le4\n好: 号\n灯: 等")
    assert lexicon.apply("灯好") == "登号"
    assert [problem.line for problem in lexicon.problems] == [2, 3, 5]


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


def test_a_line_that_became_wrong_is_named_in_the_log(tmp_path, caplog):
    path = tmp_path / "lexicon.txt"
    path.write_text("好: 号\n", "utf-8")
    lexicon = Lexicon(path)
    path.write_text("好: 号\nwrong\n", "utf-8")
    assert lexicon.apply("好") == "号"
    assert "lexicon.txt: Line 2:" in caplog.text


def _as_utf_16(path):
    path.write_bytes(b"\xff\xfe\x00")


def _as_folder(path):
    path.mkdir()


def _as_pipe(path):
    os.mkfifo(path)


def _as_link_outside(path):
    path.symlink_to("/etc/hostname")


def _as_sparse_file(path):
    path.touch()
    os.truncate(path, 3 << 30)


@pytest.mark.parametrize(
    "make", [_as_utf_16, _as_folder, _as_pipe, _as_link_outside, _as_sparse_file]
)
def test_a_file_that_is_not_a_lexicon_stops_nothing(tmp_path, caplog, make):
    path = tmp_path / "lexicon.txt"
    make(path)
    lexicon = Lexicon(path)
    assert lexicon.apply("好") == "好"
    assert [problem.line for problem in lexicon.problems] == [0]
    assert "lexicon.txt" in caplog.text


def test_a_link_within_the_folder_is_followed(tmp_path):
    """As Kubernetes mounts a ConfigMap."""
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "lexicon.txt").write_text("好: 号", "utf-8")
    (tmp_path / "lexicon.txt").symlink_to("..data/lexicon.txt")
    assert Lexicon(tmp_path / "lexicon.txt").apply("好") == "号"


def test_sentences_are_spoken_with_the_lexicon():
    lexicon = Lexicon.from_text("调到: 条到")
    reader = SentenceReader(count_tokens=len, lexicon=lexicon)
    (sentence,) = reader.feed("空调已调到26度。") + reader.finish()
    assert sentence.source == "空调已调到26度。"
    assert sentence.spoken == "空调已条到二十六度。"
