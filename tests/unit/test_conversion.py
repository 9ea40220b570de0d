"""Voice conversion: a recording in pieces, said in another voice by every family."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from models.random import later_layout, layout
from models.random.make_checkpoint import write_release
from tests.support.recordings import wav
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.errors import (
    BadRecording,
    ModelUnsupported,
    SynthesisCancelled,
)
from wyoming_cosyvoice.features.source import (
    MAX_SOURCE_S,
    RATE_HZ,
    cut_where_quiet,
    read_source,
)
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.cloning import tokenize_once
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

pytestmark = pytest.mark.ci

RELEASES = {
    "cosyvoice": layout.TINY,
    "cosyvoice2": later_layout.TINY_2,
    "cosyvoice3": later_layout.TINY_3,
}


def file_of(samples, rate=RATE_HZ):
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="FLAC")
    return file.getvalue()


def noise(seconds, rate=RATE_HZ):
    rng = np.random.default_rng(5)
    return rng.uniform(-0.5, 0.5, round(seconds * rate)).astype(np.float32)


class TestSource:
    def test_a_short_recording_is_one_piece(self):
        (piece,) = read_source(wav(2.0))
        assert piece.max_speech_s == pytest.approx(2.0, abs=0.001)
        assert piece.language is None

    def test_nothing_of_it_is_left_out_or_made_louder(self):
        samples = noise(2.0)
        (piece,) = read_source(file_of(samples))
        assert np.abs(piece.samples_16k - samples).max() < 1e-4

    def test_long_recordings_are_cut_where_they_are_quiet(self):
        samples = noise(70.0)
        pauses = [(21.0, 21.4), (44.0, 44.4)]
        for start, stop in pauses:
            samples[round(start * RATE_HZ) : round(stop * RATE_HZ)] *= 0.01
        parts = cut_where_quiet(samples)
        assert np.array_equal(np.concatenate(parts), samples)
        cuts = np.cumsum([len(part) for part in parts])[:-1] / RATE_HZ
        assert all(a < cut < b for cut, (a, b) in zip(cuts, pauses, strict=True))

    @pytest.mark.parametrize("seconds", [29.9, 30.0, 30.01, 30.5, 31.0, 61.0])
    def test_no_piece_is_too_long_or_too_short(self, seconds):
        parts = cut_where_quiet(noise(seconds))
        assert sum(map(len, parts)) == round(seconds * RATE_HZ)
        assert all(0.9 * RATE_HZ <= len(part) <= 30 * RATE_HZ for part in parts)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "unknown"),
            (b"RIFF\0\0\0\0WAVE", "damaged"),
            (file_of(noise(0.3)), "at least 0.5 s"),
            (file_of(np.zeros(RATE_HZ)), "silent"),
            (file_of(noise(MAX_SOURCE_S + 1, 8_000), 8_000), "longer than 600 s"),
        ],
        ids=["empty", "cut", "short", "silent", "long"],
    )
    def test_what_cannot_be_converted_is_named(self, content, reason):
        with pytest.raises(BadRecording, match=reason):
            read_source(content)


@pytest.fixture(scope="module", params=RELEASES)
def synthesizer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    write_release(folder / "release", RELEASES[request.param])
    pack = convert(folder / "release", folder / "pack")
    return PackSynthesizer.open(pack, SynthesizerOptions(threads=1))


def pieces_of(synthesizer, content):
    reader = synthesizer.source_reader(content)
    assert (reader.feed(""), reader.pause()) == ([], [])
    return reader.finish()


class TestConvert:
    def test_the_flow_speaks_the_tokens_of_the_tokenizer(self, synthesizer):
        (piece,) = pieces_of(synthesizer, wav(2.5))
        voice = synthesizer.voices[0]
        found = np.concatenate(list(synthesizer.convert(piece, voice=voice, seed=3)))
        model = synthesizer.model
        tokens = tokenize_once(model.pack, 1, piece.samples_16k)[0].tolist()
        speaker = synthesizer._voices[voice.id].neutral
        spoken = Utterance((), speaker, min_tokens=0, max_tokens=0)
        rng = np.random.default_rng(3)
        expected = np.concatenate(list(model.sound(tokens, spoken, rng)))
        count = min(len(found), len(expected))
        assert count > 2 * model.manifest.sample_rate
        assert np.array_equal(found[:count], expected[:count])
        assert np.abs(found).max() > 0

    def test_it_takes_as_long_as_the_recording(self, synthesizer):
        for seconds in (0.7, 2.013):
            (piece,) = pieces_of(synthesizer, wav(seconds))
            count = sum(map(len, synthesizer.convert(piece, seed=1)))
            assert count == round(piece.max_speech_s * synthesizer.sample_rate)

    def test_sound_comes_in_pieces(self, synthesizer):
        (piece,) = pieces_of(synthesizer, wav(5.0))
        assert len(list(synthesizer.convert(piece, seed=1))) > 2

    def test_another_voice_sounds_otherwise(self, synthesizer):
        (piece,) = pieces_of(synthesizer, wav(2.0))
        one, two = (
            np.concatenate(list(synthesizer.convert(piece, voice=voice, seed=1)))
            for voice in synthesizer.voices[:2]
        )
        assert not np.array_equal(one, two)

    def test_cancel_ends_it(self, synthesizer):
        (piece,) = pieces_of(synthesizer, wav(2.0))
        token = CancelToken()
        token.cancel()
        with pytest.raises(SynthesisCancelled):
            list(synthesizer.convert(piece, cancel=token))


def test_a_model_without_a_tokenizer_is_reported():
    starter = PackSynthesizer.open(Pack.open(STARTER_DIR))
    with pytest.raises(ModelUnsupported, match="cannot clone") as refusal:
        starter.source_reader(wav())
    assert "fetch cosyvoice-300m" in refusal.value.remedy
