"""Emotions by prosody, measured: in the source of the vocoder and in the sound.

A tiny random model has a pitch that can be followed exactly, and no words. Of a trained
pack, EMOTION_PACK or else the starter, the audio itself is measured.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.support.pitch import pitch_of
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.prosody import PROSODIES
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.utterance import Settings
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.text import Sentence
from wyoming_cosyvoice.voices import find_voice

SENTENCE = Sentence("Hello!", "Hello!", "en", min_speech_s=2.0, max_speech_s=2.0)
TRAINED = Path(os.environ.get("EMOTION_PACK", STARTER_DIR))
UP, DOWN = 1, -1
DIRECTIONS = {"happy": UP, "sad": DOWN, "angry": UP}
"""Level, range, rate and energy all go the same way."""


@dataclass
class Measured:
    """Of one sentence: pitch in Hz, length in seconds, loudness as a factor."""

    f0: np.ndarray
    seconds: float
    rms: float

    @property
    def level(self):
        return float(np.exp(np.log(self.f0).mean()))

    @property
    def range(self):
        return float(np.log(self.f0).std())


def ratios(emotional, neutral, at_its_pace):
    """Return how level, range, rate and energy were moved.

    Pitch and energy are compared at the same pace, so of the very same mel.
    """
    return {
        "level": emotional.level / at_its_pace.level,
        "range": emotional.range / at_its_pace.range,
        "rate": neutral.seconds / emotional.seconds,
        "energy": emotional.rms / at_its_pace.rms,
    }


@pytest.fixture(scope="module", params=[None, Windows()], ids=["whole", "windows"])
def synthesizer(request, tiny_packs):
    pack = tiny_packs.pack(Precision.FP32)
    settings = Settings(pack.manifest.flow, request.param)
    return PackSynthesizer.open(pack, SynthesizerOptions(threads=1, settings=settings))


@pytest.fixture
def measure(synthesizer, monkeypatch):
    """Return a function that speaks and says what came out."""
    vocoder = synthesizer.model.vocoder
    make_source = vocoder.make_source
    pitches = []

    def listen(f0, noise, *, before):
        pitches.append(f0[0])
        return make_source(f0, noise, before=before)

    monkeypatch.setattr(vocoder, "make_source", listen)

    def speak(**manner):
        pitches.clear()
        samples = np.concatenate(list(synthesizer.speak(SENTENCE, seed=5, **manner)))
        f0 = np.concatenate(pitches)
        voiced = f0 > vocoder.settings.voiced_above_hz
        assert voiced.sum() > 100
        return Measured(
            f0[voiced], len(samples) / synthesizer.sample_rate, np.std(samples)
        )

    return speak


@pytest.mark.parametrize("emotion", DIRECTIONS)
def test_an_emotion_moves_the_sound_as_stated(measure, emotion):
    stated = PROSODIES[emotion]
    moved = ratios(measure(emotion=emotion), measure(), measure(speed=stated.rate))
    for name, ratio in moved.items():
        amount = getattr(stated, name)
        assert (ratio - 1) * DIRECTIONS[emotion] > 0.02, name
        # The filter answers to another pitch with another loudness of its own.
        within = 0.15 if name == "energy" else 0.03
        assert ratio == pytest.approx(amount, rel=within), name


def test_neutral_is_the_voice_as_it_is(measure):
    plain, neutral = measure(), measure(emotion="neutral")
    assert np.array_equal(plain.f0, neutral.f0)
    assert (plain.seconds, plain.rms) == (neutral.seconds, neutral.rms)


# The audible effect in a trained model


def test_the_pitch_of_a_tone_is_found():
    times = np.arange(22_050) / 22_050
    for hertz in (90, 150, 240, 380):
        tone = sum(np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 8))
        assert np.median(pitch_of(tone, 22_050)) == pytest.approx(hertz, rel=0.05)


@pytest.mark.slow
@pytest.mark.skipif(not (TRAINED / MANIFEST).is_file(), reason="no trained pack")
@pytest.mark.parametrize("emotion", DIRECTIONS)
def test_a_trained_voice_changes_audibly(emotion):
    pack = Pack.open(TRAINED)
    # In one window, the same seed says the same words at any pace.
    settings = Settings(pack.manifest.flow, None)
    synthesizer = PackSynthesizer.open(
        pack, SynthesizerOptions(threads=1, settings=settings)
    )

    def listen(text, name, **manner):
        voice = find_voice(synthesizer.voices, name)
        reader = synthesizer.reader(voice=voice)
        pieces = [
            samples
            for sentence in [*reader.feed(text), *reader.finish()]
            for samples in synthesizer.speak(sentence, voice=voice, seed=1, **manner)
        ]
        samples = np.concatenate(pieces)
        rate = synthesizer.sample_rate
        f0 = pitch_of(samples, rate)
        low, high = np.percentile(f0, (10, 90))  # without octave errors
        return Measured(
            f0[(f0 >= low) & (f0 <= high)], len(samples) / rate, np.std(samples)
        )

    stated = PROSODIES[emotion]
    text = "The light in the living room is on, and the washing machine has finished."
    for voice in synthesizer.voices:
        if not voice.speaks("en"):
            continue
        moved = ratios(
            listen(text, voice.id, emotion=emotion),
            listen(text, voice.id),
            listen(text, voice.id, speed=stated.rate),
        )
        for name, ratio in moved.items():
            assert (ratio - 1) * DIRECTIONS[emotion] > 0, (voice.id, name)
            within = 0.1 if name in ("level", "rate") else 0.3
            assert ratio == pytest.approx(getattr(stated, name), rel=within), name
