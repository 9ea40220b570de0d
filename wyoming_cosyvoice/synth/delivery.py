"""Delivery of a sentence: silence at its ends, the pause after it, its loudness.

The silence at the ends of a model's output varies. Each sentence is trimmed to the same
short silence at both ends, followed by a pause that depends on its punctuation, length
and language; so pauses do not depend on the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.prosody import with_energy
from wyoming_cosyvoice.sound.loudness import measure_lufs
from wyoming_cosyvoice.sound.shape import Trimmer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.text import Sentence

    Floats = NDArray[np.float32]

EDGE_S = 0.05
"""Silence kept at either end of a sentence; part of the pause."""

_SHORT_S = 0.6
"""A sentence whose shortest time, which counts its syllables or morae (text/budget.py),
is below this is a confirmation, with a short pause after it. In English that is up to
six syllables, in Mandarin five: 1.3 s at the usual speed."""

_SHORT_PAUSE_S = 0.25
_PAUSES_S = {"…": 0.7, ",": 0.3, ";": 0.4, ":": 0.4}
_USUAL_PAUSE_S = {"en": 0.5, "zh": 0.5, "yue": 0.5, "ja": 0.55, "ko": 0.5}

REPLY_TOKENS = 16
"""Text tokens of the longest reply: about one second, one or two windows. It is short
enough to be levelled as a whole."""

_MAX_GAIN_DB = 6.0
_AUDIBLE = 1e-3


def pause_after_s(sentence: Sentence, setting_s: float | None) -> float:
    """Return the silence after a sentence.

    ``setting_s`` is the user's setting, None for the natural pause. The end of a
    paragraph or markup may require more.
    """
    if setting_s is not None:
        natural_s = setting_s
    else:
        mark = sentence.spoken[-1:]
        usual_s = _USUAL_PAUSE_S.get(sentence.language, 0.5)
        natural_s = _PAUSES_S.get(mark, usual_s)
        if sentence.min_speech_s < _SHORT_S:
            natural_s = min(natural_s, _SHORT_PAUSE_S)
    return max(natural_s, sentence.pause_s)


def edge_trimmer(sample_rate: int) -> Trimmer:
    """Return a trimmer for one sentence."""
    return Trimmer(sample_rate, kept_s=EDGE_S)


def reply_gain(samples: Floats, sample_rate: int, wanted_db: float) -> float:
    """Return the gain that brings a short reply (S,) to the level of longer sentences.

    ``wanted_db`` is their ``speech_level``. Returns 1 for silence.
    """
    if not np.any(np.abs(samples) > _AUDIBLE):
        return 1.0
    gain_db = wanted_db - speech_level(samples, sample_rate)
    limited_db = np.clip(gain_db, -_MAX_GAIN_DB, _MAX_GAIN_DB)
    return float(10 ** (limited_db / 20))


def speech_level(samples: Floats, sample_rate: int) -> float:
    """Return the level of speech (S,) in dB, also for very short speech.

    The mean of its loudness and of its power without pauses: for a single syllable the
    blocks of the loudness are too long.
    """
    size = sample_rate // 100
    count = max(1, len(samples) // size)
    blocks = np.resize(samples, count * size).reshape(count, size).astype(np.float64)
    powers = np.mean(np.square(blocks), axis=1)
    loud = powers[powers > powers.max() * 1e-3]
    power_db = 10 * np.log10(loud.mean() + 1e-12) if loud.size else -120.0
    return (measure_lufs(samples, sample_rate) + float(power_db)) / 2


def level_reply(
    pieces: Iterator[Floats], sample_rate: int, level_db: float
) -> Iterator[Floats]:
    """Yield a reply in one piece, adjusted to ``level_db``."""
    made = list(pieces)
    if made:
        samples = np.concatenate(made)
        yield with_energy(samples, reply_gain(samples, sample_rate, level_db))
