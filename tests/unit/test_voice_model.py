"""Text tokens to samples: seeds, ends, failures."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.stand_ins import CancelledInside
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import SynthesisCancelled, SynthesisError
from wyoming_cosyvoice.model.flow import FlowPrompt, interpolate, schedule
from wyoming_cosyvoice.model.noise import SeededNoise, SourceNoise
from wyoming_cosyvoice.model.quality import QUALITIES
from wyoming_cosyvoice.model.speakers import Speaker
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.pack.settings import FlowSettings, Precision

SPEAKER = Speaker(np.ones(192, np.float32))
UTTERANCE = Utterance([5, 6, 7], SPEAKER, min_tokens=60, max_tokens=60)


def speak(model, utterance=UTTERANCE, seed=1, cancel=None):
    return list(model.speak(utterance, np.random.default_rng(seed), cancel=cancel))


class TestSeeds:
    @pytest.mark.parametrize("precision", Precision)
    def test_the_same_seed_gives_the_same_sound(self, tiny_packs, precision):
        model = tiny_packs.model(precision)
        first, again = (np.concatenate(speak(model)) for _ in range(2))
        assert np.array_equal(first, again)

    def test_another_seed_gives_another_sound(self, tiny_model):
        first, other = (np.concatenate(speak(tiny_model, seed=s)) for s in (1, 2))
        assert len(first) != len(other) or not np.array_equal(first, other)

    def test_sentences_in_turn_sound_as_one_by_one(self, tiny_model):
        alone = [speak(tiny_model, seed=seed) for seed in (1, 2)]
        streams = [
            tiny_model.speak(UTTERANCE, np.random.default_rng(seed)) for seed in (1, 2)
        ]
        in_turn = list(zip(*streams, strict=True))
        for number, expected in enumerate(alone):
            found = [pieces[number] for pieces in in_turn]
            assert np.array_equal(np.concatenate(found), np.concatenate(expected))

    def test_noise_has_the_right_distribution(self):
        noise = SeededNoise(np.random.default_rng(0))
        initial = noise.flow_noise(300, 80)
        assert initial.shape == (1, 300, 80)
        assert initial.dtype == np.float32
        assert initial.std() == pytest.approx(1, abs=0.02)
        source = noise.source(500, 100_000)
        assert np.abs(source.phase).max() <= np.pi
        assert source.phase.std() == pytest.approx(np.pi / np.sqrt(3), abs=0.2)
        assert source.normal.std() == pytest.approx(1, abs=0.02)


class TestEnd:
    def count(self, model, least, most):
        utterance = replace(UTTERANCE, min_tokens=least, max_tokens=most)
        return len(list(model.decode(utterance, np.random.default_rng(0))))

    @pytest.mark.usefixtures("eager_to_end")
    @pytest.mark.parametrize("least", [0, 1, 17])
    def test_a_sentence_ends_when_it_may(self, tiny_model, least):
        assert self.count(tiny_model, least, 100) == least

    def test_a_model_that_never_ends_is_ended(self, tiny_model, caplog):
        with caplog.at_level(logging.WARNING):
            assert self.count(tiny_model, 25, 25) == 25
        assert "25 speech tokens" in caplog.text

    def test_no_token_is_the_end_token(self, tiny_model):
        tokens = list(tiny_model.decode(UTTERANCE, np.random.default_rng(0)))
        assert max(tokens) < tiny_model.speech_lm.end_token

    @pytest.mark.usefixtures("eager_to_end")
    def test_no_tokens_give_no_pieces(self, tiny_model):
        assert speak(tiny_model, replace(UTTERANCE, min_tokens=0)) == []


class TestFailures:
    def test_logits_that_are_not_finite(self, tiny_model, monkeypatch):
        begin = type(tiny_model.speech_lm).begin

        def broken(*args, **kwargs):
            decoding = begin(*args, **kwargs)
            decoding.logits[0, 7] = np.nan
            return decoding

        monkeypatch.setattr(type(tiny_model.speech_lm), "begin", broken)
        with pytest.raises(SynthesisError, match="logits"):
            speak(tiny_model)

    @pytest.mark.parametrize("wrong", [np.nan, np.inf])
    def test_samples_that_are_not_finite(self, tiny_model, monkeypatch, wrong):
        run = type(tiny_model.vocoder).filter

        def broken(*args, **kwargs):
            samples = run(*args, **kwargs)
            samples[0, 100] = wrong
            return samples

        monkeypatch.setattr(type(tiny_model.vocoder), "filter", broken)
        with pytest.raises(SynthesisError, match="samples"):
            speak(tiny_model)

    def test_a_text_token_that_the_model_has_not(self, tiny_model):
        with pytest.raises(SynthesisError, match="text_encoder"):
            speak(tiny_model, replace(UTTERANCE, text_tokens=[1 << 20]))


class TestCancel:
    def test_before_the_first_piece(self, tiny_model):
        with pytest.raises(SynthesisCancelled):
            speak(tiny_model, cancel=CancelledInside())

    def test_between_pieces(self, tiny_model):
        token = CancelToken()
        pieces = tiny_model.speak(UTTERANCE, np.random.default_rng(0), cancel=token)
        assert next(pieces).size
        token.cancel()
        with pytest.raises(SynthesisCancelled):
            next(pieces)

    @pytest.mark.parametrize("stage", ["flow", "vocoder"])
    def test_inside_a_window(self, tiny_model, stage):
        """No later network is started once the listener has left."""
        token = CancelToken()
        network = {
            "flow": tiny_model.flow._encoder,
            "vocoder": tiny_model.vocoder._f0,
        }[stage]
        run = network.run

        def leave(feeds, *, cancel=None):
            outputs = run(feeds, cancel=cancel)
            token.cancel()
            return outputs

        network.run = leave
        try:
            with pytest.raises(SynthesisCancelled):
                speak(tiny_model, cancel=token)
        finally:
            del network.run


class TestFlow:
    def test_without_guidance_only_one_row_is_computed(self, tiny_model):
        flow = tiny_model.flow
        noise = np.random.default_rng(0).standard_normal((1, flow.frames(30), 80))
        mu, condition = flow.encode(range(30), SPEAKER.prompt, SPEAKER.embedding)
        arguments = noise.astype(np.float32), mu, condition, 0.3
        both = flow.velocity(*arguments)
        alone = flow.velocity(*arguments, is_guided=False)
        assert both.shape[0] == 2
        assert alone.shape[0] == 1
        assert alone[0] == pytest.approx(both[0], abs=1e-5)

    def test_steps_from_a_time_on_are_not_guided(self, tiny_model, monkeypatch):
        flow, rows = tiny_model.flow, []
        estimate = flow._estimate

        def count(mel, condition, time, cancel):
            rows.append(len(condition))
            return estimate(mel, condition, time, cancel)

        monkeypatch.setattr(flow, "_estimate", count)
        mu, condition = flow.encode([1, 2, 3], FlowPrompt(), SPEAKER.embedding)
        noise = np.ones_like(mu)
        settings = FlowSettings(steps=6, guided_until=0.5)
        first = flow.solve(mu, condition, noise, replace(settings, steps=1))
        assert np.array_equal(
            first, flow.solve(mu, condition, noise, FlowSettings(steps=1))
        )
        rows.clear()
        flow.solve(mu, condition, noise, settings)
        assert rows == [2, 2, 2, 2, 1, 1]

    @pytest.mark.parametrize(
        ("name", "rows"), [("original", 20), ("balanced", 10), ("fast", 7)]
    )
    def test_a_quality_computes_so_many_rows(self, name, rows):
        flow = QUALITIES[name].apply(FlowSettings())
        times = schedule(flow.steps)[:-1]
        assert sum(1 + flow.is_guided_at(float(time)) for time in times) == rows

    @pytest.mark.parametrize("name", QUALITIES)
    def test_a_quality_never_adds_work(self, name):
        taught = FlowSettings(steps=2, guidance=0.0, guided_until=0.3)
        assert QUALITIES[name].apply(taught) == taught

    @pytest.mark.parametrize(("guidance", "heat"), [(0.0, 1.0), (0.7, 1.0), (0.7, 0.5)])
    def test_steps_follow_the_velocity(self, tiny_model, guidance, heat):
        """One Euler step is a jump along the velocity at time 0."""
        flow = tiny_model.flow
        shape = (1, flow.frames(30), 80)
        noise = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
        mu, condition = flow.encode(range(30), SPEAKER.prompt, SPEAKER.embedding)
        begin = noise * np.float32(heat)
        with_, without = flow.velocity(begin, mu, condition, 0.0)
        expected = begin + (1 + guidance) * with_ - guidance * without
        mel = flow.solve(mu, condition, noise, FlowSettings(1, guidance, heat))
        assert mel[0] == pytest.approx(expected[0], abs=1e-4)

    def test_times_go_from_zero_to_one_faster_and_faster(self):
        times = schedule(10)
        assert times.dtype == np.float32
        assert times[0] == 0
        assert times[-1] == pytest.approx(1)
        assert times == pytest.approx(1 - np.cos(np.arange(11) * np.pi / 20), abs=1e-6)

    @pytest.mark.parametrize(("size", "count"), [(20, 34), (34, 20), (1, 5), (7, 7)])
    def test_interpolation_is_that_of_pixels(self, size, count):
        left, right, fraction = interpolate(size, count)
        places = (np.arange(count) + 0.5) * size / count - 0.5
        expected = np.interp(places, np.arange(size), np.arange(size))
        found = left + (right - left) * fraction
        assert found == pytest.approx(expected, abs=1e-5)
        assert left.min() >= 0
        assert right.max() < size


class TestSource:
    def test_voiced_frames_sing_and_others_hiss(self, tiny_model):
        vocoder = tiny_model.vocoder
        hop, rate = vocoder.settings.hop, vocoder.settings.sample_rate
        f0 = np.repeat(np.array([[200.0, 0.0]], np.float32), 40, axis=1)
        noise = SeededNoise(np.random.default_rng(0)).source(9, 80 * hop)
        source = vocoder.make_source(f0, noise)[0]
        assert source.shape == (80 * hop,)
        song, hiss = np.split(source - np.tanh(vocoder.settings.offset), 2)

        def tonality(sound):
            """How much of the energy lies at multiples of 200 Hz."""
            power = np.square(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))))
            hertz = np.fft.rfftfreq(len(sound), 1 / rate)
            near = np.abs(hertz / 200 - np.round(hertz / 200)) * 200 < 10
            near &= (hertz > 100) & (hertz < 9.5 * 200)
            return power[near].sum() / power.sum()

        assert tonality(song) > 0.9
        assert tonality(hiss) < 0.2

    def test_the_phase_of_the_source_continues(self, tiny_model):
        vocoder = tiny_model.vocoder
        f0 = np.linspace(180, 230, 60, dtype=np.float32)[None]
        phase = np.random.default_rng(0).uniform(-3, 3, 9).astype(np.float32)
        hop = vocoder.settings.hop

        def source(begin, end, before):
            noise = SourceNoise(phase, np.zeros((end - begin) * hop, np.float32))
            return vocoder.make_source(f0[:, begin:end], noise, before=before)

        cycles = vocoder.count_cycles(f0)
        assert cycles[60] == pytest.approx(f0.sum() * hop / 22050)
        whole = source(0, 60, 0.0)
        parts = [source(0, 25, 0.0), source(25, 60, cycles[25])]
        assert np.concatenate(parts, axis=1) == pytest.approx(whole, abs=1e-5)
        assert source(25, 60, 0.0) != pytest.approx(parts[1], abs=1e-2)

    def test_harmonics_start_where_they_start_once_in_a_sentence(self):
        noise = SeededNoise(np.random.default_rng(0))
        first, second = (noise.source(9, 100) for _ in range(2))
        assert np.array_equal(first.phase, second.phase)
        assert not np.array_equal(first.normal, second.normal)
        other = SeededNoise(np.random.default_rng(1)).source(9, 100)
        assert not np.array_equal(first.phase, other.phase)
