"""Sentences cut out of plain text, gzipped manual pages and HTML."""

from __future__ import annotations

import gzip
import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HAN = "\u4e00-\u9fff"
_MANDARIN = re.compile(rf"[{_HAN}]([{_HAN}，：]| ?[A-Za-z][a-z]+ ?){{2,38}}")
_JAPANESE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fffー、]{6,60}")
_ENGLISH = re.compile(r"[A-Z][a-z']*( ([A-Z][a-z']*|[a-z']+)[,;:]?){2,24}[.!?]")


def paragraphs(directory: Path) -> Iterator[str]:
    """Yield the lines of text of all files of a directory, tags taken out of HTML."""
    for path in sorted(directory.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix == ".gz":
            text = gzip.decompress(path.read_bytes()).decode("utf-8", "ignore")
        elif path.suffix in (".html", ""):
            text = path.read_text(encoding="utf-8", errors="ignore")
        else:
            continue
        if path.suffix == ".html":
            text = re.sub(r"(?s)<(script|style|pre|code).*?</\1>", " , ", text)
            text = re.sub(r"</?(b|i|em|span|a|strong|tt)\b[^>]*>", "", text)
            text = html.unescape(re.sub(r"<[^>]*>", "\n\n", text))
        for paragraph in re.split(r"\n%\n|\n\s*\n", text):
            yield re.sub(r"\s+", " ", paragraph).strip()


def mandarin(directory: Path) -> Iterator[str]:
    """Yield Chinese sentences, some with English words in them."""
    for paragraph in paragraphs(directory):
        for said in re.split(r"[。；！？]", paragraph):
            if _MANDARIN.fullmatch(said.strip()):
                yield said.strip(" ，：") + "。"


def english(directory: Path) -> Iterator[str]:
    """Yield plain English sentences."""
    for paragraph in paragraphs(directory):
        for said in re.split(r"(?<=[.!?]) +", paragraph):
            if _ENGLISH.fullmatch(said):
                yield said


def japanese(directory: Path) -> Iterator[str]:
    """Yield Japanese sentences without Latin letters and digits."""
    for paragraph in paragraphs(directory):
        for said in re.split(r"[。！？]", paragraph.replace(" ", "")):
            if _JAPANESE.fullmatch(said) and re.search("[\u3041-\u3096]", said):
                yield said.strip("、") + "。"
