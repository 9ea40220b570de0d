"""What is spoken when the text stops coming for a while."""

from __future__ import annotations

import random
import re

import pytest

from wyoming_cosyvoice.text import SentenceReader

COMPLETE = [
    "Let me check the weather forecast for you, one moment please.",
    "Let me check the weather forecast for you, one moment please. ",
    "One moment please.\n\n",
    "One moment please\n",
    "One moment please\r",
    "One moment please.\r\n",
    "我帮您查一下明天的天气预报，请稍等。",
    "少々お待ちください。",
    "「少々お待ちください。」",
    "He said “one moment please.”",
    "잠시만 기다려 주세요.",
    "One moment please!",
    "Shall I look it up?",
    "Let me look it up…",
    "Let me look it up...",
    "**Let me look it up.**",
    "Let me look it up. 😊",
    "Let me look it up.😊",
    "Let me look it up. \ud83d",
    "Let me look it up.<",
    "Line one<br>",
    "If a <b, one moment please.",
    "The answer is no.",
    "So do I.",
    "It is 21. ",
    "It is 21%.",
    "He said “It is 21.”",
    "No.",
    "OK.",
    "好。",
]
OPEN = [
    "The temperature is 21.",
    "温度是21.",
    "1. ",
    "Version 2.0.",
    "I asked Dr.",
    "I asked Dr. ",
    "Take bus No.",
    "Fruit, e.",
    "Fruit, e.g.",
    "He has a Ph.",
    "At 5 p.m.",
    "J.",
    "Let me look",
    "Let me look, ",
    "```\nprint(1).",
    "<speak",
    "\ud83d",
    "",
]


def new_reader() -> SentenceReader:
    return SentenceReader(count_tokens=len)


def spoken(sentences) -> str:
    return " ".join(sentence.spoken for sentence in sentences)


@pytest.mark.parametrize("text", COMPLETE)
def test_a_complete_sentence_does_not_wait_for_more_text(text):
    reader = new_reader()
    at_once = reader.feed(text)
    given = [*at_once, *reader.pause()]
    whole = new_reader()
    assert spoken(given) == spoken([*whole.feed(text), *whole.finish()])
    assert given
    assert reader.pause() == []
    assert reader.finish() == []


@pytest.mark.parametrize("text", OPEN)
def test_incomplete_text_waits(text):
    reader = new_reader()
    assert [*reader.feed(text), *reader.pause()] == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The temperature is 21.", "5 degrees."),
        ("I asked Dr.", " Smith about it."),
        ("Fruit, e.", "g. apples, is good."),
        ("Let me ", "look it up."),
        ("Done \ud83d", "\ude00 with it."),
        ("Line one<b", "r>Line two."),
        ("Line one <thi", "nk>Not this.</think>is here."),
        ("Line one.\r", "\nLine two."),
        ("1. ", "The first thing."),
    ],
)
def test_a_pause_elsewhere_changes_nothing(first, second):
    paused, flowing = new_reader(), new_reader()
    sentences = [*paused.feed(first), *paused.pause(), *paused.feed(second)]
    expected = [*flowing.feed(first + second), *flowing.finish()]
    assert spoken([*sentences, *paused.finish()]) == spoken(expected)


@pytest.mark.parametrize("tag", ["<br>", "</p>", "<think>", "<a href='b c'>"])
def test_a_tag_behind_a_complete_sentence_may_be_cut_anywhere(tag):
    for place in range(1, len(tag)):
        reader = new_reader()
        sentences = [*reader.feed(f"It is done.{tag[:place]}"), *reader.pause()]
        assert spoken(sentences) == "It is done."
        rest = [*reader.feed(f"{tag[place:]}And this."), *reader.finish()]
        assert spoken(rest) == ("" if tag == "<think>" else "And this.")


def test_ssml_is_read_when_it_is_over():
    reader = SentenceReader(count_tokens=len, text_format="ssml")
    assert [*reader.feed("<speak>It is done. "), *reader.pause()] == []
    assert spoken([*reader.feed("Yes.</speak>"), *reader.finish()])


def test_all_words_survive_pauses_anywhere():
    rng = random.Random(20260)
    words = ["alpha", "bravo", "charlie", "客厅", "温度", "リビング", "거실"]
    marks = [" ", ". ", "! ", "。", "，", "\n", "\r\n", ", ", ": ", "…", ".\r", "<br>"]
    for _ in range(500):
        said = rng.choices(words, k=rng.randrange(1, 40))
        text = "".join(word + rng.choice(marks) for word in said)
        reader, sentences = new_reader(), []
        for char in text:
            sentences += reader.feed(char)
            if rng.random() < 0.2:
                sentences += reader.pause()
        sentences += reader.finish()
        found = re.sub(r"[\s,.。!?:、…]", "", "".join(s.spoken for s in sentences))
        assert found == "".join(said), text
