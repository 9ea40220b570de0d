"""What reading a text costs: never more than its length allows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wyoming_cosyvoice.text import SentenceReader
from wyoming_cosyvoice.text.fit import fit

SCRIPTS = Path(__file__).parents[3] / "script"
LENGTH = 1_000


def work(text: str) -> tuple[int, int]:
    """Count the calls that reading ``text`` takes, and the characters it counts."""
    calls = counted = 0

    def on_call(_frame, event, _arg):
        nonlocal calls
        calls += event in ("call", "c_call")

    def count_tokens(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return len(part)

    reader = SentenceReader(count_tokens=count_tokens, max_tokens=100)
    before = sys.getprofile()
    sys.setprofile(on_call)
    try:
        reader.feed(text)
        reader.finish()
    finally:
        sys.setprofile(before)
    return calls, counted


@pytest.mark.ci
@pytest.mark.parametrize(
    "unit",
    ["½", "Ⅷ", "%", "²", "ﬁ", "$", "11/!", "1x", "1e", "1+1!", "a.", "你", "é ", "①"],
)
def test_work_grows_no_faster_than_the_text(unit):
    work(unit)  # compiles the patterns
    calls, counted = work(unit * (LENGTH // len(unit)))
    more_calls, more_counted = work(unit * (4 * LENGTH // len(unit)))
    assert more_calls <= 4.5 * calls
    assert more_counted <= 4.5 * counted


def test_a_list_costs_no_more_than_a_few_calls_a_number():
    work("①" * LENGTH)
    calls, _ = work("①" * LENGTH)
    assert calls <= 40 * LENGTH


def test_counting_tokens_reads_a_text_without_blanks_a_few_times_only():
    counted = 0

    def count_tokens(part: str) -> int:
        nonlocal counted
        counted += len(part)
        return 2 * len(part)

    text = "你" * LENGTH
    pieces = fit(text, count_tokens, 100)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= 50
    assert counted <= 4 * LENGTH


def test_a_piece_of_a_text_without_blanks_never_begins_with_a_mark():
    pieces = fit("字字字字」" * 50, len, 30)
    assert all(piece[0] == "字" for piece in pieces)
    assert max(map(len, pieces)) <= 30


@pytest.mark.slow
def test_no_text_of_odd_characters_costs_too_much(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from attacking import texts  # noqa: PLC0415 - found where the scripts are

    costs = texts.attack(count=60, seed=20)
    assert not [str(cost) for cost in costs if cost.is_too_much]
