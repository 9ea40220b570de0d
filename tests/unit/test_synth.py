"""From a sentence to samples, with a tiny real model."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.errors import BadParameter, ModelUnsupported, SynthesisCancelled
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.speakers import Speaker
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.front_end import FrontEnd
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.style import Manner
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.synth.utterances import MAX_SENTENCE_S, utterance_of
from wyoming_cosyvoice.synth.voice_table import VoiceSpeakers
from wyoming_cosyvoice.text import Sentence
from wyoming_cosyvoice.voices import Voice, find_voice

VOICE = Voice("", "", "", "", ())
HELLO = Sentence("Hello!", "Hello!", "en", min_speech_s=0.4, max_speech_s=1.0)


@pytest.fixture(scope="module")
def synthesizer(tiny_pack):
    return PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))


@pytest.fixture
def received(synthesizer, monkeypatch):
    """Collect the utterances that reach the networks, which then say nothing."""
    utterances = []

    def speak(utterance, rng, *, cancel=None):
        utterances.append(utterance)
        return iter(())

    monkeypatch.setattr(synthesizer._model, "speak", speak)
    return utterances


def say(synthesizer, sentence=HELLO, **options):
    options = {"seed": 1, **options}
    if "voice" in options:
        options["voice"] = find_voice(synthesizer.voices, options["voice"])
    return list(synthesizer.speak(sentence, **options))


def test_text_becomes_samples(synthesizer):
    reader = synthesizer.reader(text_format="text", voice=None, language=None)
    sentences = [*reader.feed("Hello there. How are "), *reader.feed("you?")]
    sentences += reader.finish()
    text = " ".join(sentence.source for sentence in sentences)
    assert text == "Hello there. How are you?"
    for sentence in sentences:
        segment = synthesizer.speak(sentence, seed=1)
        samples = np.concatenate(list(segment))
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        seconds = len(samples) / synthesizer.sample_rate - segment.pause_s
        assert sentence.min_speech_s - 0.1 <= seconds <= sentence.max_speech_s + 0.1


def test_it_has_the_rate_and_the_voices_of_its_pack(synthesizer):
    assert synthesizer.sample_rate == 22050
    assert len(synthesizer.voices) == 7
    assert synthesizer.voices[0].id == "zh-female"


def test_only_who_gives_no_seed_is_decoded_in_company(synthesizer):
    assert synthesizer.max_batch > 1
    seeded, free = (synthesizer.speak(HELLO, seed=seed) for seed in (1, None))
    assert [seeded.prepare(), free.prepare()] == [False, True]
    assert np.concatenate(list(free)).size
    free.close()


def test_a_seed_decides(synthesizer):
    first, again, other = (
        np.concatenate(say(synthesizer, seed=seed)) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_without_a_seed_no_two_are_alike(synthesizer):
    first, other = (np.concatenate(say(synthesizer, seed=None)) for _ in range(2))
    assert not np.array_equal(first, other)


def test_a_pause_follows(synthesizer, received):
    pieces = say(synthesizer, replace(HELLO, pause_s=0.5))
    assert [len(piece) for piece in pieces] == [11025]
    assert not pieces[0].any()


class TestUtterance:
    def test_length_follows_the_sentence(self, synthesizer, received):
        say(synthesizer, replace(HELLO, min_speech_s=0.5, max_speech_s=2.5))
        assert (received[0].min_tokens, received[0].max_tokens) == (25, 125)

    def test_no_sentence_is_longer_than_the_cap(self, synthesizer, received):
        say(synthesizer, replace(HELLO, min_speech_s=500, max_speech_s=900))
        most = MAX_SENTENCE_S * 50
        assert (received[0].min_tokens, received[0].max_tokens) == (most, most)

    @pytest.mark.parametrize(
        ("speed", "rate", "expected"),
        [(1, 1, 1), (1.5, 1, 1.5), (1.2, 1.25, 1.5), (2, 2, 2), (0.5, 0.5, 0.5)],
    )
    def test_speeds_multiply_within_range(
        self, synthesizer, received, speed, rate, expected
    ):
        say(synthesizer, replace(HELLO, rate=rate), speed=speed)
        assert received[0].speed == pytest.approx(expected)

    def test_the_voice_of_markup_wins(self, synthesizer, received):
        say(synthesizer, replace(HELLO, voice="ja-male"), voice="en-female")
        assert received[0].speaker is synthesizer._voices["ja-male"].neutral

    def test_an_unknown_voice_follows_the_language(self, synthesizer, received, caplog):
        with caplog.at_level(logging.WARNING):
            list(synthesizer.speak(HELLO, voice=replace(VOICE, id="nobody"), seed=1))
            say(synthesizer, replace(HELLO, voice="another"), voice="ja-male")
        neutral = synthesizer._voices["en-female"].neutral
        assert [utterance.speaker for utterance in received] == [neutral, neutral]
        assert "nobody" in caplog.text
        assert "another" in caplog.text

    def test_a_preferred_voice_speaks_its_language(self, synthesizer, received):
        speak = partial(synthesizer.speak, HELLO, seed=1)
        english = replace(VOICE, id="ja-male", languages=("en",))
        list(speak(preferred=english))
        list(speak(preferred=find_voice(synthesizer.voices, "ja-male")))
        list(speak(preferred=replace(english, id="removed")))
        expected = ("ja-male", "en-female", "en-female")
        assert [utterance.speaker for utterance in received] == [
            synthesizer._voices[voice_id].neutral for voice_id in expected
        ]

    def test_text_is_tokenised(self, synthesizer, received):
        say(synthesizer)
        assert received[0].text_tokens == synthesizer.text_tokens(HELLO)
        assert received[0].prompt_text == ()
        assert received[0].uses_speaker

    def test_nothing_to_say_is_silence(self, synthesizer, received, monkeypatch):
        monkeypatch.setattr(FrontEnd, "text_tokens", lambda *_: [])
        assert say(synthesizer) == []
        assert received == []


class TestClonedVoices:
    PROMPT = FlowPrompt((1, 2, 3), np.zeros((5, 80), np.float32))

    @pytest.fixture
    def clone(self, synthesizer, monkeypatch):
        def add(text_tokens, language):
            speaker = Speaker(
                np.ones(192, np.float32), self.PROMPT, text_tokens, language
            )
            voice = find_voice(synthesizer.voices, "en-female")
            cloned = VoiceSpeakers(voice, {"neutral": speaker})
            monkeypatch.setitem(synthesizer._voices._added, "en-female", cloned)

        return add

    @pytest.mark.parametrize("language", ["en", None])
    def test_its_words_are_continued(self, synthesizer, received, clone, language):
        clone((7, 8), language)
        say(synthesizer, voice="en-female")
        assert received[0].prompt_text == (7, 8)
        assert received[0].prompt_speech == (1, 2, 3)

    def test_in_another_language_only_its_sound_is_used(
        self, synthesizer, received, clone
    ):
        clone((7, 8), "ja")
        say(synthesizer, voice="en-female")
        assert received[0].prompt_text == ()
        assert received[0].prompt_speech == ()
        assert received[0].speaker.prompt is self.PROMPT

    def test_without_words_only_its_sound_is_used(self, synthesizer, received, clone):
        clone((), "en")
        say(synthesizer, voice="en-female")
        assert received[0].prompt_speech == ()


class TestInstructions:
    def test_other_models_refuse_them(self, synthesizer):
        with pytest.raises(BadParameter, match="instructions") as refusal:
            say(synthesizer, instruction="whisper it")
        assert refusal.value.field == "instruct"

    def test_they_stand_before_the_text_and_hide_the_speaker(self, tiny_pack):
        manifest = replace(tiny_pack.manifest, kind="instruct")
        pack = Pack(tiny_pack.directory, manifest)
        synthesizer = PackSynthesizer.open(pack, SynthesizerOptions(threads=1))
        manner = Manner(
            synthesizer._voices["en-female"].neutral, instruction="whisper it"
        )
        utterance = utterance_of(HELLO, manner, synthesizer._front, manifest)
        assert not utterance.uses_speaker
        assert len(utterance.prompt_text) > 1
        assert utterance.prompt_speech == ()
        assert np.concatenate(
            list(synthesizer.speak(HELLO, instruction="whisper it", seed=0))
        ).any()


def test_cancel_ends_it(synthesizer):
    token = CancelToken()
    token.cancel()
    with pytest.raises(SynthesisCancelled):
        say(synthesizer, cancel=token)


def test_a_pack_with_another_vocabulary_is_refused(tiny_pack):
    manifest = tiny_pack.manifest
    tokenizer = replace(manifest.tokenizer, tokens=99)
    pack = Pack(tiny_pack.directory, replace(manifest, tokenizer=tokenizer))
    with pytest.raises(ModelUnsupported, match="99"):
        PackSynthesizer.open(pack)
