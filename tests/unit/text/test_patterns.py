"""Patterns that a reader can take in: what is long is made of parts that have names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import wyoming_cosyvoice.text

PACKAGE = Path(wyoming_cosyvoice.text.__file__).parent
LONGEST = 100
# What no list of words, message or table of characters has.
_SYNTAX = re.compile(r"\(\?|\[\^|\\[bdswAZ]|\]\{|\|[^|\s]{1,12}\||[)\]][?*+]")
_NAME = re.compile(r"\(\?P<\w+>")


def literals(tree: ast.Module):
    """Yield the string literals that are no docstrings, with the parts of f-strings."""
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node


def unnamed_stretches(source: str):
    """Yield each stretch of a pattern over 100 characters that has no named part."""
    for node in literals(ast.parse(source)):
        if not _SYNTAX.search(node.value):
            continue
        # A list has one pattern a word, on lines of its own.
        parts = node.value.split() if "\n" in node.value else [node.value]
        for stretch in (part for whole in parts for part in _NAME.split(whole)):
            if len(stretch) > LONGEST:
                yield node.lineno, stretch


def test_no_long_pattern_without_named_parts():
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {stretch[:60]}... ({len(stretch)})"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, stretch in unnamed_stretches(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_a_long_pattern_would_be_found():
    words = "|".join(["word"] * 30)
    assert list(unnamed_stretches(f'X = pattern(r"(?:{words})$")'))
    assert list(unnamed_stretches(f'X = pattern(rf"{{A}}(?:{words})$")'))
    assert not list(unnamed_stretches('X = pattern(rf"(?:{A}|{B})$")'))
    assert not list(unnamed_stretches('X = pattern("[a-z]{3}|[0-9]{4}")'))
