"""SSML: what it makes of the speech, and that nothing in it is an error."""

# ruff: noqa: E501 - tables, one case a line

from __future__ import annotations

import pytest

from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.text import SentenceReader


def read(markup: str, **options):
    reader = SentenceReader(count_tokens=len, text_format="ssml", **options)
    return reader.feed(markup) + reader.finish()


def spoken(markup: str, **options) -> list[str]:
    return [sentence.spoken for sentence in read(markup, **options)]


SPOKEN = [
    ("<speak>客厅的灯开了</speak>", ["客厅的灯开了。"]),
    ("<speak><p>第一段话。</p><p>第二段话。</p></speak>", ["第一段话。", "第二段话。"]),
    ('我在<sub alias="世界卫生组织">WHO</sub>工作', ["我在世界卫生组织工作。"]),
    ('密码<say-as interpret-as="digits">1234</say-as>请记住', ["密码一二三四请记住。"]),
    ('拼写<say-as interpret-as="characters">AB12</say-as>谢谢', ["拼写A B 一二谢谢。"]),
    ('我是<say-as interpret-as="ordinal">3</say-as>到的人', ["我是第三到的人。"]),
    ('<say-as interpret-as="unknown">12°C</say-as>很凉快', ["十二摄氏度很凉快。"]),
    ('<phoneme alphabet="x-pinyin" ph="chong2 qing4">重庆</phoneme>很大啊', ["崇庆很大啊。"]),
    ('<phoneme alphabet="ipa" ph="x">重庆</phoneme>很大啊', ["重庆很大啊。"]),
    ("<emphasis>一定</emphasis>要<unknown x='1'>关门</unknown>", ["一定要关门。"]),
    ("一小时&lt;两小时的", ["一小时小于两小时的。"]),
    ("<![CDATA[客厅 & 卧室]]>都开了", ["客厅和卧室都开了。"]),
    ("<speak>没有关闭的标签<prosody rate='fast'>还是要读", ["没有关闭的标签。", "还是要读。"]),
    ("</speak>只有关闭的标签</p>", ["只有关闭的标签。"]),
    ("<!-- 不要读 -->要读的话<?xml?>在这里", ["要读的话在这里。"]),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), SPOKEN)
def test_markup_is_read(markup, expected):
    assert spoken(markup) == expected


@pytest.mark.parametrize(
    ("markup", "pause_s"),
    [
        ('第一句话。<break time="500ms"/>第二句话。', 0.5),
        ('第一句话。<break time="1.5s"/>第二句话。', 1.5),
        ('第一句话<break strength="strong"/>第二句话', 0.8),
        ("第一句话<break/>第二句话", 0.4),
        ('第一句话<break time="999s"/>第二句话', 10.0),
        ('第一句话<break time="nonsense"/>第二句话', 0.4),
    ],
)
def test_a_break_is_silence_after_the_sentence_before_it(markup, pause_s):
    assert [sentence.pause_s for sentence in read(markup)] == [pause_s, 0.0]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("slow", 0.75), ("x-fast", 1.6), ("150%", 1.5), ("+20%", 1.2), ("0.8", 0.8), ("99", 2.0), ("odd", 1.0)],
)  # fmt: skip
def test_prosody_sets_the_rate(rate, expected):
    (sentence,) = read(f"<prosody rate='{rate}'>客厅的灯开了</prosody>")
    assert sentence.rate == pytest.approx(expected)


def test_voice_and_language_hold_inside_their_tags():
    sentences = read(
        '你好世界啊<lang xml:lang="ja-JP">設定完了しました</lang>'
        '<voice name="anna" xml:lang="yue">二百個車位呀</voice>谢谢你们啊'
    )
    assert [(s.language, s.voice) for s in sentences] == [
        ("zh", None),
        ("ja", None),
        ("yue", "anna"),
        ("zh", None),
    ]


def test_deep_nesting_and_long_markup_are_harmless():
    assert spoken("<emphasis>" * 5000 + "客厅的灯开了" + "</emphasis>" * 5000) == [
        "客厅的灯开了。"
    ]
    assert spoken("<a " * 5000 + "b='") == ["a " * 20 + "a."] or spoken("<a " * 5000)


def test_an_unknown_text_format_is_refused():
    with pytest.raises(BadParameter, match="text, ssml"):
        SentenceReader(count_tokens=len, text_format="html")
