"""Sentences that are decoded in one step: each as if alone, whoever comes and goes."""

from __future__ import annotations

import gc
import itertools

import numpy as np
import pytest

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import SynthesisCancelled, SynthesisError
from wyoming_cosyvoice.model.shared_decoding import SharedDecoding
from wyoming_cosyvoice.model.shared_speech import MAX_BATCH
from wyoming_cosyvoice.model.speakers import Speaker
from wyoming_cosyvoice.model.utterance import Utterance

SPEAKER = np.ones(192, np.float32)
# Texts, prompts and lengths that differ; the last one is longer than a cache's steps.
SENTENCES = [
    ([5], list(range(100, 130)), 9),
    (list(range(40, 90)), [], 25),
    ([7, 8, 9], [1, 2], 14),
    (list(range(20, 30)), [], 3),
    ([300, 301], list(range(60)), 40),
    ([11], [], 470),
]


class TokenSampler:
    """The likeliest token, so many times; notes the logits that it saw."""

    def __init__(self, count):
        self.count = count
        self.seen = []

    def choose(self, logits):
        if len(self.seen) == self.count:
            return None
        self.seen.append(logits.copy())
        return int(logits[:-1].argmax())


class Company:
    """Sentences of one model that may be decoded together."""

    def __init__(self, model):
        self.model = model
        self.shared = SharedDecoding(model.speech_lm)

    def prompt(self, number):
        text, prompt, _ = SENTENCES[number]
        return self.model.text_encoder.encode(text, SPEAKER).prefix, tuple(prompt)

    def open(self, number, *, chooser=None, cancel=None):
        count = SENTENCES[number][2]
        chooser = chooser or TokenSampler(count)
        row = self.shared.open(
            lambda: self.prompt(number),
            chooser.choose,
            max_tokens=count,
            cancel=cancel,
        )
        return row, chooser

    def alone(self, number):
        prefix, prompt = self.prompt(number)
        count = SENTENCES[number][2]
        decoding = self.model.speech_lm.begin([prefix], [prompt], max_tokens=count)
        chooser, tokens = TokenSampler(count), []
        while (token := chooser.choose(decoding.logits[0])) is not None:
            tokens.append(token)
            decoding.step([token])
        return tokens, chooser.seen


@pytest.fixture
def company(tiny_model):
    return Company(tiny_model)


def check(company, number, tokens, chooser):
    expected, logits = company.alone(number)
    assert tokens == expected
    for seen, wanted in zip(chooser.seen, logits, strict=True):
        assert np.abs(seen - wanted).max() <= 1e-5 * np.abs(wanted).max()


def test_rows_that_come_and_go_are_as_if_alone(company):
    opened = {number: company.open(number) for number in range(len(SENTENCES))}
    found = {number: [] for number in opened}
    # One more sentence joins at each second token of those that came before.
    for step in itertools.count():
        present = [n for n in found if n <= step // 2]
        for number in present:
            found[number] += itertools.islice(opened[number][0], 1)
        if all(len(found[n]) == SENTENCES[n][2] for n in found):
            break
    for number, (row, chooser) in opened.items():
        assert list(row) == []
        check(company, number, found[number], chooser)
    assert company.shared.rows == 0


def test_who_was_prepared_is_decoded_by_the_steps_of_others(company):
    first, _ = company.open(1)
    other, chooser = company.open(2)
    assert other.prepare(most=8)
    list(first)
    assert len(chooser.seen) == SENTENCES[2][2]
    assert company.shared.rows == 0
    check(company, 2, list(other), chooser)


def test_a_full_batch_accepts_only_the_sentence_whose_turn_it_is(company):
    rows = [company.open(number)[0] for number in range(3)]
    assert [row.prepare(most=2) for row in rows] == [True, True, False]
    assert len(list(rows[2])) == SENTENCES[2][2]


def test_one_that_fails_leaves_the_others_alone(company):
    class Failing(TokenSampler):
        def choose(self, logits):
            if len(self.seen) == 2:
                raise SynthesisError("The logits are not finite.")
            return super().choose(logits)

    good, chooser = company.open(1)
    bad, _ = company.open(2, chooser=Failing(14))
    bad.prepare(most=8)
    check(company, 1, list(good), chooser)
    assert [next(bad), next(bad)]
    with pytest.raises(SynthesisError, match="not finite"):
        next(bad)


def test_cancel_frees_the_row_within_a_step(company):
    token = CancelToken()
    good, chooser = company.open(1)
    other, _ = company.open(4, cancel=token)
    other.prepare(most=8)
    tokens = [next(good)]
    assert company.shared.rows == 2
    token.cancel()
    tokens.append(next(good))
    assert company.shared.rows == 1
    with pytest.raises(SynthesisCancelled):
        next(other)
    check(company, 1, [*tokens, *good], chooser)


def test_close_frees_the_row_at_once(company):
    row, _ = company.open(1)
    next(row)
    row.close()
    assert company.shared.rows == 0
    assert list(row) == []


def test_who_is_forgotten_leaves(company):
    good, chooser = company.open(1)
    other, _ = company.open(4)
    other.prepare(most=8)
    del other
    gc.collect()
    check(company, 1, list(good), chooser)
    assert company.shared.rows == 0


def test_a_network_that_fails_ends_all_rows(company, monkeypatch):
    def fail(*_, **__):
        raise SynthesisError("The network speech_lm failed.")

    rows = [company.open(number)[0] for number in (1, 2)]
    for row in rows:
        row.prepare(most=8)
    monkeypatch.setattr(company.model.speech_lm.stage, "run_bound", fail)
    for row in rows:
        assert next(row) >= 0
        with pytest.raises(SynthesisError, match="speech_lm"):
            next(row)
    assert company.shared.rows == 0


class TestModel:
    UTTERANCE = Utterance([5, 6, 7], Speaker(SPEAKER), min_tokens=60, max_tokens=60)

    def test_in_no_company_it_speaks_as_alone(self, tiny_model):
        rngs = [np.random.default_rng(1) for _ in range(2)]
        alone = list(tiny_model.speak(self.UTTERANCE, rngs[0]))
        shared = tiny_model.speak_together(self.UTTERANCE, rngs[1])
        assert shared is not None
        assert np.array_equal(np.concatenate(list(shared)), np.concatenate(alone))

    def test_only_so_many_begin_early(self, tiny_model):
        many = [
            tiny_model.speak_together(self.UTTERANCE, np.random.default_rng(seed))
            for seed in range(MAX_BATCH + 1)
        ]
        begun = [speech.prepare() for speech in many if speech is not None]
        assert begun == [True] * MAX_BATCH + [False]
        assert tiny_model.max_batch == MAX_BATCH
        for speech in many:
            assert speech is not None
            speech.close()
