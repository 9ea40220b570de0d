"""The ranges of pitch that speech tokens are classes of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.training.packages import needing

pytestmark = needing("misaki")
KNOWN = {"heart": (5.0, 5.8), "cedar": (4.5, 5.2)}


@dataclass
class SpokenPitch:
    """A corpus of which only the pitch matters."""

    speaker: str
    language: str
    pitches: np.ndarray = field(repr=False)


def corpus(speaker, language, centre, spread, frames=5000):
    rng = np.random.default_rng(len(speaker) + len(language))
    hertz = np.exp(rng.normal(centre, spread, frames))
    hertz[::5] = 0  # unvoiced
    return SpokenPitch(speaker, language, hertz.astype(np.float32))


def classes(one, ranges):
    logs = np.log(one.pitches[one.pitches > 0])
    low, high = ranges
    return (logs - low) / (high - low)


def test_what_is_known_stays_however_the_corpora_grow():
    from models.starter.corpora.tokens import Tokenizer  # noqa: PLC0415

    made = Tokenizer.measure([corpus("heart", "en", 6.0, 0.1)], KNOWN)
    assert made.ranges == KNOWN


def test_classes_of_a_new_voice_are_as_frequent_as_those_of_the_nearest():
    """In each language: the language model chooses them as for that one."""
    from models.starter.corpora.tokens import Tokenizer  # noqa: PLC0415

    heart = {
        "en": corpus("heart", "en", 5.25, 0.17),
        "zh": corpus("heart", "zh", 5.45, 0.2),
    }
    ivy = {
        "en": corpus("ivy", "en", 5.1, 0.1),
        "zh": corpus("ivy", "zh", 5.7, 0.25),
    }
    made = Tokenizer.measure([*heart.values(), *ivy.values()], KNOWN)
    assert made.ranges.keys() == {"heart", "cedar", "en_ivy", "zh_ivy"}
    for language in ("en", "zh"):
        found = classes(ivy[language], made.ranges[f"{language}_ivy"])
        wanted = classes(heart[language], KNOWN["heart"])
        for share in (5, 50, 95):
            assert np.percentile(found, share) == pytest.approx(
                np.percentile(wanted, share), abs=0.05
            )


def test_a_voice_without_a_nearest_one_has_one_range():
    from models.starter.corpora.tokens import Tokenizer  # noqa: PLC0415

    one = corpus("heart", "en", 5.25, 0.17)
    made = Tokenizer.measure([one], {})
    low, high = made.ranges["heart"]
    inside = classes(one, (low, high))
    assert np.mean((inside > 0) & (inside < 1)) == pytest.approx(0.98, abs=0.01)
