"""The judge on speech that is known to be good: is it fit to judge?"""

import numpy as np
import pytest

from models.judge.error_rates import english_words, error_rate
from tests.judge.clicks import SUSPICIOUS, click_ratio

SENTENCES = (
    "The kitchen light is on, and the washing machine will be done in 20 minutes.",
    "I have set the heating to 21.5 degrees, because it will be cold tonight.",
    "It's 7:30 p.m. and the battery is at 85%.",
    "Your package will arrive on the 3rd of May.",
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spoken():
    hibari = pytest.importorskip("hibari", reason="needs the extra 'judge'")
    speak = hibari.Hibari()
    return [
        np.asarray(speak(text, seed=1), np.float32).ravel() for text in SENTENCES
    ], speak.sample_rate


@pytest.fixture(scope="module")
def judge():
    pytest.importorskip("faster_whisper", reason="needs the extra 'judge'")
    from models.judge.asr import Judge  # noqa: PLC0415 - needs the extra

    return Judge()


def test_good_speech_is_understood(judge, spoken):
    clips, rate_hz = spoken
    transcript = [judge.transcribe(clip, rate_hz, "en") for clip in clips]
    assert error_rate(SENTENCES, transcript, english_words) < 0.05


def test_bad_speech_is_not(judge, spoken):
    clips, rate_hz = spoken
    noise = np.random.default_rng(3).normal(0, 0.3, len(clips[0]))
    transcript = [
        judge.transcribe(clips[0][::-1], rate_hz, "en"),
        judge.transcribe(clips[0] * 0.1 + noise, rate_hz, "en"),
    ]
    assert error_rate([SENTENCES[0]] * 2, transcript, english_words) > 0.5


def test_the_text_surprises_less_than_another(judge, spoken):
    clips, rate_hz = spoken
    near = "The kitchen light is off, and the washing machine will be done in 20 hours."
    right, close, other = (
        judge.surprise(clips[0], rate_hz, text, "en")
        for text in (SENTENCES[0], near, SENTENCES[3])
    )
    assert right < close < other


def test_speech_itself_has_no_clicks(spoken):
    clips, rate_hz = spoken
    rng = np.random.default_rng(5)
    ratios = [
        click_ratio(clip, index, rate_hz)
        for clip in clips
        for index in rng.integers(rate_hz // 10, len(clip) - rate_hz // 10, 250)
    ]
    assert np.mean(np.array(ratios) > SUSPICIOUS) < 0.005
