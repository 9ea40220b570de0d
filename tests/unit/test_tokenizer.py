"""Text tokens: Whisper's own, and those of phoneme vocabularies."""

import base64
import json
import logging
from pathlib import Path

import pytest

from wyoming_cosyvoice.errors import (
    BadParameter,
    LanguageNotSpoken,
    ModelCorrupt,
    ModelUnsupported,
)
from wyoming_cosyvoice.tokenizer import open_tokenizer
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P
from wyoming_cosyvoice.tokenizer.phonemes import PhonemeTokenizer, read_vocabulary
from wyoming_cosyvoice.tokenizer.read_word import ReadWord
from wyoming_cosyvoice.tokenizer.whisper_bpe import WhisperBpe

# Texts with their tokens by openai-whisper 20250625, called as upstream calls it: its
# multilingual tokenizer for 100 languages, all special tokens allowed.
WHISPER_IDS = json.loads(
    Path(__file__).with_name("whisper_ids.json").read_text(encoding="utf-8")
)
END_OF_TEXT = 50257


@pytest.fixture(scope="module")
def whisper():
    return open_tokenizer("whisper-bpe")


@pytest.mark.parametrize(
    ("text", "expected"), WHISPER_IDS, ids=[ascii(text)[:40] for text, _ in WHISPER_IDS]
)
def test_tokens_are_those_of_whisper(whisper, text, expected):
    assert whisper.encode(text, "en") == expected
    assert whisper.count(text, "en") == len(expected)


def test_there_are_as_many_tokens_as_the_models_know(whisper):
    assert whisper.vocabulary_size == 51_866


@pytest.mark.parametrize(
    "text",
    [
        "<|endoftext|>",
        "<|startoftranscript|>",
        "<|zh|>你好",
        "<|0.00|>",
        "<|nospeech|><|endoftext|>",
        "<|" * 50 + "endoftext|>",
        "\ud800<|endoftext|>",
    ],
)
def test_what_a_user_writes_never_becomes_a_control_token(whisper, text):
    assert max(whisper.encode(text, "zh")) < END_OF_TEXT
    assert max(whisper.encode_instruction(text)) < END_OF_TEXT
    assert max(whisper.encode_cross_lingual(text, "zh")[1:]) < END_OF_TEXT


@pytest.mark.parametrize(
    ("language", "token"),
    [("en", 50259), ("zh", 50260), ("ko", 50264), ("ja", 50266), ("yue", 50358)],
)
def test_a_cross_lingual_text_starts_with_its_language(whisper, language, token):
    tokens = whisper.encode_cross_lingual("Hello", language)
    assert tokens == [token, *whisper.encode("Hello", language)]


def test_a_language_that_is_not_spoken_is_refused(whisper):
    with pytest.raises(BadParameter, match="'de'"):
        whisper.encode_cross_lingual("Hallo", "de")


@pytest.mark.parametrize("end", ["", "<endofprompt>", "<|endofprompt|>"])
def test_an_instruction_ends_with_one_mark(whisper, end):
    # The last five: ".", "<", "end", "of", "prom", "pt", ">".
    expected = [2278, 78, 307, 43897, 13, 27, 521, 2670, 28722, 662, 29]
    assert whisper.encode_instruction(f"Theo is fiery.{end}") == expected


def test_a_long_word_takes_no_longer_than_its_length_asks_for(whisper):
    assert whisper.count("a" * 100_000, "en") == 25_000


def table(pairs) -> bytes:
    lines = [f"{base64.b64encode(p).decode()} {rank}\n" for p, rank in pairs]
    return "".join(lines).encode()


BYTES = [(bytes([value]), value) for value in range(256)]


def test_a_pack_may_bring_its_own_table(tmp_path):
    path = tmp_path / "small.tiktoken"
    path.write_bytes(table([*BYTES, (b"he", 256)]))
    tokenizer = WhisperBpe(path)
    assert tokenizer.encode("heh", "en") == [256, ord("h")]
    assert tokenizer.encode_cross_lingual("", "zh") == [257 + 3]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        table(BYTES[1:]),
        table([*BYTES, (b"he", 300)]),
        table([*BYTES, (b"he", 255)]),
        b"a" * 100,
        b"aGU= 1 2\n",
        b"aGU= x\n",
        b"aGU 0\n",
        b"\xff\xfe 0\n",
    ],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_table_is_refused(tmp_path, content):
    path = tmp_path / "tokenizer.tiktoken"
    path.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=r"tokenizer\.tiktoken"):
        WhisperBpe(path)


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(ModelCorrupt, match=r"none\.tiktoken"):
        WhisperBpe(tmp_path / "none.tiktoken")


def test_units_are_numbered_by_their_line(tmp_path, caplog):
    path = tmp_path / "phonemes.txt"
    path.write_text("_\n \nˈæ\nn-\ni3\n", encoding="utf-8")
    readings = {("你", "zh"): ["n-", "i3"], ("a b", "en"): ["ˈæ", " ", "b"]}
    tokenizer = open_tokenizer(
        "phonemes", path, read=lambda *text: [ReadWord(tuple(readings[text]))]
    )
    assert tokenizer.vocabulary_size == 5
    assert tokenizer.encode("你", "zh") == [3, 4]
    assert tokenizer.count("你", "zh") == 2
    assert caplog.records == []
    assert tokenizer.encode("a b", "en") == [2, 1]
    assert caplog.record_tuples[0][1] == logging.WARNING
    assert "'b'" in caplog.text


@pytest.mark.parametrize("content", [b"a\n\nb\n", b"a\nb\na\n", b"", b"\xff\n"])
def test_a_damaged_vocabulary_is_refused(tmp_path, content):
    path = tmp_path / "phonemes.txt"
    path.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=r"phonemes\.txt"):
        read_vocabulary(path)


def test_a_missing_vocabulary_is_refused(tmp_path):
    with pytest.raises(ModelCorrupt, match=r"none\.txt"):
        read_vocabulary(tmp_path / "none.txt")


@pytest.mark.parametrize("kind", ["none", "phonemes", "sentencepiece"])
def test_a_pack_without_a_usable_tokenizer_is_reported(kind):
    with pytest.raises(ModelUnsupported, match=kind):
        open_tokenizer(kind)


def test_units_need_no_file():
    tokenizer = PhonemeTokenizer(
        ["a", "b"], lambda spoken, _: [ReadWord(tuple(spoken))]
    )
    assert tokenizer.encode("abba", "en") == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("こんにちは。", "ja"), ("今日", "ja"), ("안녕하세요.", "ko"), ("Привет!", "en")],
)
def test_phonemes_refuse_what_they_cannot_read(spoken, language):
    units = ["^", "$", ".", "!", "j-", "in1", "r-", "i4"]
    tokenizer = PhonemeTokenizer(units, MixedG2P().words)
    with pytest.raises(LanguageNotSpoken, match="English and Chinese") as caught:
        tokenizer.encode(spoken, language)
    # No model is offered that cannot read it either.
    assert ("cosyvoice-300m-sft" in caught.value.remedy) == (language != "en")


@pytest.mark.parametrize(("spoken", "language"), [("...", "en"), ("今日", "yue")])
def test_phonemes_read_marks_and_cantonese(spoken, language):
    units = ["^", "$", ".", "j-", "in1", "r-", "i4"]
    assert PhonemeTokenizer(units, MixedG2P().words).encode(spoken, language)
