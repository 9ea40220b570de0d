"""Which language a sentence is in."""

# ruff: noqa: E501 - tables, one case a line

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.text.language import detect, is_traditional, language_of_tag

# text, its language without any prior
PLAIN = [
    ("客厅的灯已经打开了", "zh"), ("现在温度是二十度", "zh"), ("好的", "zh"), ("客廳的燈已經打開了", "zh"),
    ("我想听Taylor Swift的Love Story", "zh"), ("他说ありがとう然后就走了，大家都很高兴", "zh"),
    ("OK，已经把AC调到26°C", "zh"), ("关系很好", "zh"), ("這個係數很大", "zh"), ("聯係方式", "zh"),
    ("而家溫度係二十度", "yue"), ("我哋返嚟喇", "yue"), ("唔該晒", "yue"), ("開咗燈未呀", "yue"), ("佢喺邊度", "yue"),
    ("部MacBook得返20%電咋，快啲充電", "yue"), ("聽日會落雨", "yue"),
    ("リビングの電気をつけました", "ja"), ("はい", "ja"), ("設定完了", "ja"), ("暖房開始", "ja"), ("午前七時", "ja"),
    ("気温は二十度です", "ja"), ("電池残量", "ja"), ("アラームを設定", "ja"), ("3人が在宅しています", "ja"),
    ("거실 불을 켰습니다", "ko"), ("네", "ko"), ("Wi-Fi가 연결되었습니다", "ko"),
    ("The light is on.", "en"), ("Done", "en"), ("Your café playlist", "en"), ("The 客厅灯 is on now", "en"),
]  # fmt: skip

# text, prior, language
WITH_PRIOR = [
    ("23.5", "ko", "ko"), ("14:30", "ja", "ja"), ("23.5°C", "zh", "zh"), ("100Mbps", "ja", "ja"), ("OK", "yue", "yue"),
    ("停車場有200個車位", "yue", "yue"), ("今日係2024年", "yue", "yue"), ("設定温度", "ja", "ja"), ("電池", "ja", "ja"),
    ("거실", "zh", "ko"), ("はい、そうです", "zh", "ja"), ("客厅的灯", "en", "zh"), ("我哋返嚟喇", "zh", "yue"),
    ("The light is on.", "zh", "en"), ("客厅的灯开着", "ja", "zh"), ("https://example.com", "ko", "ko"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_script_and_words_tell_the_language(text, expected):
    assert detect(text) == expected


@pytest.mark.parametrize(("text", "prior", "expected"), WITH_PRIOR)
def test_a_prior_decides_what_the_script_leaves_open(text, prior, expected):
    assert detect(text, (prior, None)) == expected
    assert detect(text, (None, prior)) == expected


def test_the_voice_comes_before_the_request_and_the_text_before():
    assert detect("二百個", ("yue", "zh"), "ja") == "yue"
    assert detect("二百個", (None, "zh"), "ja") == "zh"
    assert detect("二百個", (None, None), "ja") == "ja"


def test_the_running_text_decides_for_sentences_that_could_be_both():
    reader = SentenceReader(count_tokens=len)
    text = "リビングのエアコンをつけました。温度設定完了、運転開始。"
    sentences = reader.feed(text) + reader.finish()
    assert [sentence.language for sentence in sentences] == ["ja", "ja"]


def test_traditional_script_is_distinguished_from_simplified():
    assert is_traditional("客廳溫度")
    assert not is_traditional("客厅温度")
    assert not is_traditional("烤箱三百五十度")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("zh-CN", "zh"), ("zh_TW", "zh"), ("zh-HK", "yue"), ("yue", "yue"), ("en-US", "en"), ("ja-JP", "ja"), ("ko", "ko"), ("de-AT", "de"), ("pt", None)],
)  # fmt: skip
def test_language_tags_have_our_names(tag, expected):
    assert language_of_tag(tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23.5°C", "二十三点五摄氏度。"), ("14:30", "十四点三十分。"), ("50%", "百分之五十。"),
        ("-3°C", "零下三摄氏度。"), ("$5", "五美元。"),
    ],
)  # fmt: skip
def test_the_request_decides_for_a_bilingual_voice_what_has_no_letters(text, expected):
    def spoken(*, request):
        reader = SentenceReader(
            count_tokens=len, voice_language="en", request_language=request
        )
        sentences = [*reader.feed(text), *reader.finish()]
        return "".join(sentence.spoken for sentence in sentences)

    assert spoken(request="zh") == expected
    assert spoken(request="zh-CN") == expected
    assert spoken(request=None) != expected


def test_the_text_before_decides_where_no_one_names_a_language():
    reader = SentenceReader(count_tokens=len, voice_language="en")
    sentences = [*reader.feed("现在客厅的温度是：\n\n23.5°C"), *reader.finish()]
    assert sentences[-1].spoken.endswith("二十三点五摄氏度。")


def test_the_request_decides_for_a_single_word_that_several_languages_have():
    assert detect("電池", ("zh", None), "", ("ja", "zh")) == "ja"
    assert detect("二百個", ("zh", None), "", (None, "yue", "zh")) == "yue"
    assert detect("客厅", ("zh", None), "", ("ja", "zh")) == "zh"
