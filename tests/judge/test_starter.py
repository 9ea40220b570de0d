"""The starter voice, transcribed by the judge: text -> sound -> the same text."""

from __future__ import annotations

import numpy as np
import pytest

from models.judge.error_rates import count_errors, english_words, toned_syllables
from models.judge.kana import kana
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.voices import find_voice

pytestmark = pytest.mark.ci

SENTENCES = {
    "en": (
        "The kitchen light is now set to forty percent.",
        "Good morning, it will be sunny and warm today.",
    ),
    "zh": ("客厅的灯已经打开了。", "今天天气晴朗，最高气温二十三度。"),
    "ja": ("台所の照明をつけました。", "今日は晴れて、気温は二十三度まで上がります。"),
}
UNITS = {"en": english_words, "zh": toned_syllables, "ja": kana}
# Chance is above 1; what the voice reaches stands in models/starter/MODEL_CARD.md.
MOST_ERRORS = 0.25


@pytest.fixture(scope="module")
def judge():
    pytest.importorskip("faster_whisper", reason="needs the extra 'judge'")
    from models.judge.asr import Judge  # noqa: PLC0415 - needs the extra

    return Judge()


@pytest.fixture(scope="module")
def starter():
    return PackSynthesizer.open(Pack.open(STARTER_DIR))


def say(starter, text, language, voice):
    reader = starter.reader(language=language)
    known = find_voice(starter.voices, voice)
    sentences = [*reader.feed(text), *reader.finish()]
    pieces = [
        samples
        for sentence in sentences
        for samples in starter.speak(sentence, voice=known, seed=1)
    ]
    return np.concatenate(pieces)


@pytest.mark.parametrize("voice", ["heart", "cedar"])
@pytest.mark.parametrize("language", ["en", "zh", "ja"])
def test_what_it_says_is_understood(judge, starter, language, voice):
    transcript = {
        text: judge.transcribe(
            say(starter, text, language, voice), starter.sample_rate, language
        )
        for text in SENTENCES[language]
    }
    counts = [count_errors(*pair, UNITS[language]) for pair in transcript.items()]
    errors = [wrong / count for wrong, count in counts]
    assert np.mean(errors) <= MOST_ERRORS, transcript
