"""Which token is drawn, and how often."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from wyoming_cosyvoice.errors import SynthesisError
from wyoming_cosyvoice.model.sampling import log_softmax, nucleus, sample
from wyoming_cosyvoice.pack.settings import Sampling

SHARES = np.array([0.4, 0.3, 0.15, 0.1, 0.05], np.float32)
LOGITS = np.log(SHARES)
NEVER = Sampling(top_p=1.0, top_k=5, repetition=2.0)
WIDE = Sampling(top_p=1.0, top_k=8, repetition=2.0)
END = 4


def draw(logits, sampling, *, history=(), may_end=True, times=1, seed=0):
    rng = np.random.default_rng(seed)
    return [
        sample(
            logits,
            list(history),
            sampling,
            rng,
            end_token=END,
            may_end=may_end,
        )
        for _ in range(times)
    ]


def shares(tokens):
    counts = Counter(tokens)
    return [counts[token] / len(tokens) for token in range(5)]


class TestDistribution:
    def test_tokens_come_as_often_as_they_are_likely(self):
        found = shares(draw(LOGITS, NEVER, times=20_000))
        assert found == pytest.approx(SHARES, abs=0.015)

    def test_logits_need_no_norm(self):
        assert draw(LOGITS + 100, NEVER, times=50) == draw(LOGITS, NEVER, times=50)

    def test_only_the_nucleus_is_drawn_from(self):
        found = shares(draw(LOGITS, Sampling(0.6, 5, repetition=2.0), times=20_000))
        assert found == pytest.approx([4 / 7, 3 / 7, 0, 0, 0], abs=0.015)

    def test_at_most_top_k_tokens(self):
        found = shares(draw(LOGITS, Sampling(1.0, 1, repetition=2.0), times=200))
        assert found == [1, 0, 0, 0, 0]

    def test_the_end_waits_until_it_may_come(self):
        ending = np.array([0, 0, 0, 0, 9], np.float32)
        assert draw(ending, NEVER, times=5) == [END] * 5
        assert END not in draw(ending, NEVER, may_end=False, times=500)

    def test_an_end_that_may_not_come_leaves_the_nucleus_as_small(self):
        logits = np.log(np.array([0.2, 0.15, 0.1, 0.05, 0.5], np.float32))
        settings = Sampling(0.6, 5, repetition=2.0)
        found = draw(logits, settings, may_end=False, times=500)
        assert set(found) == {0, 1}

    def test_a_fill_may_come_while_the_end_may_not(self):
        logits = np.zeros(8, np.float32)
        rng = np.random.default_rng(0)
        marks = {"end_token": END, "may_end": False, "fill_token": 6}
        found = {sample(logits, [], WIDE, rng, **marks) for _ in range(200)}
        assert found == {0, 1, 2, 3, 6}

    def test_a_seed_decides(self):
        first, again, other = (draw(LOGITS, NEVER, times=60, seed=s) for s in (1, 1, 2))
        assert first == again
        assert first != other

    def test_logits_are_left_alone(self):
        logits = LOGITS.copy()
        draw(logits, Sampling(repetition=0.1), history=[0] * 10, may_end=False)
        assert logits.tolist() == LOGITS.tolist()


class TestNucleus:
    @pytest.mark.parametrize(
        ("top_p", "expected"),
        [(0.3, [0]), (0.41, [0, 1]), (0.84, [0, 1, 2]), (1.0, [0, 1, 2, 3, 4])],
    )
    def test_it_ends_when_the_sum_is_reached(self, top_p, expected):
        tokens, probabilities = nucleus(log_softmax(LOGITS), Sampling(top_p, 25))
        assert tokens.tolist() == expected
        assert probabilities == pytest.approx(SHARES[expected])

    def test_ties_go_to_the_smaller_token(self):
        tokens, _ = nucleus(log_softmax(np.zeros(300, np.float32)), Sampling(1.0, 25))
        assert tokens.tolist() == list(range(25))

    @pytest.mark.parametrize("top_k", [5, 6, 1000])
    def test_top_k_may_exceed_the_vocabulary(self, top_k):
        tokens, _ = nucleus(log_softmax(LOGITS), Sampling(1.0, top_k))
        assert tokens.tolist() == [0, 1, 2, 3, 4]

    def test_most_likely_first_in_any_order(self):
        order = np.random.default_rng(0).permutation(5)
        tokens, _ = nucleus(log_softmax(LOGITS[order]), Sampling(1.0, 25))
        assert order[tokens].tolist() == [0, 1, 2, 3, 4]


class TestRepetition:
    SURE = np.array([8, 0, 0, 0, 0], np.float32)

    @pytest.mark.parametrize(
        ("repetition", "count", "is_redrawn"),
        [(0.1, 0, False), (0.1, 1, True), (0.3, 2, False), (0.3, 3, True)],
    )
    def test_a_share_of_the_window_redraws(self, repetition, count, is_redrawn):
        sampling = Sampling(1.0, 1, window=10, repetition=repetition)
        history = [0] * count + [1] * (10 - count)
        found = draw(self.SURE, sampling, history=history, times=50)
        # What is redrawn comes from all other tokens, also those outside the nucleus.
        assert set(found) == ({1, 2, 3, 4} if is_redrawn else {0})

    def test_only_the_window_counts(self):
        sampling = Sampling(1.0, 1, window=10, repetition=0.1)
        assert draw(self.SURE, sampling, history=[0] + [1] * 10) == [0]
        assert draw(self.SURE, sampling, history=[0] + [1] * 9) != [0]

    def test_above_one_it_never_redraws(self):
        sampling = Sampling(1.0, 1, window=10, repetition=1.1)
        assert draw(self.SURE, sampling, history=[0] * 30, times=20) == [0] * 20

    def test_a_redraw_does_not_end_before_it_may(self):
        sampling = Sampling(1.0, 1, window=10, repetition=0.1)
        found = draw(self.SURE, sampling, history=[0], may_end=False, times=200)
        assert set(found) == {1, 2, 3}


def test_log_softmax_survives_large_logits():
    logits = np.array([[1e4, 0, -1e4], [0, 0, 0]], np.float32)
    found = log_softmax(logits)
    assert found.dtype == np.float32
    assert found[0].tolist() == [0, -1e4, -2e4]
    assert found[1] == pytest.approx(np.log([1 / 3] * 3))


class TestAllowed:
    """The tokens that an alignment allows are drawn from as from the vocabulary."""

    @pytest.mark.parametrize("top_p", [0.3, 0.5, 0.84, 1.0])
    @pytest.mark.parametrize("size", [2, 8, 16, 104])
    def test_the_same_tokens_as_from_the_nucleus(self, size, top_p):
        sampling, allowed = Sampling(top_p, 25), np.arange(size) * 3
        for seed in range(50):
            logits = np.random.default_rng(seed).normal(0, 3, 400).astype(np.float32)
            whole = np.full(400, -1e9, np.float32)
            whole[allowed] = logits[allowed]
            one, other = np.random.default_rng(seed), np.random.default_rng(seed)
            drawn = sample(
                logits, [], sampling, one, end_token=400, may_end=True, allowed=allowed
            )
            never = Sampling(top_p, 25, repetition=2.0)
            expected = sample(whole, [], never, other, end_token=400, may_end=True)
            assert drawn == expected

    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_what_is_not_finite(self, value):
        for place in range(3):
            logits = np.zeros(3, np.float32)
            logits[place] = value
            with pytest.raises(SynthesisError, match="not finite"):
                sample(
                    logits,
                    [],
                    NEVER,
                    np.random.default_rng(0),
                    end_token=END,
                    may_end=True,
                    allowed=np.arange(3),
                )
