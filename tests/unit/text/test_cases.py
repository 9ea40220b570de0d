"""The tables of written and spoken forms.

Each line is one case, so that a native speaker can check and extend the tables without
reading code. ``cases_sample.json`` is what the front end was specified with; the
``cases_*.tsv`` tables come from the units, states and messages of Home Assistant.
"""

from __future__ import annotations

import pytest

from tests.unit.text.comparison import (
    Case,
    home_cases,
    passes,
    sample_cases,
    spoken_form,
)
from wyoming_cosyvoice.text.normalize.chinese import Cantonese, Mandarin
from wyoming_cosyvoice.text.normalize.english import English
from wyoming_cosyvoice.text.normalize.japanese import Japanese
from wyoming_cosyvoice.text.normalize.korean import Korean
from wyoming_cosyvoice.text.normalize.rules import RULES


@pytest.mark.parametrize("case", sample_cases(), ids=str)
def test_sample_case(case):
    spoken = spoken_form(case)
    assert passes(case, spoken), f"said {spoken!r}, right is {case.spoken}"


@pytest.mark.parametrize("case", home_cases(), ids=str)
def test_home_case(case):
    spoken = spoken_form(case)
    assert passes(case, spoken), f"said {spoken!r}, right is {case.spoken}"


def test_the_comparison_can_fail():
    case = Case("x", "zh", "温度23度", ("温度二十三度",))
    assert passes(case, "温度二十三度。")
    assert not passes(case, "温度23度。")
    assert not passes(case, "温度二三度。")
    assert not passes(case, "溫度二十三度。")


@pytest.mark.parametrize("kind", sorted({rule.kind for rule in RULES}))
def test_every_kind_of_written_form_is_said_by_some_language(kind):
    languages = (English, Mandarin, Cantonese, Japanese, Korean)
    assert any(hasattr(language, f"say_{kind}") for language in languages)
