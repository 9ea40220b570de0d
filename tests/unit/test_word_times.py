"""When each word is heard: from the alignment, through the chain, to the listener."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import numpy as np
import pytest

from wyoming_cosyvoice.audio import TimedWord, to_int16
from wyoming_cosyvoice.config import Limits, SoundConfig, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.engine.speech import SpeechRequest
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.phone_times import SILENCE, PhoneTimes
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.word_times import WordTimes
from wyoming_cosyvoice.synth.delivery import EDGE_S
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.synth.written_words import match_words
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P
from wyoming_cosyvoice.voices import find_voice

TEXTS = (
    ("It is 22°C in the living room, and the *front door* is locked!", "en"),
    ("Open the door. Stop it now. It costs $3.50 at 7:30 pm.", "en"),
    ("把客厅的空调调到26度，好吗？", "zh"),
    ("打开 Wi-Fi 吧，现在是下午3点。", "zh"),
)


@pytest.fixture(scope="module")
def starter():
    return PackSynthesizer.open(Pack.open(STARTER_DIR), SynthesizerOptions(threads=1))


@pytest.fixture(scope="module")
def tiny_synthesizer(tiny_pack):
    return PackSynthesizer.open(tiny_pack, SynthesizerOptions(threads=1))


def heart(starter):
    return find_voice(starter.voices, "heart")


def sentences_of(starter, text, language):
    reader = starter.reader(voice=heart(starter), language=language)
    return [*reader.feed(text), *reader.finish()]


def spoken_places(spoken):
    read = MixedG2P().words(spoken, "en")
    return [(word.start, word.end) for word in read if word.end > word.start]


@pytest.mark.parametrize(
    ("source", "spoken", "texts"),
    [
        ("Hello, world!", "Hello, world!", ["Hello, ", "world!"]),
        (
            "It is 22°C.",
            "It is twenty two degrees Celsius.",
            ["It ", "is ", "22°C."],
        ),
        ("调到26度。", "调到二十六度。", ["调", "到", "26", "度。"]),
        ("2 * 2 = 4", "two times two equals four.", ["2 * 2 = 4"]),
        ("😀 Good 🎉 day 🙂", "Good day.", ["Good 🎉 ", "day 🙂"]),
        ("Dr. Who", "Doctor Who.", ["Dr. ", "Who"]),
        ("OK", "OK.", ["OK"]),
    ],
)
def test_spoken_words_are_matched_with_written_ones(source, spoken, texts):
    found = match_words(source, spoken, spoken_places(spoken))
    assert [match.text for match in found] == texts
    assert all(a.last == b.first for a, b in pairwise(found))


def test_a_part_of_a_long_sentence_has_its_part_of_the_text():
    source = "First we go home, then we eat 2 apples, and then we sleep."
    spoken = "then we eat two apples,"
    found = match_words(source, spoken, spoken_places(spoken))
    assert "".join(match.text for match in found) == "then we eat 2 apples, "


def test_phone_times_leave_pauses_out():
    times = PhoneTimes()
    for text_token in [SILENCE, SILENCE, 1, 1, 2, SILENCE, 4, 4, SILENCE]:
        times.append(text_token)
    assert times.span(0, 2) == (2, 4)
    assert times.span(1, 3) == (2, 5)
    assert times.span(4, 5) == (6, 8)
    assert times.span(5, 9) is None


@pytest.mark.parametrize(("text", "language"), TEXTS)
def test_every_word_has_its_time(starter, text, language):
    written = ""
    for sentence in sentences_of(starter, text, language):
        segment = starter.speak(sentence, voice=heart(starter), seed=1)
        samples, known = [], 0
        for piece in segment:
            samples.append(piece)
            assert len(segment.words) >= known
            known = len(segment.words)
            given_s = sum(map(len, samples)) / starter.sample_rate
            assert all(word.end_s <= given_s for word in segment.words)
        assert known  # some came with the sound, not after it
        words = segment.words
        assert "".join(word.text for word in words).strip() in text
        written += "".join(word.text for word in words)
        assert all(word.start_s < word.end_s for word in words)
        assert all(a.end_s <= b.start_s for a, b in pairwise(words))
        is_spoken = np.abs(np.concatenate(samples)) > 0.01
        onset_s = np.argmax(is_spoken) / starter.sample_rate
        assert words[0].start_s == pytest.approx(onset_s, abs=0.08)
    assert written.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_words_follow_the_speed(starter, speed):
    [sentence] = sentences_of(starter, "Open the door.", "en")
    ends = []
    for factor in (1.0, speed):
        segment = starter.speak(sentence, voice=heart(starter), seed=1, speed=factor)
        for _ in segment:
            pass
        ends.append(segment.words[-1].end_s)
    # The silence before the voice stays as it is.
    assert ends[1] == pytest.approx(ends[0] / speed, abs=0.06)


def test_the_last_word_ends_with_the_voice(starter):
    for text, language in (("Open the door.", "en"), ("電気をつけました。", "ja")):
        [sentence] = sentences_of(starter, text, language)
        segment = starter.speak(sentence, voice=heart(starter), seed=1, speed=0.5)
        samples = np.concatenate(list(segment))
        voice_s = np.flatnonzero(np.abs(samples) > 0.003)[-1] / starter.sample_rate
        assert segment.words[-1].end_s == pytest.approx(voice_s, abs=0.08)


def test_a_model_without_phones_times_the_sentence(tiny_synthesizer):
    [sentence] = sentences_of(tiny_synthesizer, "Hello there.", "en")
    segment = tiny_synthesizer.speak(sentence, seed=1)
    assert segment.words == []
    count = sum(map(len, segment))
    pause_s = segment.pause_s - 2 * EDGE_S
    end_s = pytest.approx(count / tiny_synthesizer.sample_rate - pause_s)
    assert segment.words == [TimedWord("Hello there.", 0.0, end_s)]


def test_words_are_moved_by_what_the_chain_cuts():
    chain = Chain(SoundConfig(trim=True), 1000)
    times = WordTimes(chain, 1000)
    times.begin()
    chain.process(np.concatenate([np.zeros(500), np.ones(500)]).astype(np.float32))
    [word] = times.collect([TimedWord("a ", 0.5, 1.0)])
    assert (word.start_s, word.end_s) == pytest.approx((0.1, 0.6))
    times.begin()
    chain.process(np.ones(1000, np.float32))
    words = [TimedWord("b ", 0.0, 0.5), TimedWord("c", 0.5, 1.0)]
    assert times.collect(words[:1])[0].start_s == pytest.approx(0.6)
    assert [word.text for word in times.collect(words)] == ["c"]


def test_a_listener_of_the_engine_gets_the_words(starter):
    text = "Open the door. Stop it now."

    async def listen():
        engine = Engine(
            lambda: starter,
            (),
            limits=Limits(),
            defaults=SpeechConfig(seed=1),
            sound=SoundConfig(trim=True),
        )
        await engine.start()
        speech = engine.open(SpeechRequest(voice=heart(starter)))
        speech.feed(text)
        speech.finish()
        samples = np.concatenate([piece async for piece in speech])
        await engine.stop()
        return speech.words, to_int16(samples)

    words, samples = asyncio.run(listen())
    assert [word.text.strip() for word in words] == text.split()
    assert all(a.end_s <= b.start_s for a, b in pairwise(words))
    loud = np.flatnonzero(np.abs(samples) > 330) / starter.sample_rate
    # Between the sentences is silence, in the sound as in the times.
    pause = loud[(loud > words[2].end_s) & (loud < words[3].start_s - 0.05)]
    assert pause.size == 0
    # The times of two sentences are added, and so rounded.
    assert words[-1].end_s <= len(samples) / starter.sample_rate + 1e-9
