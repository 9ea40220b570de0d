"""What is left of Markdown, emoji, HTML and odd characters."""

# ruff: noqa: E501 - tables, one case a line

from __future__ import annotations

import pytest

from wyoming_cosyvoice.text import SentenceReader

# written -> spoken sentences
SPOKEN = [
    ("**注意：**请关门", ["注意:请关门。"]),
    ("这是**“重要”**的事", ["这是重要的事。"]),
    ("*好的*，_已_~~经~~打开`灯`", ["好的,已经打开灯。"]),
    ("## 今日天气\n晴", ["今日天气。", "晴。"]),
    ("- [ ] 买牛奶\n- [x] 倒垃圾桶", ["买牛奶。倒垃圾桶。"]),
    ("> 引用的一句话", ["引用的一句话。"]),
    ("查看[这个链接](https://a.b/c?d=1)吧", ["查看这个链接吧。"]),
    ("![客厅的图](x.png)好看极了", ["客厅的图好看极了。"]),
    ("水很重要[^1]。\n\n[^1]: 来源说明", ["水很重要。", "来源说明。"]),
    ("水的沸点很高[1][2]。", ["水的沸点很高。"]),
    ("| 房间 | 温度 |\n|---|---|\n| 客厅 | 23°C |", ["房间,温度。", "客厅,二十三摄氏度。"]),
    ("```yaml\n打开客厅灯\n```", ["打开客厅灯。"]),
    ("上面的话\n\n---\n\n下面的话", ["上面的话。", "下面的话。"]),
    ("好的😊马上就来", ["好的,马上就来。"]),
    ("👨‍👩‍👧一家人都在家", ["一家人都在家。"]),
    ("1️⃣打开空调", ["一,打开空调。"]),
    ("3*4等于多少", ["三乘四等于多少?"]),
    ("Tom &amp; Jerry &lt;3", ["Tom and Jerry."]),
    ("<b>好的</b>，<i>马上就来</i>", ["好的,马上就来。"]),
    ("ﾘﾋﾞﾝｸﾞの電気", ["リビングの電気。"]),
    ("温度２３．５℃，湿度４５％", ["温度二十三点五摄氏度,湿度百分之四十五。"]),
    ("客\u200b厅\u00ad灯\x00亮着呢", ["客厅灯亮着呢。"]),
    ("½杯水还有②号灯", ["二分之一杯水还有二、号灯。"]),
    ("cafe\u0301 music is on", ["café music is on."]),
    ("a_b and snake_case_name", ["a b and snake case name."]),
    ("你好<|endoftext|>世界和平", ["你好世界和平。"]),
    ("(括号)里面(也要读)出来", ["括号,里面,也要读,出来。"]),
    ("他说：《三体》很好看", ["他说:三体很好看。"]),
]  # fmt: skip


def spoken(text: str, pieces: int = 1) -> list[str]:
    reader = SentenceReader(count_tokens=len)
    size = max(1, len(text) // pieces)
    found = []
    for start in range(0, len(text), size):
        found += reader.feed(text[start : start + size])
    return [sentence.spoken for sentence in [*found, *reader.finish()]]


@pytest.mark.parametrize(("text", "expected"), SPOKEN)
def test_only_words_are_left(text, expected):
    assert spoken(text) == expected
    assert spoken(text, pieces=len(text)) == expected


def test_surrogate_halves_in_two_pieces_are_one_emoji():
    reader = SentenceReader(count_tokens=len)
    sentences = reader.feed("好的\ud83d") + reader.feed("\ude0a已经开了")
    sentences += reader.finish()
    assert [sentence.spoken for sentence in sentences] == ["好的,已经开了。"]


def test_carriage_return_and_line_feed_in_two_pieces_are_one_break():
    reader = SentenceReader(count_tokens=len)
    sentences = reader.feed("这是第一行\r") + reader.feed("\n这是第二行")
    sentences += reader.finish()
    assert [sentence.pause_s for sentence in sentences] == [0.0, 0.0]
