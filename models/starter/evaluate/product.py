"""The system ``pack``: a converted pack, spoken by the product itself.

The only module of the evaluation that opens a pack; it needs no PyTorch.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import soxr

from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.streaming import Windows
from wyoming_cosyvoice.model.utterance import Settings, Utterance
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 22050
WINDOWS = {"own": Windows(), "upstream": Windows(is_upstream=True), "none": None}
"""How a sentence is cut and joined: as the product does, as the original does, or
not."""


class Product:
    """Reads, speaks and joins text as a server does."""

    def __init__(
        self, pack: Path, speaker: str, seed: int = 1, windows: str = "own"
    ) -> None:
        self._pack = Pack.open(pack)
        settings = Settings(self._pack.manifest.flow, WINDOWS[windows])
        self._synthesizer = PackSynthesizer.open(
            self._pack, SynthesizerOptions(settings=settings)
        )
        self._speaker, self._seed = speaker, seed

    def decode(
        self, text: str, language: str, seed: int
    ) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the text tokens and the speech tokens of each sentence of a text."""
        manifest, model = self._pack.manifest, self._synthesizer.model
        voice = next(v for v in manifest.voices if v.id == self._speaker)
        speaker = load_speaker(self._pack.file(voice.file))
        reader = self._synthesizer.reader(language=language)
        for sentence in [*reader.feed(text), *reader.finish()]:
            text_tokens = self._synthesizer.text_tokens(sentence)
            utterance = Utterance(
                text_tokens,
                speaker,
                math.floor(sentence.min_speech_s * manifest.token_rate),
                math.ceil(sentence.max_speech_s * manifest.token_rate),
            )
            rng = np.random.default_rng(seed)
            yield text_tokens, list(model.decode(utterance, rng))

    def pack(self, text: str, language: str) -> np.ndarray:
        """Speak a text: samples at 22,050 Hz."""
        voice = find_voice(self._synthesizer.voices, self._speaker)
        reader = self._synthesizer.reader(language=language)
        pieces = [
            samples
            for sentence in [*reader.feed(text), *reader.finish()]
            for samples in self._synthesizer.speak(
                sentence, voice=voice, seed=self._seed
            )
        ]
        samples = np.concatenate(pieces) if pieces else np.zeros(RATE // 10, np.float32)
        return soxr.resample(samples, self._synthesizer.sample_rate, RATE)
