"""Chinese parted into words, and the sorted file that it is looked up in."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from wyoming_cosyvoice.tokenizer import words_zh
from wyoming_cosyvoice.tokenizer.sorted_lines import SortedLines

DATA = Path(words_zh.__file__).with_name("data")


@pytest.mark.parametrize(
    "words",
    [
        "今天 气温 适合 出门 散步",
        "把 客厅 的 空调 调 到 二十四 度",
        "植物 把 阳光 变成 糖分",
        "魔术师 在 一阵 紫色 的 烟雾 里 消失 了",
        "研究 生命 的 起源",  # not 研究生 命
        "我 个人 觉得 第二个 方案 更 容易 维护",
        "灯",
        "",
    ],
)
def test_the_likeliest_words_are_found(words: str) -> None:
    assert words_zh.split(words.replace(" ", "")) == words.split()


def test_text_that_is_not_a_word_is_kept() -> None:
    rng = random.Random(3)
    for _ in range(50):
        run = "".join(chr(rng.randrange(0x3400, 0xA000)) for _ in range(20))
        assert "".join(words_zh.split(run)) == run


def test_of_all_ways_the_cheapest_is_taken() -> None:
    text = (DATA / "mandarin.txt").read_text(encoding="utf-8")
    costs = dict(line.rstrip("v").split("\t") for line in text.splitlines())
    run = "发展中国家庭院子里"
    best = min(
        sum(int(costs[word]) for word in way)
        for count in range(len(run))
        for cuts in itertools.combinations(range(1, len(run)), count)
        for way in [[run[i:j] for i, j in itertools.pairwise((0, *cuts, len(run)))]]
        if all(word in costs for word in way)
    )
    assert sum(int(costs[word]) for word in words_zh.split(run)) == best


@pytest.mark.parametrize("name", ["mandarin.txt", "english.txt"])
def test_every_line_of_the_data_is_found(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    keys = [line.partition("\t")[0].encode() for line in lines]
    assert keys == sorted(set(keys))
    data = SortedLines(DATA / name)
    for line in [lines[0], lines[-1], *random.Random(1).sample(lines, 500)]:
        word, _, value = line.partition("\t")
        assert data.find(word) == value


def test_a_word_that_is_not_there_gives_the_next(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("be\t1\nbee\t2\nsea\t3\n", encoding="utf-8")
    data = SortedLines(path)
    assert data.first_from("a") == ("be", "1")
    assert data.first_from("bed") == ("bee", "2")
    assert data.first_from("se") == ("sea", "3")
    assert data.first_from("t") == ("", "")
    assert data.find("bed") is None
    assert data.find("sea") == "3"
