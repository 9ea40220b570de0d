"""What documents say of speed and size is the same everywhere, with its source.

The tables of the card (starter) and of the README's "Speed" are the sources: whoever
measures anew changes those, and these tests name what else has to follow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.docs.commands import DOCUMENTS
from tests.support import ROOT
from wyoming_cosyvoice.library.installed import STARTER_DIR

if TYPE_CHECKING:
    from pathlib import Path

CARD = ROOT / "models/starter/MODEL_CARD.md"
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
# The rows of each table, in the order of the English names.
FACTOR, FIRST, LOAD, MEMORY, DISK = range(5)
ROWS = {
    FACTOR: ("real-time factor", "实时率"),
    FIRST: ("first audio", "首段延迟"),
    LOAD: ("load", "加载"),
    MEMORY: ("memory", "内存", "总内存", "说话时的内存", "合成时的内存"),
    DISK: ("on disk",),
}

Table = list[list[str]]


def tables(path: Path) -> list[Table]:
    """Return the tables of a document, each a list of rows of cells."""
    found: list[Table] = []
    is_inside = False
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| "):
            is_inside = is_inside and line.startswith("|-")
            continue
        if not is_inside:
            found.append([])
        is_inside = True
        found[-1].append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def column(path: Path, heading: str, corner: str = "") -> dict[int, str]:
    """Return the figures below a heading of the table whose corner begins so."""
    for table in tables(path):
        head = table[0]
        if heading in head[1:] and head[0].startswith(corner):
            at = head.index(heading)
            return {
                kind: row[at]
                for row in table[1:]
                for kind, names in ROWS.items()
                if row[0].startswith(names)
            }
    raise AssertionError(f"{path.name} has no table with {heading}")


def speeds(path: Path) -> tuple[Table, Table]:
    """Return the tables of 300M and of small voices in the README's part on speed."""
    measured = [t for t in tables(path) if t[0][-1] in {"int8", "Piper medium"}]
    large, small = measured
    return large, small


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_has_the_starter_s_figures_of_its_card(readme: Path) -> None:
    card = column(CARD, "starter")
    assert set(card) == set(ROWS)
    corner = speeds(readme)[1][0][0]
    assert column(readme, "starter", corner) == {k: card[k] for k in card if k != DISK}


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_comparison_has_the_figures_that_were_measured(readme: Path) -> None:
    large, small = speeds(readme)
    comparison = next(t for t in tables(readme) if len(t[0]) > 6)
    sources = {"Piper": "Piper medium", "Kokoro": "Kokoro-82M int8"}
    checked = 0
    for at, heading in enumerate(comparison[0]):
        source = next((s for name, s in sources.items() if name in heading), None)
        if "300M" in heading:
            measured = column(readme, "int8", large[0][0])
        elif "starter" in heading or at == 1:
            measured = column(readme, "starter", small[0][0])
        elif source is not None:
            measured = column(readme, source, small[0][0])
        else:
            continue
        for row in comparison:
            for kind, names in ROWS.items():
                if row[0].startswith(names):
                    assert row[at] == measured[kind], f"{heading}: {row[0]}"
                    checked += 1
    assert checked == 4 * 3


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_first_lines_have_the_figures_of_the_card(readme: Path) -> None:
    card = column(CARD, "starter")
    first = readme.read_text(encoding="utf-8").split("\n## ")[0]
    assert card[DISK] in first
    assert card[FIRST].replace(" s", "") in first


def test_the_starter_is_as_large_as_its_card_says() -> None:
    files = [
        path
        for path in STARTER_DIR.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    ]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    assert column(CARD, "starter")[DISK] == f"{megabytes:.0f} MB"


def test_what_is_said_of_a_raspberry_pi_is_that_nothing_was_measured() -> None:
    """Whoever measures there changes this test, and says what and where."""
    for path in DOCUMENTS:
        text = " ".join(path.read_text(encoding="utf-8").split())
        for sentence in re.split(r"(?<=[.。!?])\s*(?=\W*[A-Z\u4e00-\u9fff])", text):
            if re.search("Raspberry|树莓派|樹莓派", sentence):
                assert re.search(
                    "[Nn]othing was measured|[Nn]o measurements|没有在树莓派上测试",
                    sentence,
                ), f"{path.name}: {sentence}"
