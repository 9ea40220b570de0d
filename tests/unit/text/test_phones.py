"""Words of the lexicon in phones, for models that have tokens of them."""

from __future__ import annotations

import logging

import pytest

from wyoming_cosyvoice.text import LANGUAGES, Lexicon, SentenceReader
from wyoming_cosyvoice.text import phones as phones_of_words

LEXICON = """
重庆: chong2 qing4
妈妈: ma1 ma5
绿: lü4
tomato: arpabet t ah0 m aa1 t ow2
Haus: arpabet HH AW1 S
銀行: jyutping ngan4 hong4
"""


def spoken(text, *, reads_phones, text_format="text"):
    reader = SentenceReader(
        count_tokens=len,
        languages=LANGUAGES,
        lexicon=Lexicon.from_text(LEXICON),
        reads_phones=reads_phones,
        sounds=("[laughter]",),
        text_format=text_format,
    )
    sentences = [*reader.feed(text), *reader.finish()]
    return [(sentence.spoken, sentence.language) for sentence in sentences]


@pytest.mark.parametrize(
    ("text", "language", "phones", "words"),
    [
        ("我要去重庆吧。", "zh", "我要去[chong2][qing4]吧。", "我要去崇庆吧。"),
        ("重庆", "zh", "[chong2][qing4]。", "崇庆。"),
        ("妈妈来了。", "zh", "[ma1][ma5]来了。", "妈嘛来了。"),
        ("绿的。", "zh", "[lv4]的。", "律的。"),
        (
            "The tomato was 5 times [laughter] &amp; more.",
            "en",
            "The [T][AH0][M][AA1][T][OW2] was five times [laughter] and more.",
            "The tomato was five times [laughter] and more.",
        ),
        (
            "Das Haus ist nicht so warm, mein Freund.",
            "de",
            "Das [HH][AW1][S] ist nicht so warm, mein Freund.",
            "Das Haus ist nicht so warm, mein Freund.",
        ),
    ],
)
def test_a_word_is_in_phones_where_the_model_reads_them(text, language, phones, words):
    assert spoken(text, reads_phones=True) == [(phones, language)]
    assert spoken(text, reads_phones=False) == [(words, language)]


@pytest.mark.parametrize(
    ("text", "language", "phones", "words"),
    [
        (
            '我们去<phoneme alphabet="pinyin" ph="chong2 qing4">重庆</phoneme>吧。',
            "zh",
            "我们去[chong2][qing4]吧。",
            "我们去崇庆吧。",
        ),
        (
            '<phoneme alphabet="x-pinyin" ph="lü4">绿</phoneme>',
            "zh",
            "[lv4]。",
            "律。",
        ),
        (
            'My <phoneme alphabet="arpabet" ph="r eh1 d">red</phoneme> one is there.',
            "en",
            "My [R][EH1][D] one is there.",
            "My red one is there.",
        ),
        (
            'A <phoneme alphabet="arpabet" ph="T QQ">potato</phoneme> is brown.',
            "en",
            "A potato is brown.",
            "A potato is brown.",
        ),
        (
            '我去<phoneme alphabet="jyutping" ph="ngan4 hong4">银行</phoneme>吧。',
            "zh",
            "我去銀航吧。",
            "我去銀航吧。",
        ),
    ],
)
def test_a_phoneme_of_ssml_is_in_phones_where_the_model_reads_them(
    text, language, phones, words
):
    assert spoken(text, reads_phones=True, text_format="ssml") == [(phones, language)]
    assert spoken(text, reads_phones=False, text_format="ssml") == [(words, language)]


@pytest.mark.parametrize(
    "marks",
    [
        "".join(f"&#x{0xE100 + ord(letter):x};" for letter in "[AA1]"),
        "".join(f"&amp;#x{0xE100 + ord(letter):x};" for letter in "[AA1]"),
        "".join(chr(0xE100 + ord(letter)) for letter in "[AA1]"),
    ],
)
@pytest.mark.parametrize(
    "frame", ["所以{}吧。", '<sub alias="{}">x</sub>所以吧。', "<![CDATA[{}]]>所以吧。"]
)
def test_private_characters_of_a_user_are_no_phones(frame, marks):
    for said, _ in spoken(frame.format(marks), reads_phones=True, text_format="ssml"):
        assert not set("[]") & set(said)
        assert said.isprintable()


@pytest.mark.parametrize("text_format", ["text", "ssml"])
@pytest.mark.parametrize("written", ["[AA1]", "［AA1］", "&#91;AA1&#93;", r"\([AA1]\)"])
@pytest.mark.parametrize(
    "frame",
    ["So {} it is, my friend.", "我们去{}吧。", "Das ist {} nicht so, mein Freund."],
)
def test_plain_text_never_becomes_a_phone(frame, written, text_format):
    text = frame.format(written) + frame.format(written.replace("AA", "chong"))
    for said, _ in spoken(text, reads_phones=True, text_format=text_format):
        assert not set("[]") & set(said)
        assert said.isprintable()


def test_a_syllable_in_phones_takes_as_long_as_its_character():
    text = "我们明天一起去重庆吧。"
    limits = []
    for reads_phones in (False, True):
        reader = SentenceReader(
            count_tokens=len,
            lexicon=Lexicon.from_text(LEXICON),
            reads_phones=reads_phones,
        )
        (sentence,) = [*reader.feed(text), *reader.finish()]
        limits.append((sentence.min_speech_s, sentence.max_speech_s))
    assert limits[0] == limits[1]


def test_models_without_phones_say_that_they_read_the_word_as_it_is(caplog):
    lexicon = Lexicon.from_text(LEXICON)
    caplog.set_level(logging.WARNING)
    assert lexicon.apply("tomato", in_phones=True) != "tomato"
    assert not caplog.messages
    assert lexicon.apply("tomato") == lexicon.apply("tomato") == "tomato"
    (message,) = caplog.messages
    assert "2 words" in message
    assert "CosyVoice3" in message


def test_what_is_not_arpabet_is_a_problem():
    (problem,) = Lexicon.from_text("x: arpabet T QQ").problems
    assert "'T QQ'" in problem.message
    assert phones_of_words.of_pinyin(["zzz1"], [None]) is None
