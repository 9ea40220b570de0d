"""How sentences end, how loud short replies are, and how long pauses last."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.ending import end_cleanly
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.delivery import EDGE_S, speech_level
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.voices import find_voice

pytestmark = pytest.mark.ci

# None ends in a released p, t or k, which is a short noise after silence as a tick is.
SHORT = (
    *("Off.", "Yes.", "Please leave.", "Breathe.", "I will save.", "Safe."),
    *("It is hot.", "Wash.", "Rouge.", "The lights are on.", "Can I turn it off?"),
    *("Turn on the stove.", "Close the garage.", "There is a leak.", "Twelve."),
    *("The alarm is set for five.", "Good night.", "Olive.", "The bed is made."),
    *("See you soon.", "Battery at ninety five.", "冰箱门开了。", "现在是五点。"),
    *("请关灯。", "知道了。"),
)
SHORT_JAPANESE = (
    *("はい。", "いいえ。", "完了です。", "つけました。", "おやすみなさい。"),
    *("ありません。", "玄関が開いています。", "了解。", "五時です。", "雨でしょう。"),
    *("電気を消して。", "いいですか？", "どこにありますか？"),
)
REPLIES = {
    "en": (
        *("Yes.", "No.", "Okay.", "Done.", "Off.", "Sure.", "Got it.", "Hello."),
        *("Ready.", "Goodbye."),
    ),
    "zh": (
        *("好的。", "是。", "不行。", "知道了。", "完成。", "已关闭。", "晚安。"),
        *("你好。", "收到。"),
    ),
    "ja": (
        *(
            "はい。",
            "いいえ。",
            "完了です。",
            "了解。",
            "つけました。",
            "わかりました。",
        ),
        *("おはよう。", "準備完了。"),
    ),
}
SENTENCES = {
    "en": ("The kitchen light is on.", "The washing machine has finished."),
    "zh": ("客厅的灯已经打开了。", "洗衣机已经洗完了，请取出衣物。"),
    "ja": (
        "リビングの電気をつけました。",
        "洗濯が終わりましたので、取り出してください。",
    ),
}
RATE = 22_050
QUIET, TICK = 10 ** (-46 / 20), 0.03


@pytest.fixture(scope="module")
def starter():
    return PackSynthesizer.open(Pack.open(STARTER_DIR), SynthesizerOptions(threads=1))


def segments(starter, text, voice, seed, **options):
    """Yield each sentence's samples, with the pause after it in seconds."""
    voice = find_voice(starter.voices, voice)
    reader = starter.reader(voice=voice, **options)
    for sentence in [*reader.feed(text), *reader.finish()]:
        segment = starter.speak(sentence, voice=voice, seed=seed)
        samples = np.concatenate(list(segment))
        yield samples, segment.pause_s


def without_pause(samples, pause_s):
    return samples[: len(samples) - round((pause_s - 2 * EDGE_S) * RATE)]


def ends_in_tick(samples):
    """Whether something loud and short follows silence at the end."""
    blocks = samples[len(samples) % 110 :].reshape(-1, 110)[-40:]  # 5 ms each
    peaks = np.abs(blocks).max(axis=1)
    runs = [list(run) for _, run in itertools.groupby(peaks, lambda p: p > QUIET)]
    return any(
        max(run) > TICK and len(run) <= 4 and len(before) >= 4 and max(before) <= QUIET
        for before, run in itertools.pairwise(runs)
    )


def judge_ends(starter, texts, seeds, **options):
    bad, count = [], 0
    for text, voice, seed in itertools.product(texts, ("heart", "cedar"), seeds):
        for samples, pause_s in segments(starter, text, voice, seed, **options):
            spoken = without_pause(samples, pause_s)
            end_db = 20 * np.log10(np.sqrt(np.mean(spoken[-220:] ** 2)) + 1e-9)
            count += 1
            if end_db > -60 or ends_in_tick(spoken):
                bad.append((text, voice, seed, float(end_db)))
    return bad, count


def test_some_sentences_end_in_silence_without_a_tick(starter):
    bad, count = judge_ends(starter, SHORT[:6], range(1))
    assert count == 12
    assert not bad


@pytest.mark.slow
def test_no_sentence_ends_in_a_tick_or_without_silence(starter):
    bad, count = judge_ends(starter, SHORT, range(6))
    print(f"{len(bad)} of {count}")
    assert count >= 300
    assert not bad


@pytest.mark.slow
def test_no_japanese_sentence_ends_in_a_tick_or_without_silence(starter):
    bad, count = judge_ends(starter, SHORT_JAPANESE, range(6), language="ja")
    print(f"{len(bad)} of {count}")
    assert count == 156
    assert not bad


@pytest.mark.parametrize("noise", [0.1, 0.9])
def test_what_any_vocoder_ends_with_is_made_clean(noise):
    """A sentence that stops in the middle of a sound, and one that ends in a tick."""
    rng = np.random.default_rng(0)
    voice = (noise * rng.standard_normal(RATE // 2)).clip(-1, 1).astype(np.float32)
    assert np.abs(end_cleanly(voice, RATE)[-220:]).max() == 0
    tick = np.concatenate([voice, np.zeros(1000), [0.1, -0.1]]).astype(np.float32)
    ended = end_cleanly(tick, RATE)
    assert len(ended) == len(tick)
    assert np.abs(ended[len(voice) + 600 :]).max() == 0
    assert np.array_equal(ended[: len(voice) - 1000], voice[:-1000])


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["heart", "cedar"])
def test_replies_are_as_loud_as_each_other_and_as_sentences(starter, voice):
    for language, replies in REPLIES.items():
        levels = {
            text: speech_level(without_pause(samples, pause_s), RATE)
            for text in (*replies, *SENTENCES[language])
            for samples, pause_s in segments(starter, text, voice, 1, language=language)
        }
        sentences = np.mean([levels[text] for text in SENTENCES[language]])
        found = [levels[text] for text in replies]
        print(voice, language, np.round(found, 1), round(float(sentences), 1))
        assert np.ptp(found) <= 1.5
        assert abs(np.mean(found) - sentences) <= 1.5


def test_a_reply_is_as_loud_as_the_pack_says_of_its_voice():
    pack = Pack.open(STARTER_DIR)
    heart, *others = pack.manifest.voices
    levels = []
    for wanted_db in (-27.0, -22.0):
        voices = (replace(heart, sentence_level_db=wanted_db), *others)
        changed = replace(pack, manifest=replace(pack.manifest, voices=voices))
        quiet = PackSynthesizer.open(changed, SynthesizerOptions(threads=1))
        [(samples, pause_s)] = segments(quiet, "Done.", "heart", 1)
        levels.append(speech_level(without_pause(samples, pause_s), RATE))
    assert levels == pytest.approx([-27, -22], abs=1)


def silences(samples):
    """Return the lengths of silence inside of samples, in seconds."""
    loud = np.flatnonzero(np.abs(samples) > 10 ** (-50 / 20))
    gaps = np.diff(loud) / RATE
    return [float(gap) for gap in gaps if gap > 0.15]


@pytest.mark.parametrize(
    ("text", "wanted_s"),
    [
        ("The kitchen light is on now. The front door is locked for today.", 0.5),
        ("客厅的灯现在已经打开了。今天晚上大门已经锁好了。", 0.5),
        ("The light is on. The door is shut.", 0.25),
        ("空调打开了。窗帘关上了。", 0.25),
        ("リビングの電気をつけました。今日の玄関の鍵は閉まっています。", 0.55),
        ("電気を消しました。玄関を閉めました。", 0.25),
        ("The kitchen light is on now.\n\nThe front door is locked for today.", 0.8),
    ],
)
def test_pauses_between_sentences(starter, text, wanted_s):
    samples = np.concatenate(
        [found for found, _ in segments(starter, text, "heart", 1)]
    )
    assert max(silences(samples[: -RATE // 4])) == pytest.approx(wanted_s, abs=0.08)


def test_pauses_may_be_set():
    options = SynthesizerOptions(threads=1, pause_s=1.0)
    starter = PackSynthesizer.open(Pack.open(STARTER_DIR), options)
    text = "The kitchen light is on now. The front door is locked for today."
    samples = np.concatenate(
        [found for found, _ in segments(starter, text, "heart", 1)]
    )
    assert max(silences(samples[:-RATE])) == pytest.approx(1.0, abs=0.08)
