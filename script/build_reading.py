#!/usr/bin/env python3
"""Write docs/reading.md: what is read how, from the tables of the front end.

    .venv/bin/python script/build_reading.py

The examples are the shortest of the test tables that each rule reads, so all of them
are tested; ``tests/docs/test_reading.py`` compares the page with the tables.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.unit.text.comparison import home_cases, sample_cases  # noqa: E402
from wyoming_cosyvoice.text import Reading, SentenceReader, decisions  # noqa: E402
from wyoming_cosyvoice.text.decisions.table import Table  # noqa: E402
from wyoming_cosyvoice.text.normalize import formula_words  # noqa: E402
from wyoming_cosyvoice.text.normalize.chinese import Mandarin  # noqa: E402
from wyoming_cosyvoice.text.normalize.english import English  # noqa: E402
from wyoming_cosyvoice.text.normalize.money import CURRENCIES  # noqa: E402
from wyoming_cosyvoice.text.normalize.rules import RULES  # noqa: E402
from wyoming_cosyvoice.text.normalize.units import UNITS  # noqa: E402

PAGE = ROOT / "docs" / "reading.md"
LANGUAGES = {
    "zh": "Mandarin",
    "yue": "Cantonese",
    "ja": "Japanese",
    "ko": "Korean",
    "en": "English",
}
_BEFORE_RULES = {
    "formula": "Say a formula in LaTeX.",
    "thousands": "Join thousands that blanks part.",
    "tilde": 'Say "to", "about", a long sound, a pause or nothing for a tilde.',
}
_LONGEST = 32

_HEAD = """\
# What is read how

Made by `script/build_reading.py` from the tables that the program reads with; do not
edit it by hand. `wyoming-cosyvoice say --explain TEXT` names the rule that read each
piece of a text, and in brackets the row of a table that decided between readings: send
both when something is misread. How reading works is in [text.md](text.md).

## The written forms

In the order in which they are tried at each place. The examples are lines of the
tables in `tests/unit/text/`.
"""


_DECISIONS = """\
The first row that fits counts; `*` is every language. What has to stand before, in and
behind the form is in `wyoming_cosyvoice/text/decisions/`, one row a line.
"""


def examples() -> dict[str, dict[str, tuple[str, str]]]:
    """Return for each rule and language the shortest case that it alone changes."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for case in [*sample_cases(), *home_cases()]:
        voice = None if case.language == "en" else case.language
        read = _readings(case.written, voice)
        kinds = {change.kind for reading in read for change in reading.changes}
        spoken = " ".join(reading.spoken for reading in read)
        example = (case.written, spoken)
        for kind in kinds:
            best = found[kind].get(case.language)
            if len(case.written) <= _LONGEST and (
                best is None or _rank(example, kinds) < _rank(best, kinds)
            ):
                found[kind][case.language] = example
    return found


def _readings(written: str, voice: str | None) -> list[Reading]:
    """Return what each step makes of the sentences of a text."""
    readings: list[Reading] = []
    reader = SentenceReader(
        count_tokens=len, voice_language=voice, on_reading=readings.append
    )
    reader.feed(written)
    reader.finish()
    return readings


def _rank(example: tuple[str, str], kinds: set[str]) -> tuple[int, str]:
    return (len(example[0]) + 8 * len(kinds), example[0])


def _purpose(kind: str) -> str:
    """Return the first line of the method that says a rule's matches."""
    for language in (English, Mandarin):
        method = getattr(language, f"say_{kind}", None)
        for base in language.__mro__ if method else ():
            found = base.__dict__.get(f"say_{kind}")
            if found is not None and getattr(found, "__doc__", None):
                return str(found.__doc__).splitlines()[0]
    return _BEFORE_RULES.get(kind, "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").strip()


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page() -> str:
    """Return the text of docs/reading.md."""
    found = examples()
    parts = [_HEAD]
    order = dict.fromkeys([*_BEFORE_RULES, *(rule.kind for rule in RULES)])
    for kind in order:
        if kind not in found:
            continue
        parts.append(f"### `{kind}`\n\n{_purpose(kind)}\n")
        rows = [
            (name, _cell(found[kind][language][0]), _cell(found[kind][language][1]))
            for language, name in LANGUAGES.items()
            if language in found[kind]
        ]
        parts.append(_table(("language", "written", "said"), rows) + "\n")
    parts += _decisions()
    return "\n".join(parts)


def tables() -> list[Table]:
    """Return all tables of the modules that decide, in the order of their names."""
    modules = [
        importlib.import_module(f"{decisions.__name__}.{module.name}")
        for module in pkgutil.iter_modules(decisions.__path__)
    ]
    found = (value for module in modules for value in vars(module).values())
    return list(dict.fromkeys(table for table in found if isinstance(table, Table)))


def _decisions() -> list[str]:
    """Return the tables that decide between readings."""
    parts = [
        "## What decides between readings\n",
        _DECISIONS,
    ]
    for table in tables():
        rows = [(r.languages, r.meaning, _cell(r.reason)) for r in table.rows]
        heading = ("languages", "meaning", "as in")
        parts += [f"### {table.title}\n", _table(heading, rows) + "\n"]
    return [
        *parts,
        "## Units, currencies, formulas\n",
        f"Units ({len(set(map(id, UNITS.values())))}), and whatever is put together "
        "from them with a slash or a dot: "
        + " ".join(f"`{_cell(symbol)}`" for symbol in UNITS)
        + ".\n",
        "Currencies: " + " ".join(f"`{symbol}`" for symbol in CURRENCIES) + ".\n",
        "Commands of LaTeX: "
        + " ".join(f"`\\{name}`" for name in sorted(formula_words.NAMES))
        + ". Others are silent.\n",
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
