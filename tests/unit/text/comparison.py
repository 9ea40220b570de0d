"""The comparison by which a spoken form passes, and the tables it is used on."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from wyoming_cosyvoice.text import SentenceReader

HERE = Path(__file__).parent

UNSPEAKABLE = re.compile(
    r"[0-9０-９%％°$€£¥￥₩₹*`#|\[\]"
    "\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d\u20e3]"
)


@dataclass(frozen=True)
class Case:
    """One line of a table: what is written, and each form that is right."""

    table: str
    language: str
    written: str
    spoken: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}: {self.written}"


def comparable(text: str, language: str) -> str:
    """Reduce a spoken form to what matters: its words, not its marks and blanks.

    Script matters: Traditional and Simplified forms stay different.
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("〇", "零")
    if language == "en":
        words = re.sub(r"[^\w\s']", " ", text.replace("-", " ").replace("_", " "))
        joined = re.sub(r"\b(\w)\s+(?=\w\b)", r"\1", words.replace("'", ""))
        return " ".join(joined.split())
    return "".join(char for char in text if char.isalnum())


def spoken_form(case: Case) -> str:
    """Read a case with a voice of its language; English needs none."""
    reader = SentenceReader(
        count_tokens=len,
        voice_language=None if case.language == "en" else case.language,
        max_tokens=1000,
    )
    sentences = [*reader.feed(case.written), *reader.finish()]
    blank = " " if case.language in ("en", "ko") else ""
    return blank.join(sentence.spoken for sentence in sentences)


def passes(case: Case, spoken: str) -> bool:
    """Whether ``spoken`` is one of the right forms and all of it can be said."""
    if UNSPEAKABLE.search(spoken):
        return False
    said = comparable(spoken, case.language)
    return any(said == comparable(form, case.language) for form in case.spoken)


def sample_cases() -> list[Case]:
    """Return the 122 cases that the front end was specified with."""
    rows = json.loads((HERE / "cases_sample.json").read_text("utf-8"))
    return [
        Case("sample", _name(row["lang"]), row["input"], tuple(row["expected_spoken"]))
        for row in rows
    ]


def home_cases() -> list[Case]:
    """Return the tables of what homes say: units, states and messages."""
    cases = []
    for path in sorted(HERE.glob("cases_*.tsv")):
        table = path.stem.removeprefix("cases_")
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            *language, written, spoken = line.split("\t")
            name = _name(language[0]) if language else _name(table)
            cases.append(Case(table, name, written, forms(spoken)))
    return cases


def forms(spoken: str) -> tuple[str, ...]:
    """Return what is right: forms after ``|``, and each of the parts in braces."""
    found: list[str] = []
    for form in re.split(r"\|(?![^{}]*\})", spoken):
        texts, choices = (
            re.split(r"\{[^{}]*\}", form),
            re.findall(r"\{([^{}]*)\}", form),
        )
        for chosen in itertools.product(*(choice.split("|") for choice in choices)):
            pairs = itertools.zip_longest(texts, chosen, fillvalue="")
            found.append("".join(itertools.chain.from_iterable(pairs)))
    return tuple(found)


def _name(table: str) -> str:
    """Return the language of a table: ``zh-Hant`` and ``zh+en`` are Chinese."""
    return re.split(r"[-+]", table)[0]
