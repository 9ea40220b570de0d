"""What holds for any text at all."""

# ruff: noqa: E501 - tables, one case a line

from __future__ import annotations

import random
import re
import unicodedata

import pytest

from tests.unit.text.comparison import UNSPEAKABLE, home_cases, sample_cases
from wyoming_cosyvoice.text import SentenceReader

pytestmark = pytest.mark.ci

MAX_TOKENS = 40
SEED = 20260

# Pieces that stand for the trouble that texts make: markup, numbers, marks, scripts.
PIECES = [
    "好的", "。", "！", "客厅", "温度", "23.5", "°C", "-3", "%", "**", "*", "`",
    "```\n", "[灯]", "(http://a.b/c?d=1)", "1. ", "\n", "\n\n", "- ", "# ",
    "| a | b |", "|---|", "<|", "|>", "<|endoftext|>", "<b>", "</b>", "&lt;",
    "&amp;", "<break/>", "😀", "👨‍👩‍👧", "1️⃣", "\u200b", "\x00", "\ud83d",
    "\ude00", "ｱ", "①", "½", "²", "…", "「おはよう。」", "と", "です。", "안녕",
    "3개", "12:30", "2024-05-01", "192.168.1.1", "$5.99", "€", "Mr. ", "e.g. ",
    "Hello", " ", "world", ". ", "! ", "?", "v2.0.1", "USB-C", "PM2.5",
    "sensor.a_b", "a@b.com", "嘅", "係", "ー", "／", "，", "、", "\ue000",
    "\ue001", "\u0301", "/", "1/3", "~", "III",
]  # fmt: skip


def count_tokens(text: str) -> int:
    """Count as a byte-level vocabulary does at worst."""
    return len(text.encode("utf-8", "replace"))


def speak(text: str, *cuts: int, **options):
    """Read ``text`` cut at ``cuts``; return the sentences."""
    reader = SentenceReader(count_tokens=count_tokens, max_tokens=MAX_TOKENS, **options)
    sentences, start = [], 0
    for end in [*sorted(cuts), len(text)]:
        sentences += reader.feed(text[start:end])
        start = end
    return sentences + reader.finish()


def random_text(rng: random.Random) -> str:
    """Return characters from all of Unicode, or pieces of everyday trouble."""
    if rng.random() < 0.5:
        return "".join(rng.choices(PIECES, k=rng.randrange(12)))
    return "".join(
        chr(
            rng.choice(
                [
                    rng.randrange(0x250),
                    rng.randrange(0x3000, 0xD7FF),
                    rng.randrange(0x110000),
                ]
            )
        )
        for _ in range(rng.randrange(30))
    )


def assert_can_be_said(text: str, sentences) -> None:
    for sentence in sentences:
        spoken = sentence.spoken
        assert not UNSPEAKABLE.search(spoken), (text, spoken)
        assert any(char.isalpha() for char in spoken), (text, spoken)
        # A hyphen joins the parts of a name; anywhere else it cannot be said.
        for char in re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", "", spoken):
            category = unicodedata.category(char)
            assert category[0] in "LM" or category in ("Po", "Zs"), (text, spoken, char)
        assert "<" not in spoken
        assert count_tokens(spoken) <= MAX_TOKENS, (text, spoken)
        assert 0 < sentence.min_speech_s < sentence.max_speech_s


@pytest.mark.parametrize(
    "count", [3_000, pytest.param(100_000, marks=pytest.mark.slow)]
)
def test_any_text_gives_only_what_can_be_said(count):
    rng = random.Random(SEED)
    for _ in range(count):
        text = random_text(rng)
        text_format = rng.choice(["text", "text", "ssml"])
        assert_can_be_said(text, speak(text, text_format=text_format))


@pytest.mark.parametrize("count", [1_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_the_same_text_gives_the_same_sentences_however_it_is_cut(count):
    rng = random.Random(SEED)
    for _ in range(count):
        text = "".join(rng.choices(PIECES, k=rng.randrange(40)))
        whole = speak(text)
        assert speak(text, *range(len(text))) == whole, text
        cuts = rng.choices(range(len(text) + 1), k=4)
        assert speak(text, *cuts) == whole, (text, cuts)


def test_the_tables_give_the_same_sentences_letter_by_letter():
    text = " ".join(case.written for case in [*sample_cases(), *home_cases()])
    assert speak(text, *range(len(text))) == speak(text)


def test_all_words_survive():
    rng = random.Random(SEED)
    words = ["alpha", "bravo", "charlie", "客厅", "温度", "リビング", "거실"]
    marks = [" ", ". ", "! ", "。", "，", "\n", ", ", ": "]
    for _ in range(500):
        said = rng.choices(words, k=rng.randrange(1, 60))
        text = "".join(word + rng.choice(marks) for word in said)
        spoken = "".join(sentence.spoken for sentence in speak(text))
        expected = "".join(said)
        assert re.sub(r"[\s,.。!?:、]", "", spoken) == expected, text


@pytest.mark.parametrize(
    "text", ["", " ", "。。。", "😀😀", "**", "---", "\n\n", "```\n```", "|---|---|", "<b></b>"]
)  # fmt: skip
def test_text_with_nothing_to_say_gives_no_sentence(text):
    assert speak(text) == []


def test_control_tokens_of_users_never_reach_the_model():
    for text in [
        "<|endoftext|>你好",
        "你好<|zh|>世界",
        "<<|a|>|en|>你好",
        "&lt;|en|&gt;你好",
        "<|en",
        "|>",
    ]:
        for text_format in ("text", "ssml"):
            for sentence in speak(text, text_format=text_format):
                assert not set("<|>") & set(sentence.spoken)
