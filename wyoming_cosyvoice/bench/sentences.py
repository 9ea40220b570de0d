"""The sentences on which precisions are compared, as text tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.files import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from wyoming_cosyvoice.bench.opening import Opened
    from wyoming_cosyvoice.pack.manifest import Manifest
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

_TEXTS = {
    "en": "The light in the kitchen is on, and the window is open. "
    "It is twenty one degrees in the living room.",
    "zh": "厨房的灯开着，窗户也开着。客厅现在是二十一度。",
    "ja": "台所の電気がついていて、窓も開いています。",
    "yue": "廚房盞燈開咗，窗都係開住嘅。",
    "ko": "부엌 불이 켜져 있고 창문도 열려 있습니다.",
}
_RANDOM_SENTENCES = 3
_RANDOM_TOKENS = 25


def first_text(synthesizer: PackSynthesizer) -> str:
    """Return two sentences in the first language that the model's voices speak."""
    spoken = [tag for voice in synthesizer.voices for tag in voice.languages]
    return next((_TEXTS[tag] for tag in spoken if tag in _TEXTS), _TEXTS["en"])


def own_sentences(opened: Opened, manifest: Manifest) -> list[list[int]]:
    """Return a few sentences in each language of the model's voices.

    A model that cannot read text gets random tokens: figures of a trained one are then
    worse than in speech.
    """
    synthesizer = opened.synthesizer
    if synthesizer is None:
        rng = np.random.default_rng(0)
        shape = (_RANDOM_SENTENCES, _RANDOM_TOKENS)
        drawn: list[list[int]] = rng.integers(
            0, manifest.tokenizer.tokens, shape
        ).tolist()
        return drawn
    spoken = {tag for voice in synthesizer.voices for tag in voice.languages}
    sentences = []
    for language, text in _TEXTS.items():
        if language in spoken:
            reader = synthesizer.reader(language=language)
            sentences += [*reader.feed(text), *reader.finish()]
    opening = synthesizer.opening_tokens
    return [[*opening, *synthesizer.text_tokens(sentence)] for sentence in sentences]


def read_sentences(path: Path, manifest: Manifest) -> list[list[int]]:
    """Read a JSON list of objects with ``text_tokens``; other keys are ignored.

    Raises: ConfigError if it is not one, or a token is not the model's.
    """
    try:
        plain = parse_json(path.read_text(encoding="utf-8"))
        sentences = [[*map(int, item["text_tokens"])] for item in plain]
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path} is not a JSON list of objects with text_tokens: {error}."
        ) from error
    if not sentences or not all(sentences):
        raise ConfigError(f"{path} has no sentences, or an empty one.")
    _check_tokens(path, sentences, manifest.tokenizer.tokens)
    return sentences


def _check_tokens(path: Path, sentences: Iterable[list[int]], tokens: int) -> None:
    for sentence in sentences:
        for token in sentence:
            if not 0 <= token < tokens:
                raise ConfigError(
                    f"{path} has the text token {token}; the model has {tokens}."
                )
