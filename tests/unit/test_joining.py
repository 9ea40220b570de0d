"""Windows of sound, joined: what is cut differently must sound the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.stand_ins import HOP, EchoVocoder
from wyoming_cosyvoice.model.fade import cross_fade, hamming, smooth
from wyoming_cosyvoice.model.joining import MelJoiner, Stretcher, VocoderStream
from wyoming_cosyvoice.model.noise import SourceNoise

RNG = np.random.default_rng(3)
MEL = RNG.standard_normal((1, 200, 4)).astype(np.float32)


def pieces(mel, rng):
    """Cut a mel at random places; pieces may be empty."""
    cuts = np.sort(rng.integers(0, mel.shape[1] + 1, 6))
    return np.split(mel, cuts, axis=1)


def stream(machine, parts):
    last = len(parts) - 1
    outputs = [machine.push(p, is_last=i == last) for i, p in enumerate(parts)]
    return np.concatenate(outputs, axis=1)


class TestCrossFade:
    @pytest.mark.parametrize("length", [1, 2, 5, 20, 34])
    def test_what_is_the_same_stays_the_same(self, length):
        part = MEL[:, :length]
        assert cross_fade(part, part) == pytest.approx(part, abs=1e-6)

    def test_each_version_is_alone_where_it_knows_more(self):
        falling, rising = smooth(20)
        assert (falling[:5] == 1).all()
        assert (rising[15:] == 1).all()
        assert (np.diff(rising[4:16]) > 0).all()

    def test_the_original_fades_by_the_halves_of_a_hamming_window(self):
        window = np.hamming(10).astype(np.float32)
        zeros, ones = np.zeros((1, 5), np.float32), np.ones((1, 5), np.float32)
        assert cross_fade(zeros, ones, hamming)[0].tolist() == window[:5].tolist()
        assert cross_fade(ones, zeros, hamming)[0].tolist() == window[5:].tolist()

    def test_every_bin_of_a_mel_fades_alike(self):
        earlier, later = RNG.standard_normal((2, 1, 7, 3)).astype(np.float32)
        faded = cross_fade(earlier, later)
        for m in range(3):
            expected = cross_fade(earlier[:, :, m], later[:, :, m])
            assert faded[:, :, m].tolist() == expected.tolist()

    def test_nothing_fades_to_nothing(self):
        nothing = np.zeros((1, 0, 4), np.float32)
        assert cross_fade(nothing, nothing).shape == (1, 0, 4)


class TestMelJoiner:
    def test_shared_frames_are_faded_and_given_once(self):
        joiner = MelJoiner(3)
        first, second, third = MEL[:, :10], MEL[:, 50:58], MEL[:, 80:83]
        found = stream(joiner, [first, second, third])
        expected = [
            first[:, :7],
            cross_fade(first[:, 7:], second[:, :3]),
            second[:, 3:5],
            cross_fade(second[:, 5:], third),
        ]
        assert np.array_equal(found, np.concatenate(expected, axis=1))

    def test_one_window_passes_through(self):
        assert np.array_equal(MelJoiner(34).push(MEL, is_last=True), MEL)

    def test_without_overlap_windows_stand_side_by_side(self):
        found = stream(MelJoiner(0), [MEL[:, :9], MEL[:, 9:]])
        assert np.array_equal(found, MEL)


class TestStretcher:
    SPEEDS = (0.5, 0.8, 0.97, 1.2, 1.5, 2.0)

    @pytest.mark.parametrize("speed", SPEEDS)
    def test_pieces_do_not_matter(self, speed):
        whole = stream(Stretcher(speed), [MEL[:, :1], MEL[:, 1:]])
        assert whole.shape[1] == int(200 / speed)
        for seed in range(20):
            rng = np.random.default_rng(seed)
            found = stream(Stretcher(speed), pieces(MEL, rng))
            assert np.array_equal(found, whole), f"seed {seed}"

    @pytest.mark.parametrize("speed", SPEEDS)
    def test_frames_lie_between_their_neighbours(self, speed):
        found = stream(Stretcher(speed), [MEL[:, :60], MEL[:, 60:]])
        places = (np.arange(found.shape[1]) + 0.5) * speed - 0.5
        for m in range(MEL.shape[2]):
            expected = np.interp(places, np.arange(200), MEL[0, :, m])
            assert found[0, :, m] == pytest.approx(expected, abs=1e-5)

    @pytest.mark.parametrize("speed", SPEEDS)
    @pytest.mark.parametrize("frames", [1, 2, 3, 34, 105])
    def test_one_piece_has_the_length_of_the_original(self, speed, frames):
        found = Stretcher(speed).push(MEL[:, :frames], is_last=True)
        assert found.shape == (1, max(1, int(frames / speed)), 4)

    @pytest.mark.parametrize("speed", SPEEDS)
    def test_frames_come_as_soon_as_they_can(self, speed):
        first = Stretcher(speed).push(MEL[:, :100], is_last=False)
        assert 100 / speed - 2 <= first.shape[1] <= 100 / speed

    def test_speed_one_changes_nothing(self):
        machine = Stretcher(1.0)
        assert machine.push(MEL, is_last=False) is MEL
        assert machine.push(MEL, is_last=True) is MEL

    def test_a_single_frame_in_pieces_is_not_lost(self):
        parts = [MEL[:, :1], MEL[:, 1:1]]
        assert stream(Stretcher(2.0), parts).shape[1] == 1


class CountedNoise:
    def source(self, harmonics, samples):
        return SourceNoise(
            np.zeros(harmonics, np.float32), np.zeros(samples, np.float32)
        )


class TestVocoderStream:
    @pytest.mark.parametrize("again", [0, 1, 20])
    def test_every_frame_becomes_its_samples_once(self, again):
        for seed in range(20):
            vocoder = EchoVocoder()
            machine = VocoderStream(
                vocoder, CountedNoise(), vocoder_overlap_frames=again
            )
            parts = pieces(MEL, np.random.default_rng(seed))
            found = stream(machine, parts)
            assert found.shape == (1, 200 * HOP), f"seed {seed}"

    def test_a_sound_fades_to_itself(self):
        machine = VocoderStream(EchoVocoder(), CountedNoise(), vocoder_overlap_frames=5)
        found = stream(machine, [MEL[:, :60], MEL[:, 60:130], MEL[:, 130:]])
        assert found == pytest.approx(np.repeat(MEL[:, :, 0], HOP, axis=1), abs=1e-6)

    def test_the_original_is_louder_at_its_seams(self):
        machine = VocoderStream(
            EchoVocoder(), CountedNoise(), vocoder_overlap_frames=5, fade=hamming
        )
        found = stream(machine, [MEL[:, :60], MEL[:, 60:130], MEL[:, 130:]])
        expected = np.repeat(MEL[:, :, 0], HOP, axis=1)
        seams = np.r_[55 * HOP : 60 * HOP, 125 * HOP : 130 * HOP]
        differs = np.flatnonzero(found != expected)
        assert differs.size > 0
        assert np.isin(differs, seams).all()
        # The same sound is faded to itself: only the Hamming weights show.
        window = np.hamming(2 * 5 * HOP).astype(np.float32)
        weights = window[: 5 * HOP] + window[5 * HOP :]
        assert found[0, seams[: 5 * HOP]] == pytest.approx(
            expected[0, seams[: 5 * HOP]] * weights, abs=1e-6
        )

    def test_repeated_frames_keep_their_source_during_the_fade(self):
        vocoder = EchoVocoder()
        machine = VocoderStream(vocoder, CountedNoise(), vocoder_overlap_frames=8)
        stream(machine, [MEL[:, :60], MEL[:, 60:130], MEL[:, 130:]])
        (first, _, none), (second, _, known), (_, _, last) = vocoder.asked
        assert none is None
        assert np.array_equal(second[:, :8], first[:, 52:])
        assert known.samples.shape == (1, 6 * HOP)
        assert (known.samples == 1).all()
        assert np.array_equal(known.f0, first[:, 52:58, 1])
        # The echo's pitch is one cycle a frame.
        assert (known.cycles, last.cycles) == (52, 122)

    def test_the_original_keeps_all_of_it_and_restarts(self):
        vocoder = EchoVocoder()
        machine = VocoderStream(
            vocoder, CountedNoise(), vocoder_overlap_frames=8, restarts_source=True
        )
        stream(machine, [MEL[:, :60], MEL[:, 60:130], MEL[:, 130:]])
        known = vocoder.asked[1][2]
        assert known.samples.shape == (1, 8 * HOP)
        assert known.f0.shape == (1, 0)
        assert known.cycles == 0

    def test_pieces_too_short_to_give_anything_are_not_vocoded(self):
        vocoder = EchoVocoder()
        machine = VocoderStream(vocoder, CountedNoise(), vocoder_overlap_frames=20)
        for start in (0, 10):
            part = machine.push(MEL[:, start : start + 10], is_last=False)
            assert part.shape == (1, 0)
        assert not vocoder.asked
        assert machine.push(MEL[:, 20:22], is_last=False).shape == (1, 2 * HOP)
