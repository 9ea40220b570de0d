"""README.md and README.zh.md say the same."""

from __future__ import annotations

import re

import pytest

from tests.support import ROOT

ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def numbers_of_tables(text: str) -> list[str]:
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return re.findall(r"\d[\d.]*(?: [GM]B\b| s\b)?", "\n".join(rows))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^```sh\n.*?^```",  # commands
        r"(?<!\w)--[a-z][a-z-]*",  # flags
        r"\]\(((?:docs|models|addon)/[^)]+)\)",  # pictures and documents
        r"^\| `([\w-]+)`",  # models and commands
        r"<!-- .*? -->",
    ],
)
def test_both_readmes_name_the_same(pattern: str) -> None:
    rule = re.compile(pattern, re.MULTILINE | re.DOTALL)
    found = rule.findall(ENGLISH)
    assert found
    assert sorted(set(rule.findall(CHINESE))) == sorted(set(found))


def test_both_readmes_have_the_same_sections_in_one_order() -> None:
    english, chinese = (
        re.split(r"^## ", text, flags=re.MULTILINE) for text in (ENGLISH, CHINESE)
    )
    assert len(english) == len(chinese) >= 10
    for one, other in zip(english, chinese, strict=True):
        title = f"{one.splitlines()[0]} / {other.splitlines()[0]}"
        assert FENCED.findall(one) == FENCED.findall(other), title
        assert numbers_of_tables(one) == numbers_of_tables(other), title
        steps = [
            len(re.findall(r"^\d\. ", text, re.MULTILINE)) for text in (one, other)
        ]
        assert steps[0] == steps[1], title
        points = [len(re.findall(r"^- ", text, re.MULTILINE)) for text in (one, other)]
        assert points[0] == points[1], title
