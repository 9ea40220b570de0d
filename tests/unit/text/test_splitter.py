"""Where sentences end. ``/`` in a table marks each end."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text.splitter import Splitter

ENDS = [
    # The enders of the five languages.
    "好的。/已经打开了！/还要别的吗？",
    "Done. /Is that all? /Yes!",
    "はい。/つけました。",
    "네. /불을 켰습니다.",
    "好嘅。/開咗喇！",
    # Half-width marks after CJK text.
    "好的!/已经打开了./还要别的吗?",
    # Marks that close a quotation belong to its sentence.
    "他说：“好的。”/然后走了。",
    "「おはよう。」と言いました。/はい。",
    "He said “No.” /Then he left.",
    "真的吗？！/是的……好吧。",
    # Numbers, versions, addresses and abbreviations have full stops inside.
    "温度是23.5度。/版本2.0.1已发布。",
    "It is 23.5 degrees. /Version 2.0.1 is out.",
    "Go to www.example.com/a?b=1 now. /Thanks!",
    "Mr. Smith and Dr. Lee met at 5 p.m. on Main St. yesterday. /Good.",
    "Mr. Brightside正在播放。",
    "The U.S. team won, i.e. we did. /J. R. Smith scored.",
    "It ends at 5 p.m. /Then we go.",
    "Open at 3 a.m. EST. /Closed.",
    "No. 5 is on. /He said no. /Yes.",
    "Gen. Patton spoke. /See Gen. 3:16.",
    "Take I-95 N. /At 42 W. Main St. turn.",
    "Here (2n)! grows, as n! does. /There are 5! ways. /We won by 5! /Great.",
    # Lists and line breaks.
    "步骤如下：\n/1. 打开空调\n/2. 关闭窗帘",
    "- 打开空调\n/- 关灯",
    "标题\n/正文",
    # A soft line break inside a paragraph is none.
    "This line was broken because it grew too long for the\nwindow that it was in.",
    "第一段。\n\n/第二段。",
    "line one<br>/line two<p>x</p>/y",
]


def cut(text: str) -> list[str]:
    splitter = Splitter()
    return [segment.text for segment in [*splitter.feed(text), *splitter.finish()]]


@pytest.mark.parametrize("marked", ENDS)
def test_sentences_end_where_the_table_says(marked):
    expected = marked.replace("</", "<\0").replace("com/", "com\0").split("/")
    expected = [part.replace("<\0", "</").replace("com\0", "com/") for part in expected]
    assert cut("".join(expected)) == expected


def test_a_sentence_comes_out_when_the_next_one_begins():
    splitter = Splitter()
    assert splitter.feed("好的。") == []  # a closing quote may follow
    assert [segment.text for segment in splitter.feed("已")] == ["好的。"]


def test_a_long_sentence_is_cut_at_a_comma_before_it_is_over():
    splitter = Splitter()
    text = "今天白天晴朗温暖，" * 10
    segments = splitter.feed(text)
    assert segments[0].text == "今天白天晴朗温暖，"
    assert segments[0].is_clause


def test_a_colon_before_a_number_is_no_place_to_cut():
    text = "3日前に注文した商品がまだ届いていません(注文番号: 503-1184)"
    assert cut(text) == [text]
    assert cut(text.replace("503-1184", "まだ決まっていません")) == [
        "3日前に注文した商品がまだ届いていません(注文番号:",
        " まだ決まっていません)",
    ]


def test_text_without_any_mark_is_cut_all_the_same():
    parts = cut("啊" * 5000)
    assert "".join(parts) == "啊" * 5000
    assert max(map(len, parts)) <= 240


def test_block_marks_count_only_where_a_line_starts():
    splitter = Splitter()
    segments = [*splitter.feed("# 一。二。\n- 三"), *splitter.finish()]
    assert [segment.starts_line for segment in segments] == [True, False, True]


def test_an_empty_line_ends_a_paragraph():
    splitter = Splitter()
    segments = [*splitter.feed("一。\n二。\n\n三。"), *splitter.finish()]
    assert [segment.ends_paragraph for segment in segments] == [False, True, False]
