"""Measure the level of each voice's sentences, for the manifest of a pack.

Short replies are brought to this level (``synth.delivery``). It is the mean over four
sentences in each language, which no test uses.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wyoming_cosyvoice.pack.pack import MANIFEST, Pack
from wyoming_cosyvoice.synth.delivery import speech_level
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

SENTENCES = {
    "en": (
        "The bedroom window has been open for twenty minutes.",
        "Tomorrow will be cloudy with some rain in the afternoon.",
        "I have added milk and bread to your shopping list.",
        "The vacuum cleaner is back at its station and charging.",
    ),
    "zh": (
        "卧室的窗户已经开了二十分钟。",
        "明天多云，下午有小雨。",
        "牛奶和面包已经加入购物清单。",
        "扫地机器人已经回到底座，正在充电。",
    ),
    "ja": (
        "寝室の窓が二十分前から開いています。",
        "明日は曇りで、午後から少し雨が降るでしょう。",
        "牛乳とパンを買い物リストに追加しました。",
        "掃除機は充電台に戻って、充電しています。",
    ),
}


def measure(synthesizer: PackSynthesizer, voice_id: str) -> float:
    """Return how loud the sentences of a voice are, in dB."""
    voice = next(v for v in synthesizer.voices if v.id == voice_id)
    texts = [t for tag in SENTENCES if tag in voice.languages for t in SENTENCES[tag]]
    levels = []
    for text in texts:
        reader = synthesizer.reader(voice=voice)
        for sentence in [*reader.feed(text), *reader.finish()]:
            pieces = list(synthesizer.speak(sentence, voice=voice, seed=1))
            levels.append(speech_level(np.concatenate(pieces), synthesizer.sample_rate))
    return round(float(np.mean(levels)), 1)


def write_levels(pack: Pack) -> None:
    """Measure all voices of a pack, and write their levels into its manifest."""
    synthesizer = PackSynthesizer.open(pack, SynthesizerOptions(threads=1))
    voices = tuple(
        replace(voice, sentence_level_db=measure(synthesizer, voice.id))
        for voice in pack.manifest.voices
    )
    manifest = replace(pack.manifest, voices=voices)
    (pack.directory / MANIFEST).write_bytes(manifest.to_json())
