"""What is done to samples after the model: the same in any pieces, never clipped."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from wyoming_cosyvoice.config import SoundConfig
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.model.prosody import PROSODIES, PitchShaper, with_energy
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.dynamics import Compressor, Denoiser, Limiter
from wyoming_cosyvoice.sound.encoder import FORMATS, Encoder
from wyoming_cosyvoice.sound.loudness import Leveller, measure_lufs
from wyoming_cosyvoice.sound.resampler import Resampler
from wyoming_cosyvoice.sound.shape import Smoother, Trimmer

RATE = 22_050
CEILING = 10 ** (-1 / 20)
ALL = SoundConfig(
    trim=True, loudness_lufs=-16.0, compress=True, denoise=True, smooth=True
)
STAGES = {
    "denoiser": lambda: Denoiser(RATE),
    "compressor": lambda: Compressor(RATE),
    "limiter": lambda: Limiter(RATE),
    "smoother": lambda: Smoother(RATE),
    "trimmer": lambda: Trimmer(RATE),
    "leveller": lambda: Leveller(RATE, -16.0),
    "chain": lambda: Chain(ALL, RATE),
    "resampler": lambda: Resampler(RATE, 16_000),
}


def tone(hertz: float, seconds: float, peak: float = 0.5) -> np.ndarray:
    times = np.arange(round(seconds * RATE)) / RATE
    return (peak * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def speech(seconds: float = 3.0, seed: int = 0) -> np.ndarray:
    """Give bursts of noise with pauses, of the loudness of speech."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 0.15, round(seconds * RATE))
    syllables = np.abs(np.sin(np.arange(len(noise)) / RATE * 2 * np.pi * 2)) ** 2
    return np.clip(noise * syllables, -1, 1).astype(np.float32)


def through(stage, samples, pieces=None):
    sizes = pieces or [len(samples)]
    out, at = [], 0
    for size in sizes:
        out.append(stage.process(samples[at : at + size]))
        at += size
    assert at >= len(samples)
    return np.concatenate([*out, stage.finish()])


@pytest.mark.parametrize("name", STAGES)
def test_result_does_not_depend_on_the_split(name):
    samples = np.concatenate([np.zeros(5000, np.float32), speech(), tone(0, 0.4)])
    whole = through(STAGES[name](), samples)
    rng = np.random.default_rng(1)
    pieces = [0, 1, 3]
    while sum(pieces) < len(samples):
        pieces.append(int(rng.integers(0, 4000)))
    np.testing.assert_allclose(
        through(STAGES[name](), samples, pieces), whole, atol=2e-4
    )


@pytest.mark.parametrize("name", [*STAGES])
def test_nothing_is_lost_but_trimmed_silence(name):
    samples = speech()
    rate = 16_000 if name == "resampler" else RATE
    expected = len(samples) * rate / RATE
    assert len(through(STAGES[name](), samples)) == pytest.approx(
        expected, abs=rate / 50
    )
    assert len(through(STAGES[name](), samples[:0])) == 0


@pytest.mark.parametrize("peak", [0.1, 0.9, 1.0, 3.0, 50.0])
def test_the_limiter_limits_every_peak(peak):
    rng = np.random.default_rng(2)
    samples = (rng.normal(0, 0.2, RATE) * peak).astype(np.float32)
    samples[[0, 100, 101, RATE // 2, -1]] = [peak, -peak, peak, -peak, peak]
    limited = through(Limiter(RATE), samples, [700] * 40)
    assert len(limited) == len(samples)
    assert np.abs(limited).max() <= CEILING + 1e-6
    if np.abs(samples).max() <= CEILING:
        np.testing.assert_allclose(limited, samples, atol=1e-6)


def test_the_whole_chain_never_clips():
    loud = np.clip(speech() * 10, -1, 1)
    out = through(Chain(ALL, RATE), loud, [5000] * 20)
    assert np.abs(out).max() <= CEILING + 1e-6
    for rate in (16_000, 24_000, 48_000):
        # At full scale, new samples between the old ones go beyond it.
        resampled = through(Resampler(RATE, rate), loud, [5000] * 20)
        assert np.abs(resampled).max() <= CEILING + 1e-6


def test_the_default_leaves_samples_as_they_are():
    samples = tone(200, 1.0, peak=1.0)
    np.testing.assert_array_equal(
        through(Resampler(RATE, RATE), through(Chain(SoundConfig(), RATE), samples)),
        samples,
    )


def test_loudness_is_measured_as_the_recommendation_says():
    # EBU Tech 3341: 1 kHz at -23 dBFS in both channels is -23 LUFS, so -26 in one.
    samples = tone(1000, 5, peak=10 ** (-23 / 20))
    assert measure_lufs(samples, RATE) == pytest.approx(-26.0, abs=0.2)
    deep = tone(30, 5, peak=10 ** (-23 / 20))
    assert measure_lufs(deep, RATE) < -30


@pytest.mark.parametrize("factor", [0.2, 0.5, 1.0, 2.0])
def test_the_leveller_reaches_its_target(factor):
    samples = speech(12.0) * np.float32(factor)
    levelled = through(Leveller(RATE, -23.0), samples, [4000] * 80)
    assert measure_lufs(levelled[-5 * RATE :], RATE) == pytest.approx(-23.0, abs=1.0)


def test_the_trimmer_keeps_pauses_and_a_tenth_of_a_second():
    silence = np.zeros(RATE, np.float32)
    word = tone(300, 0.5)
    trimmed = through(
        Trimmer(RATE), np.concatenate([silence, word, silence, word, silence])
    )
    assert len(trimmed) / RATE == pytest.approx(0.1 + 0.5 + 1.0 + 0.5 + 0.1, abs=0.005)
    assert len(through(Trimmer(RATE), silence)) == len(silence)


@pytest.mark.parametrize("pieces", [None, [10_007] * 110])
def test_requested_silence_is_kept(pieces):
    word, silence = tone(300, 0.5), np.zeros(15 * RATE, np.float32)
    samples = np.concatenate([silence, word, silence, word, silence])
    np.testing.assert_array_equal(through(Trimmer(RATE), samples, pieces), samples)


def test_latency_is_a_few_milliseconds():
    """First sound must not be later for having been made even."""
    everything = Chain(ALL, RATE)
    usual = Chain(SoundConfig(), RATE)
    samples = speech(1.0)
    samples[-100:] = 0.1  # not the end, as far as anyone can tell
    assert len(samples) - len(everything.process(samples)) <= 0.017 * RATE
    assert len(usual.process(samples)) == len(samples)
    # A short pause is no reason to wait either.
    assert len(usual.process(np.zeros(RATE // 10, np.float32))) == RATE // 10


def test_a_sentence_is_complete_before_the_next_text_arrives():
    for config in (SoundConfig(), ALL, SoundConfig(trim=False, denoise=True)):
        chain = Chain(config, RATE)
        sentence = np.concatenate([tone(300, 0.5), np.zeros(RATE // 2, np.float32)])
        first = [chain.process(sentence), chain.flush_sentence()]
        assert sum(map(len, first)) == len(sentence)
        second = [chain.process(sentence), chain.finish()]
        kept = 0.6 if config.trim else 1.0
        assert sum(map(len, second)) == pytest.approx(kept * RATE, abs=0.005 * RATE)
        whole = np.concatenate([*first, *second])
        assert np.abs(whole).max() <= CEILING + 1e-6
        # The second sentence begins as if the first had ended in silence: no click.
        assert np.abs(np.diff(whole)).max() <= 1.2 * np.abs(np.diff(first[0])).max()


def test_silence_before_the_first_word_is_not_flushed():
    chain = Chain(SoundConfig(), RATE)
    silence = np.zeros(RATE, np.float32)
    given = [
        chain.process(silence),
        chain.flush_sentence(),
        chain.process(tone(300, 0.5)),
    ]
    assert sum(map(len, given)) == pytest.approx(0.6 * RATE, abs=0.005 * RATE)


def test_the_denoiser_attenuates_pauses_only():
    hiss = np.random.default_rng(3).normal(0, 1e-3, RATE).astype(np.float32)
    word = tone(300, 1.0)
    out = through(Denoiser(RATE), np.concatenate([hiss, word]))
    quieter = np.std(out[RATE // 2 : RATE - 2000]) / np.std(hiss)
    # 60 dB below full scale is 8 dB below the floor, and as much quieter it becomes.
    assert 20 * np.log10(quieter) == pytest.approx(-8, abs=1)
    np.testing.assert_allclose(out[RATE + 4000 :], word[4000:], rtol=1e-2, atol=1e-3)


def test_the_compressor_reduces_the_range():
    quiet, loud = tone(300, 2, peak=0.05), tone(300, 2, peak=0.8)
    out = through(Compressor(RATE), np.concatenate([quiet, loud]))
    before = np.std(loud) / np.std(quiet)
    after = np.std(out[3 * RATE :]) / np.std(out[RATE : 2 * RATE])
    assert after < 0.6 * before


@pytest.mark.parametrize(("hertz", "gain"), [(300, 1.0), (3000, 1.0), (10_000, 0.5)])
def test_the_smoother_softens_high_frequencies_only(hertz, gain):
    samples = tone(hertz, 1)
    out = through(Smoother(RATE), samples)
    assert np.std(out[1000:-1000]) / np.std(samples) == pytest.approx(gain, abs=0.03)


@pytest.mark.parametrize("lufs", [-37, 0, float("nan")])
def test_a_loudness_out_of_range_is_refused(lufs):
    with pytest.raises(ConfigError):
        SoundConfig(loudness_lufs=lufs)


def test_emotions_move_level_and_range_of_the_pitch():
    rng = np.random.default_rng(4)
    f0 = (200 * 2 ** rng.normal(0, 0.2, (1, 400))).astype(np.float32)
    f0[0, 100:150] = 0.0
    voiced = f0 > 10
    for name, prosody in PROSODIES.items():
        shaped = PitchShaper(prosody, 10.0).shape(f0)
        assert (shaped[~voiced] == 0).all(), name
        before, after = np.log(f0[voiced]), np.log(shaped[voiced])
        assert after.mean() - before.mean() == pytest.approx(
            np.log(prosody.level), abs=1e-4
        )
        assert after.std() / before.std() == pytest.approx(prosody.range, abs=1e-3)


def test_windows_of_a_sentence_turn_about_one_middle():
    shaper = PitchShaper(PROSODIES["happy"], 10.0)
    shaper.shape(np.full((1, 50), 200, np.float32))
    moved = shaper.shape(np.full((1, 50), 220, np.float32))
    expected = 200 * 1.1 ** PROSODIES["happy"].range * PROSODIES["happy"].level
    np.testing.assert_allclose(moved, expected, rtol=1e-5)


def test_energy_never_clips():
    samples = tone(200, 0.1, peak=1.0)
    for prosody in PROSODIES.values():
        assert np.abs(with_energy(samples, prosody.energy)).max() <= 1.0
    np.testing.assert_allclose(with_energy(samples, 0.5), samples * 0.5)


def test_a_lead_is_silence_before_the_answer_only():
    chain = Chain(SoundConfig(lead_s=0.5), 1000)
    loud = np.full(100, 0.5, np.float32)
    given = np.concatenate([chain.process(loud), chain.process(loud), chain.finish()])
    assert len(given) == 700
    assert not given[:500].any()
    assert np.array_equal(given[500:], np.full(200, 0.5, np.float32))
    assert chain.cut_samples == -500


@pytest.mark.parametrize("name", ["lead_s", "pause_s", "tail_s"])
@pytest.mark.parametrize("seconds", [-0.1, 5.1])
def test_silence_is_bounded(name, seconds):
    with pytest.raises(ConfigError, match="0 to 5"):
        SoundConfig(**{name: seconds})


def test_a_tail_is_silence_after_an_answer_only():
    chain, loud = Chain(SoundConfig(tail_s=0.25), 1000), np.full(100, 0.5, np.float32)
    assert len(Chain(SoundConfig(tail_s=0.25), 1000).finish()) == 0
    given = [
        chain.process(loud),
        chain.flush_sentence(),
        chain.process(loud),
        chain.finish(),
    ]
    assert [len(samples) for samples in given] == [100, 0, 100, 250]
    assert not given[-1].any()


@pytest.mark.ci
@pytest.mark.parametrize("name", ["mp3", "opus", "flac"])
def test_an_abandoned_encoder_is_freed_silently(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """As by a server that stops while a client of an MP3 leaves."""
    encoder = Encoder(FORMATS[name], 24_000)
    encoder.encode(np.zeros(48_000, np.float32))
    cycle = [encoder]
    cycle.append(cycle)
    del encoder, cycle
    gc.collect()
    assert capfd.readouterr().err == ""
