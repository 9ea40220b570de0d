"""Tiny networks that speak a sentence while its text arrives."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference.directories import default_directory
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.errors import SynthesisCancelled
from wyoming_cosyvoice.model.text_ahead import AheadSampler
from wyoming_cosyvoice.pack.settings import Precision, Sampling
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

pytestmark = pytest.mark.ci

TEXT = "the old man at the end of the road told me a long story about his garden "
SEED = 3


@pytest.fixture(scope="module", params=["cosyvoice2", "cosyvoice3"])
def synthesizer(request, tmp_path_factory):
    target = tmp_path_factory.mktemp(request.param) / "pack"
    checkpoint = default_directory(request.param) / "checkpoint"
    pack = convert(checkpoint, target, precision=Precision.FP32)
    return PackSynthesizer.open(pack, SynthesizerOptions(threads=1, text_ahead=True))


def begin(synthesizer, *, instruction=None, cancel=None):
    """Return a reader, its unfinished sentence, and the iterator of its samples."""
    reader = synthesizer.reader()
    assert reader.feed(TEXT) == []
    (sentence,) = reader.ahead(may_begin=True)
    spoken = synthesizer.speak(
        sentence, seed=SEED, instruction=instruction, cancel=cancel
    )
    return reader, sentence, spoken


def until_it_waits(spoken):
    pieces = []
    while not spoken.wants_text:
        pieces.append(next(spoken))
    return np.concatenate(pieces)


def test_sound_comes_before_the_text_is_complete(synthesizer):
    reader, sentence, spoken = begin(synthesizer)
    early = until_it_waits(spoken)
    assert len(early) > 0.5 * synthesizer.sample_rate
    assert not sentence.is_complete
    assert reader.feed("in the morning.") + reader.finish() == []
    assert sentence.is_complete
    assert sum(map(len, spoken)) > 0
    (word,) = spoken.words
    assert word.text == f"{TEXT}in the morning."


def test_more_text_makes_more_sound(synthesizer):
    reader, _, spoken = begin(synthesizer)
    until_it_waits(spoken)
    reader.feed("and the many birds that came there in the early days of ")
    assert reader.ahead(may_begin=False) == []
    assert not spoken.wants_text
    assert len(until_it_waits(spoken)) > 0


def test_a_sentence_completed_in_time_sounds_like_any_other(synthesizer):
    reader, _, spoken = begin(synthesizer)
    reader.feed("in the morning.")
    reader.finish()
    found = np.concatenate(list(spoken))
    plain = synthesizer.reader()
    (sentence,) = [*plain.feed(f"{TEXT}in the morning."), *plain.finish()]
    expected = np.concatenate(list(synthesizer.speak(sentence, seed=SEED)))
    assert np.array_equal(found, expected)


def test_an_instruction_precedes_the_text_if_the_model_was_trained_so(synthesizer):
    _, _, spoken = begin(synthesizer, instruction="Please speak slowly.")
    early = until_it_waits(spoken)
    is_trained = synthesizer.model.manifest.family == "cosyvoice3"
    assert bool(len(early)) == is_trained


def test_cancel_ends_it(synthesizer):
    cancel = CancelToken()
    _, _, spoken = begin(synthesizer, cancel=cancel)
    next(spoken)
    cancel.cancel()
    with pytest.raises(SynthesisCancelled):
        until_it_waits(spoken)


def test_a_sentence_that_does_not_end_is_cut():
    sampler = AheadSampler(
        Sampling(), np.random.default_rng(0), end_token=50, fill_token=52
    )
    sampler.limits = (3, 5)
    logits = np.zeros(54, np.float32)
    logits[50] = 50
    tokens = [sampler(logits, may_end=True) for _ in range(4)]
    assert max(tokens[:3]) < 50 <= tokens[3]
    logits[50] = -50
    logits[52] = 50
    assert sampler(logits, may_end=False) == 52
    logits[52] = -50
    assert [sampler(logits, may_end=False) < 50 for _ in range(3)] == [1, 1, 0]
