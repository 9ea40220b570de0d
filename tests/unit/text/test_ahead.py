"""Sentences that are read before they are complete."""

from __future__ import annotations

import pytest

from tests.unit.text.comparison import home_cases
from wyoming_cosyvoice.text import LANGUAGES, Lexicon, SentenceReader
from wyoming_cosyvoice.text.ahead import settled_chars


def words(text):
    return len(text.split())


class Stream:
    """A reader whose text arrives in pieces; remembers how its sentences grew."""

    def __init__(self, **options):
        options = {"count_tokens": words, "reads_ahead": LANGUAGES, **options}
        self.reader = SentenceReader(languages=LANGUAGES, **options)
        self.growing = []
        self.beginnings = []
        self.sentences = []

    def feed(self, text, *, may_begin=True):
        whole = self.reader.feed(text)
        self.sentences += whole
        begun = self.reader.ahead(may_begin=may_begin and not whole)
        self.growing += [each for each in begun if hasattr(each, "so_far")]
        self.sentences += begun
        self.beginnings += [each.so_far.spoken for each in self.growing[-1:]]

    def finish(self):
        self.sentences += self.reader.finish()
        return [getattr(each, "so_far", each).spoken for each in self.sentences]


def streamed(*pieces, **options):
    stream = Stream(**options)
    for piece in pieces:
        stream.feed(piece)
    return stream, stream.finish()


def in_pieces(text, size=3):
    return [text[at : at + size] for at in range(0, len(text), size)]


def read(text, **options):
    reader = SentenceReader(count_tokens=words, languages=LANGUAGES, **options)
    return [each.spoken for each in reader.feed(text) + reader.finish()]


def letters(spoken):
    return [letter for letter in "".join(spoken) if letter.isalpha()]


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("Please remind me to call", "Please remind"),
        ("Please remind me to call Anna ", "Please remind me to"),
        ("Please remind me at 5 ", "Please remind"),
        ("Please remind me at 5 to call Anna ", "Please remind"),
        ("Be there at 5 to call all of them ", "Be there at 5 to call all"),
        ("Pay $20", ""),
        ("H₂O and some other ", ""),
        ("这个故事很长很长，", "这个故事很"),
        ("会议改到下午3点", "会议"),
        ("我叫 Anna 你", "我"),
        ("이 이야기는 아주 길고 재미있", "이 이야기는"),
    ],
)
def test_what_is_settled(text, settled):
    assert text[: settled_chars(text)] == settled


@pytest.mark.parametrize(
    "text",
    [
        "The old man told me a long story about the 3 birds that came in May 2024.",
        "Sure! The weather will be mild with 12 °C and some clouds in the afternoon.",
        "昨天晚上我们一起去看了一场非常精彩的电影，票价是38元，大家都觉得很值得。",
        "The first one is long enough to begin early. So is the second one of these.",
    ],
)
def test_words_are_only_added_and_the_end_is_as_without(text):
    stream, spoken = streamed(*in_pieces(text))
    assert stream.growing
    assert all(each.is_complete for each in stream.growing)
    assert spoken == read(text)
    beginnings = [each for each in stream.beginnings if spoken[-1].startswith(each)]
    assert beginnings == sorted(beginnings, key=len)


def test_no_case_of_the_tables_is_read_otherwise():
    """A number is not cut, and its reading waits for what follows."""
    begun = 0
    for case in home_cases():
        stream, spoken = streamed(*in_pieces(case.written, 5))
        # One that has begun does not end at its first comma.
        assert letters(spoken) == letters(read(case.written)), case.written
        begun += len(stream.growing)
    assert begun > 50


def test_a_number_waits_for_its_unit():
    stream = Stream()
    for piece in ("Outside it is rather cold with only 5 ", "km/", "h of wind "):
        stream.feed(piece)
        assert "five" not in stream.beginnings[-1]
    stream.feed("but a lot of snow has fallen ")
    assert "five kilometers per hour" in stream.beginnings[-1]


def test_nothing_begins_unless_it_is_wanted():
    text = "The old man told me a long story about birds"
    assert not streamed(*in_pieces(text), reads_ahead=())[0].growing
    assert not streamed(*in_pieces(text), reads_ahead=("zh",))[0].growing
    assert not streamed(*in_pieces(text), text_format="ssml")[0].growing
    stream = Stream()
    stream.feed(text, may_begin=False)
    assert stream.growing == []


def test_a_tiny_sentence_joins_what_has_begun():
    stream, spoken = streamed("Sure! ", "That would be rather easy to ", "do.")
    assert stream.beginnings[-1].startswith("Sure! That would be")
    assert spoken == ["Sure! That would be rather easy to do."]


def test_a_tiny_sentence_of_another_language_comes_before():
    stream, spoken = streamed("是。", "That would be rather easy to ", "do.")
    assert stream.beginnings[-1].startswith("That would be")
    assert spoken == ["是。", "That would be rather easy to do."]


def test_a_sentence_that_has_begun_does_not_end_at_a_comma_before():
    first = "After a while, the old man who lives at the end of the road told me about "
    text = first + "his garden, the birds that come there in spring and the hedgehogs."
    stream, spoken = streamed(*in_pieces(text, 12))
    assert len(stream.growing[0].so_far.spoken) > len("After a while,")
    assert " ".join(spoken).replace(",", "") == text.replace(",", "")


def test_the_rest_is_read_by_itself_if_the_beginning_turns_out_otherwise():
    lexicon = Lexicon.from_text("one of these rainy days: soon")
    stream, spoken = streamed(
        "We shall all meet again one of ", "these rainy days.", lexicon=lexicon
    )
    assert stream.beginnings[0] == "We shall all meet again"
    assert spoken == ["We shall all meet again soon."]
    text = "We shall all meet again one of these rainy "
    stream, spoken = streamed(text, "days.", lexicon=lexicon)
    assert stream.beginnings[0] == "We shall all meet again one of"
    assert spoken == ["We shall all meet again one of these rainy days."]


def test_no_more_is_read_ahead_than_a_sentence_may_have():
    text = "Seventeen " + 12 * "remarkable "
    stream = Stream(max_tokens=8)
    stream.feed(text)
    assert words(stream.beginnings[-1]) <= 8
    spoken = stream.finish()
    assert " ".join(spoken).replace(",", "").rstrip(".") == text.strip()


def test_a_pause_and_a_second_text():
    stream = Stream()
    stream.feed("The old man told me a long story ")
    assert stream.reader.pause() == []
    stream.feed("about birds.")
    assert stream.reader.pause() == []
    assert stream.growing[0].is_complete
    assert stream.finish() == ["The old man told me a long story about birds."]
    stream.feed("The young man had nothing to say ")
    assert not stream.growing[1].is_complete
    assert stream.finish()[1:] == ["The young man had nothing to say."]
