"""A trained release, transcribed by the judge: words, windows, precisions and joins.

Random weights cannot show whether a conversion keeps the words. Give a folder with
``checkpoint/`` and ``sentences.json`` (a list of ``{"words", "text_tokens"}``) as
TRAINED_RELEASE, then run ``pytest -m slow -s tests/judge/test_trained_release.py``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from models.judge.error_rates import english_words, error_rate
from tests.judge.clicks import SUSPICIOUS, click_ratio
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.streaming import Windows, upstream_windows
from wyoming_cosyvoice.model.utterance import Settings, Utterance
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.pack.settings import Precision

SEEDS = (0, 1)
MOST_ERRORS = 0.12
MOST_APART = 0.03
SCHEDULES = {"whole": None, "windows": Windows(), "upstream": upstream_windows(50)}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "TRAINED_RELEASE" not in os.environ, reason="no TRAINED_RELEASE"
    ),
]


@pytest.fixture(scope="module")
def judge():
    pytest.importorskip("faster_whisper", reason="needs the extra 'judge'")
    from models.judge.asr import Judge  # noqa: PLC0415 - needs the extra

    return Judge()


@pytest.fixture(scope="module")
def sentences():
    folder = Path(os.environ["TRAINED_RELEASE"])
    return json.loads((folder / "sentences.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=[Precision.FP32, Precision.INT8])
def pack(request, tmp_path_factory):
    checkpoint = Path(os.environ["TRAINED_RELEASE"]) / "checkpoint"
    target = tmp_path_factory.mktemp("packs") / request.param.value
    return convert(checkpoint, target, precision=request.param)


def speak(pack, windows, sentence, seed):
    """Return the pieces of a sentence; each piece after the first begins at a join."""
    model = VoiceModel(pack, settings=Settings(pack.manifest.flow, windows))
    speaker = load_speaker(pack.file(pack.manifest.voices[0].file))
    utterance = Utterance(
        sentence["text_tokens"], speaker, min_tokens=10, max_tokens=750
    )
    return list(model.speak(utterance, np.random.default_rng(seed)))


def test_words_survive_conversion_and_windows(pack, judge, sentences):
    words = [sentence["words"] for sentence in sentences] * len(SEEDS)
    rate_hz = pack.manifest.sample_rate
    rates = {}
    for name, windows in SCHEDULES.items():
        transcript = []
        for seed in SEEDS:
            for sentence in sentences:
                samples = np.concatenate(speak(pack, windows, sentence, seed))
                transcript.append(judge.transcribe(samples, rate_hz, "en"))
        rates[name] = error_rate(words, transcript, english_words)
        print(f"{pack.manifest.precision} {name}: {rates[name]:.1%} word errors")
    assert max(rates.values()) <= MOST_ERRORS
    assert rates["windows"] <= rates["whole"] + MOST_APART


def test_no_join_clicks(pack, sentences):
    """Joins may be no more abrupt than speech is anywhere."""
    rate_hz = pack.manifest.sample_rate
    ratios = []
    for seed in SEEDS:
        for sentence in sentences:
            pieces = speak(pack, Windows(), sentence, seed)
            samples = np.concatenate(pieces)
            joins = np.cumsum([len(piece) for piece in pieces])[:-1]
            ratios += [click_ratio(samples, int(join), rate_hz) for join in joins]
    print(f"{pack.manifest.precision}: {len(ratios)} joins, worst {max(ratios):.2f}")
    assert np.mean(np.array(ratios) > SUSPICIOUS) <= 0.02
