"""Sentences cut out of text files: for words and syllables that no template has.

Any directory of plain text, gzipped manual pages or HTML will do. What is found is only
read aloud, and stands nowhere in this repository.
"""

from __future__ import annotations

import gzip
import html
import re
from typing import TYPE_CHECKING

import jieba

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HAN = "\u4e00-\u9fff"
_MANDARIN = re.compile(rf"[{_HAN}]([{_HAN}，：]| ?[A-Za-z][a-z]+ ?){{2,38}}")
_ENGLISH = re.compile(r"[A-Z][a-z']*( ([A-Z][a-z']*|[a-z']+)[,;:]?){2,24}[.!?]")


def paragraphs(directory: Path) -> Iterator[str]:
    """Yield the lines of text of all files of a directory, tags taken out of HTML."""
    for path in sorted(directory.rglob("*")):
        if not path.is_file():
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


def mandarin_words(rng: random.Random) -> Callable[[], str]:
    """Return what makes sentences of random words: rare syllables in any order."""
    jieba.initialize()
    words = [w for w, count in jieba.dt.FREQ.items() if count > 20]
    words = sorted(w for w in words if re.fullmatch(rf"[{_HAN}]{{2,4}}", w))

    def sentence() -> str:
        said = rng.sample(words, rng.randint(1, 7))
        return "".join(w + rng.choice(("", "", "，")) for w in said).strip("，") + "。"

    return sentence


def english_words(rng: random.Random, dictionary: Path) -> Callable[[], str]:
    """Return what makes sentences of random words of a dictionary, a word a line."""
    lines = dictionary.read_text(encoding="utf-8").split()
    words = sorted(w for w in lines if re.fullmatch("[a-z]{2,12}", w))

    def sentence() -> str:
        said = rng.sample(words, rng.randint(1, 9))
        return " ".join(w + rng.choice(("", "", ",")) for w in said).strip(",") + "."

    return sentence


def with_english(said: str, rng: random.Random, words: list[str]) -> str:
    """Put an English word or two between two words of a Chinese sentence."""
    parts = list(jieba.cut(said))
    place = rng.randrange(len(parts))
    chosen = " ".join(rng.sample(words, rng.choice((1, 1, 2))))
    return "".join(parts[:place]) + f" {chosen} " + "".join(parts[place:])
