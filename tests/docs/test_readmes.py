"""README.md and README.zh.md say the same, and every command in a document exists."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from wyoming_cosyvoice.cli.parser import PROGRAM

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
FENCED = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(rf"`((?:{PROGRAM} |script/|docker )[^`]+)`")

# What a reader has anyway, or installs by the line before.
TOOLS = {"apt-get", "cd", "curl", "export", "mkdir", "nc", "npm", "pip"}
TOOLS |= {"aplay", "pytest", "tar"}


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


def commands(path: Path) -> list[str]:
    """Return the commands of a document, each on one line."""
    text = path.read_text(encoding="utf-8")
    blocks = "".join(FENCED.findall(text)).replace("\\\n", " ").replace("&&\n", "&& ")
    lines = [line for line in blocks.splitlines() if line.strip()]
    return [*lines, *INLINE.findall(text)]


def check(words: list[str], folder: Path) -> None:
    """See that what a simple command begins with exists."""
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    if not words:
        return
    program = words[0].removeprefix(".venv/bin/")
    if program.startswith("script/"):
        assert os.access(ROOT / program, os.X_OK), program
    elif program in {"python", "python3"}:
        if not words[1].startswith("-"):
            assert (ROOT / words[1]).exists(), words[1]
    elif program == "docker":
        assert words[1] in {"run", "compose", "build"}, words
        if words[1] == "compose":
            assert (folder / "compose.yaml").exists()
    elif program == "kubectl":
        assert (ROOT / words[words.index("-f") + 1]).exists(), words
    else:
        assert program in {PROGRAM, ".", *TOOLS}, program


@pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_command_begins_with_something_that_exists(path: Path) -> None:
    for line in commands(path):
        for part in re.split(r"\s(?:&&|\|\||[|;&])\s*", line.strip("$ ")):
            check(shlex.split(part.strip("() "), comments=True), path.parent)


def test_commands_are_found() -> None:
    assert sum(len(commands(path)) for path in DOCUMENTS) > 20
