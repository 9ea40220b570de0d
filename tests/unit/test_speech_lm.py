"""Decoding: a batch of sentences, each with its own length, in a cache of its own."""

from __future__ import annotations

import shutil

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from tests.unit.stand_ins import CancelledInside
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import SynthesisCancelled, SynthesisError
from wyoming_cosyvoice.model.speech_lm import SpeechLm
from wyoming_cosyvoice.pack.settings import Precision

pytestmark = pytest.mark.ci

SPEAKER = np.ones(192, np.float32)
TEXTS = [[5], list(range(40, 90)), [7, 8, 9, 10, 11, 12, 13]]
PROMPTS = [list(range(100, 130)), [], [1, 2]]
FORCED = np.random.default_rng(0).integers(0, 4096, (12, 3))


@pytest.fixture(scope="module")
def prefixes(tiny_model):
    return [tiny_model.text_encoder.encode(text, SPEAKER).prefix for text in TEXTS]


def decode(lm, prefixes, prompts, forced):
    """Return the logits before each step and after the last, (n + 1, B, V)."""
    decoding = lm.begin(prefixes, prompts, max_tokens=len(forced))
    found = [decoding.logits.copy()]
    for tokens in forced:
        decoding.step(tokens)
        found.append(decoding.logits.copy())
    return np.stack(found)


def test_a_row_of_a_batch_is_as_if_alone(tiny_model, prefixes):
    lm = tiny_model.speech_lm
    together = decode(lm, prefixes, PROMPTS, FORCED)
    for row in range(3):
        alone = decode(lm, [prefixes[row]], [PROMPTS[row]], FORCED[:, row : row + 1])
        error = np.abs(together[:, row] - alone[:, 0]).max()
        assert error <= 1e-5 * np.abs(alone).max()
    assert np.abs(together[:, 0] - together[:, 1]).max() > 0.1


def test_a_token_read_as_prompt_is_a_token_stepped(tiny_model, prefixes):
    lm, tokens = tiny_model.speech_lm, list(range(50, 60))
    read = lm.begin(prefixes[:1], [tokens], max_tokens=1).logits
    stepped = decode(lm, prefixes[:1], [[]], np.array(tokens)[:, None])[-1]
    assert stepped == pytest.approx(read, abs=1e-5)


def test_long_sentences_get_longer_tables(tiny_model, prefixes):
    lm, tokens = tiny_model.speech_lm, np.arange(300)[:, None]
    stepped = decode(lm, prefixes[:1], [[]], tokens)
    for count in (0, 127, 128, 129, 300):
        read = lm.begin(prefixes[:1], [tokens[:count, 0]], max_tokens=1).logits
        assert stepped[count] == pytest.approx(read, abs=1e-5), count


def test_a_step_writes_one_place_of_the_cache(tiny_model, prefixes):
    decoding = tiny_model.speech_lm.begin(prefixes, PROMPTS, max_tokens=4)
    starts = [p.shape[1] + len(q) for p, q in zip(prefixes, PROMPTS, strict=True)]
    for step in range(4):
        before = {name: array.copy() for name, array in decoding._cache.items()}
        decoding.step(FORCED[step])
        for name, array in decoding._cache.items():
            for row, start in enumerate(starts):
                places = np.arange(array.shape[2])
                untouched = places != start + step
                now, then = array[row], before[name][row]
                assert np.array_equal(now[:, untouched], then[:, untouched])
                assert now[:, start + step].any()


def test_the_cache_has_an_end(tiny_model, prefixes):
    decoding = tiny_model.speech_lm.begin(prefixes[:1], [[]], max_tokens=2)
    decoding.step([1])
    decoding.step([2])
    with pytest.raises(SynthesisError):
        decoding.step([3])


def test_two_sentences_do_not_disturb_each_other(tiny_model, prefixes):
    """As when a slow client's sentence waits while another is spoken."""
    lm = tiny_model.speech_lm
    expected = [
        decode(lm, [prefixes[row]], [PROMPTS[row]], FORCED[:, row : row + 1])
        for row in (0, 1)
    ]
    open_ones = [
        lm.begin([prefixes[row]], [PROMPTS[row]], max_tokens=len(FORCED))
        for row in (0, 1)
    ]
    for step, tokens in enumerate(FORCED, 1):
        for row, decoding in enumerate(open_ones):
            decoding.step([tokens[row]])
            assert np.array_equal(decoding.logits, expected[row][step])


def test_cancel_ends_the_prompt(tiny_model, prefixes):
    with pytest.raises(SynthesisCancelled):
        tiny_model.speech_lm.begin(
            prefixes, PROMPTS, max_tokens=4, cancel=CancelledInside()
        )


def test_cancel_ends_a_step(tiny_model, prefixes):
    token = CancelToken()
    decoding = tiny_model.speech_lm.begin(prefixes, PROMPTS, max_tokens=4, cancel=token)
    decoding.step(FORCED[0])
    token.cancel()
    with pytest.raises(SynthesisCancelled):
        decoding.step(FORCED[1])


class TestGuesses:
    """Tokens that are read before they are said."""

    TOKENS = (5, 6, 7, 8, 9, 10)

    @pytest.fixture
    def runs(self, tiny_model, monkeypatch):
        """Count how often the network runs."""
        stage, found = tiny_model.speech_lm.stage, []

        def run_bound(binding, **more):
            found.append(binding)
            return type(stage).run_bound(stage, binding, **more)

        monkeypatch.setattr(stage, "run_bound", run_bound)
        return found

    def say(self, lm, prefix, drafted):
        """Say the tokens, each with its drafted: the logits after each (n, V)."""
        decoding = lm.begin([prefix], [[]], max_tokens=len(self.TOKENS))
        found = []
        for token, guessed in zip(self.TOKENS, drafted, strict=True):
            decoding.step([token], guessed)
            found.append(decoding.logits[0].copy())
        return np.stack(found)

    @pytest.mark.parametrize(
        ("drafted", "times"),
        [
            ([[]] * 6, 6),
            ([[6, 7, 8, 9, 10], *[[]] * 5], 1),
            ([[6, 7], [], [], [9, 10], [], []], 2),
            ([[6, 99, 8], [], [8, 9, 10], [], [], []], 2),
            ([[99, 98], [97], [96], [95], [94], [93]], 6),
        ],
        ids=["none", "all", "some", "one wrong", "all wrong"],
    )
    def test_the_logits_are_those_without(
        self, tiny_model, prefixes, runs, drafted, times
    ):
        lm = tiny_model.speech_lm
        plain = self.say(lm, prefixes[0], [[]] * 6)
        runs.clear()
        assert self.say(lm, prefixes[0], drafted) == pytest.approx(plain, abs=1e-5)
        assert len(runs) == 1 + times  # the prefix, and steps

    def test_guesses_beyond_the_cache_are_left_out(self, tiny_model, prefixes):
        lm = tiny_model.speech_lm
        plain = self.say(lm, prefixes[0], [[]] * 6)
        drafted = [[]] * 3 + [range(9, 60)] + [[]] * 2
        assert self.say(lm, prefixes[0], drafted) == pytest.approx(plain, abs=1e-5)

    def test_guesses_across_the_end_of_the_tables(self, tiny_model, prefixes):
        lm, tokens = tiny_model.speech_lm, list(range(200))
        plain = decode(lm, prefixes[:1], [[]], np.array(tokens)[:, None])[1:]
        decoding = lm.begin(prefixes[:1], [[]], max_tokens=len(tokens))
        for place, token in enumerate(tokens):
            decoding.step([token], tokens[place + 1 : place + 8])
            assert decoding.logits == pytest.approx(plain[place], abs=1e-5)

    def test_cancel_ends_a_step_that_was_guessed(self, tiny_model, prefixes):
        cancel = CancelToken()
        lm = tiny_model.speech_lm
        decoding = lm.begin(prefixes[:1], [[]], max_tokens=4, cancel=cancel)
        decoding.step([1], [2, 3])
        cancel.cancel()
        with pytest.raises(SynthesisCancelled):
            decoding.step([2])

    def test_a_graph_of_before_there_were_guesses(
        self, tiny_packs, tiny_model, prefixes, tmp_path
    ):
        pack = tiny_packs.pack(Precision.FP32).directory
        for path in pack.glob("speech_lm*"):
            shutil.copyfile(path, tmp_path / path.name)
        path = tmp_path / "speech_lm.onnx"
        model = onnx.load(path, load_external_data=False)
        (wanted,) = (port for port in model.graph.input if port.name == "wanted")
        model.graph.input.remove(wanted)
        one = numpy_helper.from_array(np.ones(1, np.int64), "wanted")
        model.graph.initializer.append(one)
        onnx.save(model, path)
        lm = SpeechLm(tmp_path, threads=1)
        found = self.say(lm, prefixes[0], [[6, 7, 8], *[[]] * 5])
        plain = self.say(tiny_model.speech_lm, prefixes[0], [[]] * 6)
        assert found == pytest.approx(plain, abs=1e-5)


class TestTextEncoder:
    def test_text_is_read_causally(self, tiny_model):
        """So that what is known of a sentence's start stays true."""
        encode = tiny_model.text_encoder.encode
        whole, start = encode(TEXTS[1], SPEAKER), encode(TEXTS[1][:20], SPEAKER)
        assert whole.encoded[:, :20] == pytest.approx(start.encoded, abs=1e-5)

    def test_the_prefix_is_sos_speaker_text_and_task(self, tiny_model):
        encode = tiny_model.text_encoder.encode
        received, unheard = encode([1, 2, 3], SPEAKER), encode([1, 2, 3], None)
        assert received.prefix.shape[1] == 1 + 1 + 3 + 1
        without_speaker = np.delete(received.prefix, 1, axis=1)
        assert unheard.prefix == pytest.approx(without_speaker, abs=1e-5)

    def test_the_length_of_an_embedding_does_not_matter(self, tiny_model):
        encode = tiny_model.text_encoder.encode
        one, ten = encode([1], SPEAKER), encode([1], 10 * SPEAKER)
        assert one.prefix == pytest.approx(ten.prefix, abs=1e-5)
