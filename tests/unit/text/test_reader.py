"""Sentences with their time budget, merged, capped and explained."""

# ruff: noqa: E501 - tables, one case a line

from __future__ import annotations

import subprocess
import sys

import pytest

from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.text.budget import speech_limits, syllables
from wyoming_cosyvoice.text.fit import fit
from wyoming_cosyvoice.text.punctuation import complete


def read(text: str, **options):
    reader = SentenceReader(count_tokens=len, **options)
    return reader.feed(text) + reader.finish()


@pytest.mark.parametrize(
    ("text", "language", "natural_s"),
    [
        ("你好。", "zh", 0.5),
        ("はい。", "ja", 0.35),
        ("ありがとうございます。", "ja", 1.6),
        ("お願いします。", "ja", 1.0),
        ("안녕하세요.", "ko", 0.9),
        ("Congratulations!", "en", 1.1),
        ("不好意思。", "zh", 1.0),
        ("客厅的温度是二十三点五摄氏度,湿度百分之五十六。", "zh", 5.5),
        ("The temperature in the living room is twenty three degrees.", "en", 3.2),
    ],
)
def test_natural_speech_fits_the_budget_with_room(text, language, natural_s):
    shortest, longest = speech_limits(text, language)
    assert shortest < 0.8 * natural_s
    assert longest > 1.4 * natural_s
    assert longest < 4 * natural_s + 2.0


@pytest.mark.parametrize(
    ("word", "count"),
    [("light", 1), ("kitchen", 2), ("table", 2), ("temperature", 4), ("on", 1), ("make", 1)],
)  # fmt: skip
def test_syllables_of_english_words(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("好的", "zh", "好的。"),
        ("好吗", "zh", "好吗?"),
        ("得未", "yue", "得未?"),
        ("よろしいですか", "ja", "よろしいですか?"),
        ("괜찮으세요까", "ko", "괜찮으세요까?"),
        ("불을 켰습니다", "ko", "불을 켰습니다."),
        ("All done", "en", "All done."),
        ("然后，", "zh", "然后。"),
        ("好的，，马上！！", "zh", "好的,马上!"),
        ("Wait,what", "en", "Wait, what."),
        ("", "zh", ""),
    ],
)
def test_punctuation_is_completed(text, language, expected):
    assert complete(text, language) == expected


def test_a_clause_that_continues_keeps_its_comma():
    assert complete("今天晴", "zh", is_clause=True) == "今天晴,"


def test_tiny_sentences_are_merged_with_the_next():
    assert [s.spoken for s in read("好。已经打开了。")] == ["好。已经打开了。"]
    assert [s.spoken for s in read("OK. The light is on.")] == ["OK. The light is on."]
    assert [s.spoken for s in read("好。")] == ["好。"]


def test_no_sentence_has_more_tokens_than_the_model_takes():
    for sentence in read("今天天气很好" * 40 + "。" + "word " * 100, max_tokens=30):
        assert len(sentence.spoken) <= 30
        assert sentence.spoken[-1] in ",.。"


def test_a_text_that_fits_is_one_piece_and_pieces_join_to_the_text():
    assert fit("abc", len, 3) == ["abc"]
    text = "one two, three four five. " * 3 + "x" * 50
    pieces = fit(text, len, 12)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 12


def test_paragraphs_end_with_a_pause():
    assert [s.pause_s for s in read("这是第一段。\n\n这是第二段。")] == [0.8, 0.0]


def test_a_reader_can_be_used_again():
    reader = SentenceReader(count_tokens=len)
    first = reader.feed("# 标题。内容很多。") + reader.finish()
    assert reader.feed("# 标题。内容很多。") + reader.finish() == first


def read_with_steps(text):
    readings = []
    reader = SentenceReader(count_tokens=len, on_reading=readings.append)
    return readings, [*reader.feed(text), *reader.finish()]


def test_a_reading_shows_each_step():
    (reading,), sentences = read_with_steps("**客厅**温度是23.5°C。")
    assert reading.written == "**客厅**温度是23.5°C。"
    assert reading.clean == "客厅温度是23.5°C。"
    assert reading.language == "zh"
    assert [(token.kind, token.written, token.spoken) for token in reading.changes] == [
        ("quantity", "23.5°C", "二十三点五摄氏度")
    ]
    assert sentences[0].spoken == "客厅温度是二十三点五摄氏度。"


def test_the_front_end_imports_no_model_and_no_table_it_does_not_need():
    code = (
        "import sys, wyoming_cosyvoice.text;"
        "print(sorted({'numpy', 'pypinyin', 'onnxruntime', 'tiktoken',"
        " 'wyoming_cosyvoice.text.homophones'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def spoken_with_sounds(text, *sounds):
    reader = SentenceReader(count_tokens=len, max_tokens=1000, sounds=sounds)
    sentences = [*reader.feed(text), *reader.finish()]
    return " ".join(sentence.spoken for sentence in sentences)


def test_a_mark_of_a_sound_reaches_a_model_that_knows_it():
    text = "That is funny [laughter], <strong>really</strong> 5 times [sigh]."
    assert spoken_with_sounds(text, "[laughter]", "<strong>", "</strong>") == (
        "That is funny [laughter], <strong>really</strong> five times."
    )
    assert spoken_with_sounds(text) == "That is funny, really five times."


def test_an_explanation_names_the_rule_and_the_row_that_read_each_piece():
    text = "Step 2/5 of $x^2$ in ~3 min: 3M downloads, x < 5"
    (reading, *_), _ = read_with_steps(text)
    rows = {change.kind: change.reason for change in reading.changes}
    assert rows["slashed"] == "Step 2/5"
    assert rows["tilde"]
    assert rows["magnitude"]
    assert rows["math"].startswith("x < 5")
    assert {"formula", "quantity", "number"} <= set(rows)
