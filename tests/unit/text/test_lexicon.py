"""Pronunciations by the user."""

from __future__ import annotations

import itertools
import os

import pytest

from wyoming_cosyvoice.text import Lexicon, SentenceReader
from wyoming_cosyvoice.text.respelling import resolve
from wyoming_cosyvoice.text.word_table import WordTable


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
    ("line", "text", "expected"),
    [
        ("sun: moon", "ſun SUN ſunny", "moon moon ſunny"),
        ("igloo: house", "İgloo IGLOO", "house house"),
        ("kelvin: kay", "\u212aelvin x\u212aelvin", "kay x\u212aelvin"),
        ("straße: street", "STRAßE STRAẞE STRASSE", "street street STRASSE"),
        ("ﬁn: fish", "ﬁn fin", "fish fin"),
        ("σας: you", "ΣΑΣ", "you"),
        ("ǆ: j", "ǅ Ǆ", "j j"),
    ],
)
def test_letters_that_fold_are_found_as_they_are_written(line, text, expected):
    assert Lexicon.from_text(line).apply(text) == expected


def test_every_letter_is_found_by_itself_in_any_case():
    letters = {chr(code) for code in range(0x20, 0x2FFF) if chr(code).isalpha()}
    for letter in letters:
        lexicon = Lexicon.from_text(f"{letter}: said")
        for text in (letter, letter.lower(), letter.upper(), f"a {letter} İſ"):
            assert len(lexicon.apply(text)) > 0
        assert lexicon.apply(letter) == "said"


def test_the_way_a_word_is_written_decides_between_cases():
    lexicon = Lexicon.from_text("US: you ess\nus: ourselves\nUs: both")
    assert lexicon.apply("US us Us uS") == "you ess ourselves both ourselves"
    assert len(lexicon) == 3


def test_a_large_lexicon_looks_up_as_little_as_a_small_one(monkeypatch):
    """20,000 words took 15 seconds at the first sentence; counted, not timed."""
    lookups = []

    class Counting(dict):
        def __contains__(self, word):
            lookups.append(word)
            return super().__contains__(word)

    for size in (100, 20_000):
        words = {f"word{number:05}": "said" for number in range(size)}
        table = WordTable(words)
        monkeypatch.setattr(table, "_folded", Counting(table._folded))
        text = "word00001 and wording words " * 300
        assert table.replace(text).count("said") == 300
        lookups.append(None)
    small, large = (
        len(list(part))
        for is_end, part in itertools.groupby(lookups, key=lambda word: word is None)
        if not is_end
    )
    assert large == small <= len(text)


def test_a_lexicon_that_was_empty_is_used_once_it_has_words(tmp_path):
    path = tmp_path / "lexicon.txt"
    lexicon = Lexicon(path)

    def spoken():
        reader = SentenceReader(count_tokens=len, lexicon=lexicon)
        (sentence,) = reader.feed("The sun shines.") + reader.finish()
        return sentence.spoken

    assert spoken() == "The sun shines."
    path.write_text("sun: moon", "utf-8")
    assert spoken() == "The moon shines."


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
        character = resolve(syllable, "pinyin")
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


@pytest.mark.parametrize("reads_phones", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "我要去重庆听PyTorch & <b>。",
        "The tomato & R&D are PyTorch's, friend.",
        "銀行到了。",
    ],
)
def test_its_ssml_is_said_as_the_lexicon_would(text, reads_phones):
    lexicon = Lexicon.from_text(
        "重庆: chong2 qing4\nPyTorch: pie torch\ntomato: arpabet T AH0 M AA1 T OW2\n"
        '銀行: jyutping ngan4 hong4\nR&D: are and "dee"'
    )
    assert not lexicon.problems

    def spoken(text, **options):
        reader = SentenceReader(count_tokens=len, reads_phones=reads_phones, **options)
        return [each.spoken for each in [*reader.feed(text), *reader.finish()]]

    ssml = lexicon.as_ssml(text)
    assert spoken(ssml, text_format="ssml") == spoken(text, lexicon=lexicon)
