"""docs/reading.md is made from the tables of the front end."""

from __future__ import annotations

from tests.support import ROOT


def test_the_page_of_readings_is_what_the_tables_say(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "script"))
    import build_reading  # noqa: PLC0415 - found where the scripts are

    made = build_reading.page()
    written = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    assert written == made, "run .venv/bin/python script/build_reading.py"
