"""The documents name tests and files that exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.commands import DOCUMENTS
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

TEST = re.compile(r"`(tests/[\w/]+(?:\.py)?)(?:::(\w+))?`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_there_are_documents_with_promises() -> None:
    assert ROOT / "SECURITY.md" in DOCUMENTS
    assert len(TEST.findall(text(ROOT / "SECURITY.md"))) >= 12


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_tests_that_are_named_exist(path: Path) -> None:
    for file, function in TEST.findall(text(path)):
        test = ROOT / file
        assert test.exists(), file
        if function:
            assert f"def {function}(" in text(test), function


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_to_files(path: Path) -> None:
    for link in LINK.findall(text(path)):
        assert (path.parent / link).exists(), link


def test_places_that_the_architecture_names_exist() -> None:
    rows = [
        line
        for line in text(ROOT / "docs/architecture.md").splitlines()
        if line.startswith("| ")
    ]
    places = re.findall(r"`([\w/]+(?:\.py|\.yaml|/))`", "\n".join(rows))
    assert len(places) > 20
    for place in places:
        assert (ROOT / place).exists() or (ROOT / "wyoming_cosyvoice" / place).exists()


@pytest.mark.parametrize(
    ("file", "reload"),
    [
        ("README.md", "Reload"),
        ("README.zh.md", "重新加载"),
        ("addon/DOCS.md", "Reload"),
        ("docs/http-api.md", "Reload"),
        ("wyoming_cosyvoice/server/http/static/i18n.js", "→ Reload"),
    ],
)
def test_after_adding_a_voice_the_page_suggests_to_reload_home_assistant(
    file: str, reload: str
) -> None:
    """Home Assistant reads the voices when it loads the entry, and not again."""
    written = " ".join(text(ROOT / file).split())
    assert "Wyoming Protocol" in written
    assert reload in written
    assert "seconds Home Assistant" not in written
