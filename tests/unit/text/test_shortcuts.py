"""What makes the scanner fast changes nothing: signs, plain words, plain numbers."""

from __future__ import annotations

import re

import pytest

from tests.unit.text.comparison import home_cases, sample_cases, spoken_form
from wyoming_cosyvoice.text.normalize import scanner
from wyoming_cosyvoice.text.normalize.rules import RULES

CASES = [*sample_cases(), *home_cases()]
NEVER = re.compile(r"(?!)")


@pytest.mark.ci
@pytest.mark.parametrize("shortcut", ["_PLAIN_WORD", "_BEFORE_CJK", "_BEFORE_WORD"])
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
