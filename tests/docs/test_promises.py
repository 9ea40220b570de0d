"""The documents name tests, files and flags that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from wyoming_cosyvoice.cli.parser import PROGRAM, parse

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        ROOT / "addon/DOCS.md",
    ]
    if path.name != "CHANGELOG.md"
)
TEST = re.compile(r"`(tests/[\w/]+(?:\.py)?)(?:::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
COMMAND = re.compile(rf"^ *(?:\$ )?(?:docker .*? )?{PROGRAM} (.+)$", re.MULTILINE)


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_there_are_documents_with_promises() -> None:
    assert ROOT / "SECURITY.md" in DOCUMENTS
    assert len(TEST.findall(text(ROOT / "SECURITY.md"))) >= 12


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_tests_that_are_named_exist(path: Path) -> None:
    for name, function in TEST.findall(text(path)):
        test = ROOT / name
        assert test.exists(), name
        if function:
            assert f"def {function}(" in text(test), function


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(path: Path) -> None:
    for link in LINK.findall(text(path)):
        assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_are_understood(path: Path) -> None:
    """Read each command of a document as the program would."""
    for line in COMMAND.findall(text(path)):
        # What follows belongs to the shell, or is a remark.
        words = re.split(r"\s+[|<>&#]|\\$", line.strip("` "))[0]
        parse(shlex.split(words))
