"""Japanese as it is pronounced."""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from build_japanese import SPELLINGS, packed
from build_japanese import Entry as BuiltEntry

from wyoming_cosyvoice.tokenizer.japanese import katakana, words
from wyoming_cosyvoice.tokenizer.japanese.dictionary import Dictionary, load

HERE = Path(__file__).parent
LARGEST_FILE = 6_000_000
LARGEST_GROWTH_MB = 30
# Of 65 sentences of homes and help texts, read by hand.
MOST_WRONG = 0.01


def rows(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name).read_text("utf-8").splitlines()
    split = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(written, said) for written, said in split]


def kana_only(said: str) -> str:
    return "".join(letter for letter in said if "ァ" <= letter <= "ー")


def distance(left: str, right: str) -> int:
    """Count the letters to insert, drop or replace."""
    row = list(range(len(right) + 1))
    for place, letter in enumerate(left, 1):
        before, row[0] = row[0], place
        for at, other in enumerate(right, 1):
            least = min(row[at] + 1, row[at - 1] + 1, before + (letter != other))
            before, row[at] = row[at], least
    return row[-1]


def test_it_is_written_as_upstream_writes_its_example():
    """The example of CosyVoice3 (upstream example.py)."""
    assert katakana(
        "歴史的世界においては、過去は単に過ぎ去ったものではない、プラトンのいう如く非有が有である。"
    ) == (
        "レキシ テキ セカイ ニ オイ テ ワ、カコ ワ タンニ スギサッ タ モノ デ ワ ナイ、"
        "プラトン ノ イウ ゴトク ヒ ユー ガ ユー デ アル。"
    )


@pytest.mark.parametrize(
    ("written", "said"), rows("japanese_numbers.tsv"), ids=lambda text: text
)
def test_a_number_is_said_with_its_counter(written, said):
    assert katakana(written) == said


def test_sentences_are_read_as_a_speaker_reads_them():
    wrong = letters = 0
    for written, said in rows("japanese_sentences.tsv"):
        expected = kana_only(said)
        wrong += distance(kana_only(katakana(written)), expected)
        letters += len(expected)
    assert wrong / letters <= MOST_WRONG


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", ""),
        ("。", "。"),
        ("Wi Fiを開く", "Wi Fi ヲ ヒラク"),
        ("A、B", "A、B"),
        ("ポヨポヨンを置く", "ポヨポヨン ヲ オク"),
        ("行きましょう", "イキ マショー"),
        ("😀です", "😀 デス"),
        ("𠮟る", "𠮟 ル"),
    ],
)
def test_text_that_is_not_a_word_stays(written, said):
    assert katakana(written) == said


def test_words_keep_what_was_written_and_where_the_pitch_falls():
    found = words("雨が降る。")
    assert "".join(word.written for word in found) == "雨が降る。"
    assert found[0].accent == 1  # a-me: high, low


def test_every_letter_of_odd_text_is_kept():
    text = "ー々〇ヶ、 。っゃァ゛漢A1-�👍🏽" * 3
    assert "".join(word.written for word in words(text)) == text.replace(" ", "")


def test_the_dictionary_is_small_in_the_package():
    folder = resources.files("wyoming_cosyvoice") / "tokenizer/data"
    names = ("japanese.npz", "japanese.blocks")
    assert sum(len((folder / name).read_bytes()) for name in names) <= LARGEST_FILE


def test_the_dictionary_is_small_in_memory():
    program = """
import resource, numpy, zipfile, lzma
most = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = most()
from wyoming_cosyvoice.tokenizer.japanese import katakana
katakana("洗濯機は残り三十五分です。")
print(most() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) <= LARGEST_GROWTH_MB


def test_what_the_builder_writes_is_found():
    made = ["".join(each) for each in product("あいう漢", repeat=3)]
    made += [f"字{number:04}" for number in range(2 * SPELLINGS)]
    spellings = sorted(each.encode() for each in made)
    entries = [
        BuiltEntry(spelling, kind, 100 * kind - row, f"ア{kind}", kind, f"C{kind % 3}")
        for row, spelling in enumerate(spellings)
        for kind in range(row % 3, 4)
    ]
    matrix = np.arange(16, dtype=np.int16).reshape(4, 4) ** 2
    dictionary = Dictionary(*packed(entries, matrix))
    assert (dictionary.matrix == matrix).all()
    for number, entry in enumerate(entries):
        text = entry.surface + "後".encode()
        found = {each.number: each for each in dictionary.at(text, 0, [len(text) - 3])}
        assert found[number] == (len(entry.surface), entry.kind, entry.cost, number)
        assert dictionary.said(number, entry.surface.decode()) == entry.said
        assert dictionary.accent(number) == entry.accent
        assert dictionary.chain(number) == entry.chain


def test_words_that_begin_alike_are_found_across_blocks():
    spellings = [f"字{number:04}".encode() for number in range(3 * SPELLINGS)]
    entries = [BuiltEntry(each, 0, 0, "ア", 0, "") for each in spellings]
    dictionary = Dictionary(*packed(entries, np.zeros((1, 1), np.int16)))
    for number in (0, SPELLINGS - 1, SPELLINGS, 2 * SPELLINGS, 3 * SPELLINGS - 1):
        text = spellings[number]
        found = list(dictionary.at(text, 0, [3, 4, 5, 6, 7]))
        assert [(entry.end, entry.number) for entry in found] == [(7, number)]
    assert not list(dictionary.at("字9".encode(), 0, [3, 4]))
    assert not list(dictionary.at("一".encode(), 0, [3]))
    assert not list(dictionary.at("龍".encode(), 0, [3]))


def test_the_dictionary_is_opened_once():
    assert load() is load()
