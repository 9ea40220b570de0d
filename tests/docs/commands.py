"""The commands that documents tell people to type, in the order of the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support import ROOT
from wyoming_cosyvoice.cli.parser import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
_BLOCK = r"^```(?:sh|bash|console)\n(?P<block>.*?)^```"
_INLINE = rf"(?<!`)`(?P<inline>(?:{PROGRAM}|script/\w|docker|python|pip)[^`\n]*)`"
_EITHER = re.compile(f"{_BLOCK}|{_INLINE}", re.DOTALL | re.MULTILINE)


def commands(path: Path) -> Iterator[str]:
    """Yield each command of a document on one line, as a shell takes it."""
    for found in _EITHER.finditer(path.read_text(encoding="utf-8")):
        if found["inline"]:
            # In a table, what would end the cell is escaped.
            yield found["inline"].replace("\\|", "|")
            continue
        block = found["block"].replace("\\\n", " ").replace("&&\n", "&& ")
        for line in block.splitlines():
            if line.strip() and not line.startswith("#"):
                yield line
