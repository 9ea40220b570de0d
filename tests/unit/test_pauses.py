"""The pause after a sentence, by its syllables, marks and language."""

from __future__ import annotations

import pytest

from wyoming_cosyvoice.synth.delivery import pause_after_s
from wyoming_cosyvoice.text import SentenceReader


def pauses(text, language, setting_s=None):
    reader = SentenceReader(count_tokens=len, request_language=language)
    sentences = [*reader.feed(text), *reader.finish()]
    return [pause_after_s(sentence, setting_s) for sentence in sentences]


@pytest.mark.parametrize(
    ("language", "confirmation", "sentence", "usual_s"),
    [
        ("en", "The lights are on.", "The garage door is open.", 0.5),
        ("zh", "空调已打开。", "客厅灯已打开。", 0.5),
        ("ja", "電気を消しました。", "タイマーが終わりました。", 0.55),
        ("ko", "알겠습니다.", "거실 불을 켰습니다.", 0.5),
        ("de", "Das Licht ist an.", "Die Waschmaschine ist fertig.", 0.5),
        ("ru", "Готово.", "Стиральная машина закончила.", 0.5),
    ],
)
def test_the_pause_after_few_syllables_is_short(
    language, confirmation, sentence, usual_s
):
    assert pauses(confirmation, language) == [0.25]
    assert pauses(sentence, language) == [usual_s]


def test_what_is_set_replaces_it_and_a_paragraph_needs_more():
    assert pauses("Done.", "en", 1.0) == [1.0]
    two = "The garage door is open.\n\nThe kitchen light is off now."
    assert pauses(two, "en") == [0.8, 0.5]
