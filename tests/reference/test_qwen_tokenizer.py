"""The later families' tokenizer against the official one, on its own tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.tokenizer.qwen_bpe import QwenBpe, write_table
from wyoming_cosyvoice.tokenizer.qwen_marks import (
    CONTROLS,
    COSYVOICE2,
    COSYVOICE3,
    SOUNDS,
)

TABLES = Path(__file__).parent / "cosyvoice-qwen-tokenizer"


@pytest.fixture(scope="module", params=["v2", "v3"])
def version(request):
    return request.param


@pytest.fixture(scope="module")
def known(version):
    return json.loads((TABLES / f"tokens_{version}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory, known, version):
    table = tmp_path_factory.mktemp("qwen") / "qwen.tiktoken"
    markup = {"v2": COSYVOICE2, "v3": COSYVOICE3}[version]
    assert write_table(TABLES, table, markup) == known["size"]
    return QwenBpe(table, markup)


@pytest.mark.ci
def test_every_sentence_has_the_official_tokens(tokenizer, known):
    assert len(known["cases"]) == 260
    wrong = [
        case["text"]
        for case in known["cases"]
        if tokenizer.encode_special(case["text"]) != case["ids"]
    ]
    assert wrong == []


def test_special_tokens_have_the_official_numbers(tokenizer, known):
    assert tokenizer.vocabulary_size == known["size"]
    for mark, number in known["special"].items():
        assert tokenizer.encode_special(mark) == [number]


@pytest.mark.parametrize("mark", [*CONTROLS, "<|endofsystem|>", "[ǐ]", "[a]", "[AA1]"])
def test_a_user_writes_no_control_token_and_no_phone(tokenizer, known, mark):
    """ARPAbet counts in a sentence, into which only the lexicon can write it."""
    number = known["special"].get(mark)  # 2 has no phones
    if mark != "[AA1]":
        tokens = tokenizer.encode(f"a {mark} b", "en")
        assert number not in tokens
        assert max(tokens) < known["special"]["<|endoftext|>"]
    instruction = tokenizer.encode_instruction(f"Speak {mark} softly.")
    assert instruction.count(known["special"]["<|endofprompt|>"]) == 1
    assert instruction[-1] == known["special"]["<|endofprompt|>"]
    if mark != "<|endofprompt|>":
        assert number not in instruction


@pytest.mark.parametrize("mark", SOUNDS)
def test_a_user_may_write_a_sound(tokenizer, known, mark):
    assert known["special"][mark] in tokenizer.encode(f"Oh {mark} well.", "en")


def test_japanese_is_written_as_it_is_pronounced_where_the_model_needs_it(
    tokenizer, version
):
    """CosyVoice3 asks for it (upstream example.py); CosyVoice2 does not."""
    written, said = (
        "洗濯機は[breath]残り三分です。",
        "センタク キ ワ[breath]ノコリ サンプン デス。",
    )
    expected = {"v2": written, "v3": said}[version]
    assert tokenizer.encode(written, "ja") == tokenizer.encode_special(expected)
    assert tokenizer.count(written, "zh") == len(tokenizer.encode(written, "ja"))
    assert tokenizer.encode("三分", "zh") == tokenizer.encode_special("三分")


def test_every_prompt_begins_as_the_model_was_trained(tokenizer, version):
    said = {"v2": "", "v3": "You are a helpful assistant.<|endofprompt|>"}[version]
    assert tokenizer.encode_instruction("") == tokenizer.encode_special(said)


@pytest.mark.parametrize("content", ["", "# 3\nYQ==\n", "# 1\nYQ== 0\n", "x\nYQ== 0\n"])
def test_a_damaged_table_is_refused(tmp_path, content):
    table = tmp_path / "qwen.tiktoken"
    table.write_text(content, encoding="ascii")
    with pytest.raises(ModelCorrupt):
        QwenBpe(table)
