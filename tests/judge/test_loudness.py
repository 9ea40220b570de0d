"""How loud the starter's voices are, from which loudness by ``--loudness`` begins."""

from __future__ import annotations

import numpy as np
import pytest

from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.sound.loudness import USUAL_LUFS, measure_lufs
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.voices import find_voice

SENTENCES = {
    "en": (
        "The kitchen light is on.",
        "It will rain this afternoon, so take an umbrella with you.",
        "The washing machine has finished its program.",
    ),
    "zh": (
        "客厅的灯已经打开了。",
        "今天下午可能会下雨，出门请带伞。",
        "洗衣机已经洗完了，请及时取出衣物。",
    ),
}


@pytest.fixture(scope="module")
def starter() -> PackSynthesizer:
    return PackSynthesizer.open(Pack.open(STARTER_DIR), SynthesizerOptions(threads=1))


@pytest.mark.slow
@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("voice", ["heart", "cedar"])
def test_the_usual_loudness_is_that_of_the_starter(
    starter: PackSynthesizer, voice: str, language: str
) -> None:
    measured = []
    known = find_voice(starter.voices, voice)
    for seed, text in enumerate(SENTENCES[language]):
        reader = starter.reader(voice=known)
        samples = [
            piece
            for sentence in [*reader.feed(text), *reader.finish()]
            for piece in starter.speak(sentence, voice=known, seed=seed)
        ]
        measured.append(measure_lufs(np.concatenate(samples), starter.sample_rate))
    mean = float(np.mean(measured))
    print(f"{voice} {language}: {mean:.1f} LUFS")
    # More would be audible in the first word.
    assert mean == pytest.approx(USUAL_LUFS, abs=2.5)
