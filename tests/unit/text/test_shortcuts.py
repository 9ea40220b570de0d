"""What makes the scanner fast changes nothing: signs, plain words, plain numbers."""

from __future__ import annotations

import re

import pytest

from tests.unit.text.comparison import home_cases, sample_cases, spoken_form
from wyoming_cosyvoice.text.decisions.unit_letters import (
    DOUBTFUL_UNITS,
    PLAIN_UNIT,
    UNIT_LETTERS,
)
from wyoming_cosyvoice.text.normalize import scanner
from wyoming_cosyvoice.text.normalize.rules import RULES
from wyoming_cosyvoice.text.normalize.units import UNITS
from wyoming_cosyvoice.text.patterns import any_of, first_letters

CASES = [*sample_cases(), *home_cases()]
NEVER = re.compile(r"(?!)")


@pytest.mark.ci
@pytest.mark.parametrize(
    "shortcut",
    [
        "_PLAIN_WORD",
        "_BEFORE_CJK",
        "_RANGE_BEFORE_CJK",
        "_WORD_BEFORE_CJK",
        "_BEFORE_WORD",
        "_BEFORE_PERCENT",
        "_BEFORE_UNIT",
    ],
)
def test_a_shortcut_reads_as_all_rules_do(shortcut, monkeypatch):
    with_it = [spoken_form(case) for case in CASES]
    monkeypatch.setattr(scanner, shortcut, NEVER)
    assert [spoken_form(case) for case in CASES] == with_it


@pytest.mark.ci
def test_rules_that_are_left_out_for_want_of_a_sign_would_not_match(monkeypatch):
    with_signs = [spoken_form(case) for case in CASES]
    monkeypatch.setattr(
        scanner, "rules_for", lambda start, _: [r for r in RULES if r.start == start]
    )
    assert [spoken_form(case) for case in CASES] == with_signs


@pytest.mark.parametrize("rule", [r for r in RULES if r.signs], ids=lambda r: r.kind)
def test_what_a_rule_matches_has_one_of_its_signs(rule):
    texts = [case.written for case in CASES]
    found = [
        match.string[match.start() :]
        for text in texts
        for match in (rule.pattern.match(text, at) for at in range(len(text)))
        if match
    ]
    assert all(rule.signs & set(text) for text in found)


def test_no_written_form_starts_at_a_letter_that_is_copied_at_once():
    copied = re.compile(scanner._COPIED)
    may_start = re.compile(scanner._MAY_START)
    letters = [char for char in map(chr, range(0xD800)) if copied.match(char)]
    assert letters
    assert not [char for char in letters if may_start.match(char + "月)1")]


@pytest.mark.parametrize("gap", ["", " ", "-"])
@pytest.mark.parametrize("number", ["5", "25", "747", "1013", "1400", "2,700", "0.25"])
def test_no_row_speaks_of_a_unit_that_is_not_doubtful(number, gap):
    plain = [unit for unit in UNITS if len(unit) > 1 and unit not in DOUBTFUL_UNITS]
    rows = [row for row in UNIT_LETTERS.rows if row is not PLAIN_UNIT]
    assert plain
    assert not [
        (unit, row.reason)
        for unit in plain
        for row in rows
        if re.fullmatch(row.written, f"{number}{gap}{unit}")
    ]


def test_the_letters_that_a_pattern_begins_with():
    letters = {
        "个(?!月)": "个",
        "[分秒]": "分秒",
        "[时時]?间": "",
        "分?钟": "",
        "[^分]": "",
        "分|秒": "",
        "(?:分|秒)钟": "",
        "分(?:之|钟)": "分",
        r"\s?分": "",
        "[0-9]点": "",
    }
    assert {source: first_letters(source) for source in letters} == letters


def test_a_list_of_words_finds_what_it_found_without_their_first_letters():
    words = "周一 [周週]二 礼拜 星期(?:三|四)? a[bc] abc d efg"
    found = re.compile(any_of(words))
    plain = re.compile("|".join(words.split()))
    for text in ("周一", "週二", "礼拜", "星期四", "ab", "abc", "d", "ef", "一周"):
        for at in range(len(text) + 1):
            with_it, without = found.match(text, at), plain.match(text, at)
            assert (with_it and with_it.group()) == (without and without.group())
