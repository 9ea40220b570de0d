"""What a model of few languages leaves out of a text."""

from __future__ import annotations

import time

import pytest

from wyoming_cosyvoice.errors import LanguageNotSpoken
from wyoming_cosyvoice.synth.front_end import FrontEnd
from wyoming_cosyvoice.text import SentenceReader

CASES = [
    # written, spoken, skipped
    ("Now playing アイドル by YOASOBI.", "Now playing by yoasobi.", ["アイドル"]),
    ("正在播放アイドル。", "正在播放。", ["アイドル"]),
    ("我喜欢の味道。", "我喜欢味道。", ["の"]),
    ("东京タワー开了。", "东京开了。", ["タワー"]),
    ("The word 안녕 means hello.", "The word means hello.", ["안녕"]),
    ("He said 안녕 하세요, twice.", "He said, twice.", ["안녕 하세요"]),
    ("Он сказал hello there.", "hello there.", ["Он сказал"]),
    ("«Война и мир» is long.", "is long.", ["Война и мир"]),
    ("The letter ж is odd.", "The letter is odd.", ["ж"]),
    ("Müller café Ἀθήνα.", "Müller café.", ["Ἀθήνα"]),
    ("5 kΩ and π, 3 µm too.", "five kilohms and pi, three micrometers too.", []),
    ("He came. 今日は雨です。 He left.", "He came. He left.", ["今日は雨です。"]),
    ("On. Сегодня 25 градусов. Off.", "On. Off.", ["Сегодня 25 градусов."]),
    ("12:30", "twelve thirty.", []),
    ("客厅的灯开了。", "客厅的灯开了。", []),
    ("係咪開咗燈？", "係咪開咗燈?", []),
]
UNREADABLE = [
    ("今日は雨です。", "Japanese"),
    ("東京駅", "Japanese"),
    ("3つ", "Japanese"),
    ("오늘은 좋아요.", "Korean"),
    ("Привет, мир.", "Cyrillic"),
    ("Сегодня 25 градусов.", "Cyrillic"),
    ("สวัสดี", "Thai"),
    ("مرحبا", "Arabic"),
    ("नमस्ते", "Devanagari"),
    ("Γειά σου", "Greek"),
    ("𐤀𐤁", "Phoenician"),
]


def new_reader(**options) -> SentenceReader:
    return SentenceReader(count_tokens=len, languages=("en", "zh", "yue"), **options)


@pytest.mark.parametrize(("text", "spoken", "skipped"), CASES)
def test_what_can_be_read_is_read(text, spoken, skipped):
    reader = new_reader()
    sentences = [*reader.feed(text), *reader.finish()]
    assert " ".join(sentence.spoken for sentence in sentences) == spoken
    assert [part.text.strip() for part in reader.skipped] == skipped


@pytest.mark.parametrize(("text", "name"), UNREADABLE)
def test_nothing_to_read_is_an_error_that_names_the_language(text, name):
    reader = new_reader()
    with pytest.raises(LanguageNotSpoken, match=f"cannot read {name}") as caught:
        assert [*reader.feed(text), *reader.finish()] == []
    is_offered = name in ("Japanese", "Korean")
    assert ("CosyVoice-300M-SFT" in caught.value.remedy) == is_offered


OF_FIVE = [
    # written, spoken, skipped
    ("The light is on. Привет. It is late.", "The light is on. It is late.", "Привет."),
    ("She said สวัสดี, twice.", "She said, twice.", "สวัสดี"),
    ("He wrote مرحبا بك today.", "He wrote today.", "مرحبا بك"),
    ("客厅的 नमस्ते 灯开了。", "客厅的灯开了。", "नमस्ते"),
    ("今日は Привет 雨です。", "今日は雨です。", "Привет"),
    ("오늘은 שלום 좋아요.", "오늘은 좋아요.", "שלום"),
    ("今天播放 Bohemian Rhapsody。", "今天播放Bohemian Rhapsody。", None),
    ("今日は Spotify で聴く。", "今日はSpotifyで聴く。", None),
    ("오늘은 Netflix 봐요.", "오늘은 Netflix 봐요.", None),
    ("Now playing アイドル by YOASOBI.", "Now playing アイドル by YOASOBI.", None),
    ("Café Müller, Łódź, Đà Nẵng.", "Café Müller, Łódź, Đà Nẵng.", None),
    ("係咪開咗燈？", "係咪開咗燈?", None),
]


@pytest.mark.parametrize(("text", "spoken", "skipped"), OF_FIVE)
def test_byte_pairs_of_scripts_that_were_never_taught_are_skipped(
    tiny_pack, text, spoken, skipped
):
    reader = FrontEnd.open(tiny_pack).reader()
    sentences = [*reader.feed(text), *reader.finish()]
    said = "".join(sentence.spoken for sentence in sentences)
    assert bare(said) == bare(spoken)
    body = [part.text.strip() for part in reader.skipped]
    assert body == ([] if skipped is None else [skipped])


def bare(text):
    """Return the letters alone: marks and letter case are not the matter here."""
    return "".join(char for char in text.casefold() if char.isalpha())


@pytest.mark.parametrize("text", ["Привет, мир.", "สวัสดี", "مرحبا", "Γειά σου"])
def test_a_text_in_a_script_that_was_never_taught_is_refused(tiny_pack, text):
    reader = FrontEnd.open(tiny_pack).reader()
    with pytest.raises(LanguageNotSpoken, match="No model of this program can"):
        assert [*reader.feed(text), *reader.finish()] == []


def test_russian_is_left_to_a_model_that_was_taught_it():
    reader = SentenceReader(count_tokens=len, languages=("zh", "en", "ru"))
    (sentence,) = [*reader.feed("Привет, мир."), *reader.finish()]
    assert sentence.spoken == "Привет, мир."
    assert [*reader.feed("สวัสดี"), *reader.feed(" there.")] == []
    (sentence,) = reader.finish()
    assert (sentence.spoken, len(reader.skipped)) == ("there.", 1)


def test_a_language_only_in_the_request_is_not_refused():
    reader = new_reader(request_language="ja")
    assert [*reader.feed("12:30 and 5 GB."), *reader.finish()]
    reader = new_reader(request_language="ja")
    with pytest.raises(LanguageNotSpoken):
        assert [*reader.feed("東京"), *reader.finish()] == []


def test_a_reader_of_all_languages_skips_nothing():
    reader = SentenceReader(count_tokens=len)
    sentences = [*reader.feed("今日は雨です。Привет."), *reader.finish()]
    assert sentences
    assert reader.skipped == []


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["ж", "ж ", "ж.", "アa", "안 ", "の。", "Ω", "ж'"])
def test_the_work_is_linear_in_the_text(piece):
    def took_s(count: int) -> float:
        reader = new_reader()
        began = time.process_time()
        reader.feed(piece * count + "a. b")
        reader.finish()
        return time.process_time() - began

    took_s(100)
    quarter = max(0.01, min(took_s(2_500) for _ in range(2)))
    assert took_s(10_000) < 12 * quarter
