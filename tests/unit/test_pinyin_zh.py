"""Pinyin of characters and phrases, and the list that it is looked up in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wyoming_cosyvoice.tokenizer import g2p_zh, pinyin_zh

DATA = Path(pinyin_zh.__file__).with_name("data") / "phrases.txt"


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("银行", "yin2 hang2"),
        ("行", "xing2"),
        ("音乐", "yin1 yue4"),
        ("女儿", "nv3 er2"),
        ("放长线", "fang4 chang2 xian4"),  # no phrase begins but 放长线钓大鱼
        ("巴尔喀什", "ba1 er3 ka1 shi2"),
        ("的", "de5"),
        ("", ""),
    ],
)
def test_the_longest_phrases_are_read_together(word: str, syllables: str) -> None:
    assert pinyin_zh.read(word) == syllables.split()


def test_an_unknown_character_is_empty_and_the_others_keep_their_places() -> None:
    assert pinyin_zh.read("好☃灯") == ["hao3", "", "deng1"]


def test_phrases_have_several_characters_and_stand_in_the_list() -> None:
    assert pinyin_zh.is_phrase("银行")
    assert not pinyin_zh.is_phrase("行")
    assert not pinyin_zh.is_phrase("灯行")


def test_the_list_is_what_its_builder_makes() -> None:
    from models.starter.lexica.phrases import rows  # noqa: PLC0415

    made = "".join(f"{word}\t{' '.join(said)}\n" for word, said in rows().items())
    assert made == DATA.read_text(encoding="utf-8")


def test_phrases_and_syllables_are_those_of_pypinyin() -> None:
    from pypinyin.constants import PHRASES_DICT  # noqa: PLC0415

    from models.starter.lexica.phrases import syllables  # noqa: PLC0415

    for phrase in list(PHRASES_DICT)[::20]:
        assert pinyin_zh.read(phrase) == syllables(phrase)


def test_a_server_reads_the_same_without_phrases_in_memory() -> None:
    code = (
        "from wyoming_cosyvoice.tokenizer import g2p_zh, pinyin_zh\n"
        "pinyin_zh.leave_phrases_on_disk()\n"
        "print(*pinyin_zh.read('音乐好'), *g2p_zh.words('银行')[0].units)\n"
        "from pypinyin.constants import PHRASES_DICT\n"
        "print(len(PHRASES_DICT))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == [
        *("yin1", "yue4", "hao3"),
        *g2p_zh.words("银行")[0].units,
        "0",
    ]
