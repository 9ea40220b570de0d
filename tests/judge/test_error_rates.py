"""The yardsticks of the judge, without the judge."""

import numpy as np
import pytest

from models.judge.error_rates import (
    count_errors,
    english_words,
    error_rate,
    pinyin_error_rate,
    word_error_rate,
)
from models.judge.kana import kana
from tests.judge.clicks import SUSPICIOUS, click_ratio


@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [
        ("Turn on the light!", "turn on the light"),
        ("twenty one point five degrees", "21.5°"),
        ("it is seven thirty p.m.", "It is 7:30 PM."),
        ("it is seven thirty pm", "It is 7.30pm"),
        ("at five past, nine oh five", "At five past, 9:05."),
        ("seven o'clock", "7 o’clock"),
        ("the third of May", "the 3rd of May"),
        ("the twenty fifth", "the 25th"),
        ("one thousand two hundred fifty photos", "1,250 photos"),
        ("eighty five percent", "85 %"),
        ("twelve dollars", "$12"),
        ("the bedroom lightbulb", "the bed room light bulb"),
        ("a well-known song", "a well known song"),
        ("OK, the colour is grey", "okay the color is gray"),
        ("seventeen times six is one hundred and two", "17x6 is 102."),
        ("in nineteen eighty four", "in 1984"),
        ("it ends with eight zero four seven", "It ends with 8047."),
        ("minus five degrees", "-5°"),
        ("never mind the ninth", "Nevermind the 9th."),
        ("three dollars and fifty cents", "$3.50"),
    ],
)
def test_homophones_are_not_errors(reference, hypothesis):
    assert word_error_rate(reference, hypothesis) == 0.0
    assert word_error_rate(hypothesis, reference) == 0.0


@pytest.mark.parametrize(
    ("hypothesis", "expected"),
    [
        ("", 1.0),
        ("turn on the lights", 0.25),
        ("turn the light", 0.25),
        ("turn on all the light", 0.25),
        ("on turn the light", 0.5),
        ("you should know that bees fly", 1.5),
    ],
)
def test_wrong_missing_and_added_words_count(hypothesis, expected):
    assert word_error_rate("Turn on the light.", hypothesis) == expected


def test_many_sentences_count_by_their_words():
    rate = error_rate(["one", "a b c d e f g"], ["two", "a b c d e f g"], english_words)
    assert rate == 1 / 8


@pytest.mark.parametrize(
    ("reference", "hypothesis", "toned", "toneless"),
    [
        ("你好。", "妳好", 0.0, 0.0),
        ("現在溫度是二十三度", "现在温度是23度", 0.0, 0.0),
        ("湿度百分之五十六", "濕度56%", 0.0, 0.0),
        ("七点三十分", "7:30", 0.0, 0.0),
        ("七点三十分", "7.30分", 0.0, 0.0),
        ("二十一点五度", "21.5度", 0.0, 0.0),
        ("一万零五十", "10050", 0.0, 0.0),
        ("电话一三八零零", "電話一三八零零", 0.0, 0.0),
        ("验证码是八零四七", "验证码是8047", 0.0, 0.0),
        ("两点", "2点", 0.0, 0.0),
        ("客厅的 smart TV", "客廳的smartTV", 0.0, 0.0),
        ("买菜", "卖菜", 0.5, 0.0),
        ("开灯", "关灯", 0.5, 0.5),
        ("打开空调", "打开", 0.5, 0.5),
    ],
)
def test_mandarin_counts_by_syllables(reference, hypothesis, toned, toneless):
    assert pinyin_error_rate(reference, hypothesis) == toned
    assert pinyin_error_rate(reference, hypothesis, tones=False) == toneless


def hum(seconds: float, *, rate_hz: int = 22_050):
    time = np.arange(int(seconds * rate_hz)) / rate_hz
    return (0.3 * np.sin(2 * np.pi * 130 * time)).astype(np.float32)


@pytest.mark.parametrize("jump", [0.02, -0.3])
def test_a_jump_is_a_click_and_nothing_else_is(jump):
    smooth = hum(0.5)
    index = 5_000
    jumped = smooth.copy()
    jumped[index:] += jump
    assert click_ratio(smooth, index, 22_050) < SUSPICIOUS
    assert click_ratio(jumped, index, 22_050) > 2 * SUSPICIOUS
    assert click_ratio(jumped, index + 400, 22_050) < SUSPICIOUS


def test_silence_has_no_clicks():
    silence = np.zeros(4_000, np.float32)
    silence[2_000:] = 2.0**-15
    assert click_ratio(silence, 1_000, 22_050) == 0.0
    assert click_ratio(silence, 2_000, 22_050) < SUSPICIOUS
    assert click_ratio(silence, 0, 22_050) == 0.0
    assert click_ratio(silence, 4_000, 22_050) == 0.0


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("三十二かける十五は四百八十です。", "32かける15は480です"),
        ("朝七時に起きます。", "あさ しちじに おきます"),
        ("玄関の鍵はかけましたか？", "げんかんのカギはかけましたか"),
    ],
)
def test_japanese_is_what_is_pronounced(written, same):
    assert count_errors(written, same, kana) == (0, len(kana(written)))


def test_a_wrong_kana_is_one_error():
    assert count_errors("玄関の鍵。", "現犯の鍵。", kana) == (1, 7)
