"""Whether the starter's questions rise: pairs of a question and the statement."""

from __future__ import annotations

import numpy as np
import pytest

from tests.judge.pitch import end_pitch
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.voices import find_voice

pytestmark = pytest.mark.ci

ENGLISH = (
    ("Is the door open?", "The door is open."),
    ("Did you lock the car?", "You did lock the car."),
    ("Is it raining?", "It is raining."),
    ("Are the lights on?", "The lights are on."),
    ("Is dinner ready?", "Dinner is ready."),
    ("Can you hear the music?", "You can hear the music."),
    ("Should I close the window?", "I should close the window."),
    ("Has the mail arrived?", "The mail has arrived."),
    ("Do you want some coffee?", "You do want some coffee."),
    ("Is the alarm set for seven?", "The alarm is set for seven."),
    ("Are they coming tomorrow?", "They are coming tomorrow."),
    ("Will it snow tonight?", "It will snow tonight."),
    ("Was that your phone?", "That was your phone."),
    ("Is the oven still hot?", "The oven is still hot."),
    ("Have you fed the dog?", "You have fed the dog."),
    ("You left the garage open?", "You left the garage open."),
    ("Could it be the neighbor?", "It could be the neighbor."),
    ("Is everyone asleep?", "Everyone is asleep."),
    ("Does she like the kitchen?", "She does like the kitchen."),
    ("Is your mother at home?", "Your mother is at home."),
)
MANDARIN = (
    ("门开了吗？", "门开了。"),
    ("灯关了吗？", "灯关了。"),
    ("外面下雨了吗？", "外面下雨了。"),
    ("你要喝咖啡吗？", "你要喝咖啡。"),
    ("饭做好了吗？", "饭做好了。"),
    ("他今天来吗？", "他今天来。"),
    ("空调打开了吗？", "空调打开了。"),
    ("你听得见音乐吗？", "你听得见音乐。"),
    ("明天会下雪吗？", "明天会下雪。"),
    ("车锁好了吗？", "车锁好了。"),
    ("孩子们睡着了吗？", "孩子们睡着了。"),
    ("这是你的手机吗？", "这是你的手机。"),
    ("要我把窗户关上吗？", "我要把窗户关上。"),
    ("妈妈在家吗？", "妈妈在家。"),
    ("闹钟设好了吗？", "闹钟设好了。"),
    ("门锁上了？", "门锁上了。"),
    ("你把车库开着？", "你把车库开着。"),
    ("他们明天出发？", "他们明天出发。"),
    ("洗衣机停了？", "洗衣机停了。"),
    ("你喜欢这首歌吗？", "你喜欢这首歌。"),
)
PAIRS = {"en": ENGLISH, "zh": MANDARIN}
FALLING = {
    "en": ("What time is it?", "Do you want tea or coffee?"),
    "zh": ("你要不要喝茶？", "现在几点了？"),
}
SEMITONES = 3.0
SHARE = 0.8


@pytest.fixture(scope="module")
def starter() -> PackSynthesizer:
    return PackSynthesizer.open(Pack.open(STARTER_DIR), SynthesizerOptions(threads=1))


def end_of(starter: PackSynthesizer, text: str, language: str, seed: int = 1) -> float:
    """Say a sentence; return the pitch at its end in semitones."""
    reader = starter.reader(language=language)
    voice = find_voice(starter.voices, "heart")
    pieces = [
        samples
        for sentence in [*reader.feed(text), *reader.finish()]
        for samples in starter.speak(sentence, voice=voice, seed=seed)
    ]
    return end_pitch(np.concatenate(pieces), starter.sample_rate)


def rise(starter: PackSynthesizer, pair: tuple[str, str], language: str) -> float:
    question, statement = (end_of(starter, text, language) for text in pair)
    return question - statement


@pytest.mark.parametrize("language", PAIRS)
def test_some_questions_rise(starter: PackSynthesizer, language: str) -> None:
    risen = [rise(starter, pair, language) for pair in PAIRS[language][:4]]
    assert np.median(risen) >= SEMITONES


@pytest.mark.slow
@pytest.mark.parametrize("language", PAIRS)
def test_yes_no_questions_rise(starter: PackSynthesizer, language: str) -> None:
    risen = np.array([rise(starter, pair, language) for pair in PAIRS[language]])
    print(f"{language}: {np.round(risen, 1).tolist()}, median {np.median(risen):.1f}")
    assert np.mean(risen >= SEMITONES) >= SHARE


@pytest.mark.slow
@pytest.mark.parametrize("language", FALLING)
def test_others_do_not(starter: PackSynthesizer, language: str) -> None:
    for text in FALLING[language]:
        stated = end_of(starter, text.translate(str.maketrans("?？", ".。")), language)
        assert end_of(starter, text, language) - stated < SEMITONES
