"""Batches of equal length, cut out of the spoken corpora."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.starter.corpora.features import HOP, SAMPLE_RATE, TOKEN_RATE, frames_of
from models.starter.voices import VOICES

if TYPE_CHECKING:
    from models.starter.corpora.corpus import Corpus, Sentence
    from models.starter.corpora.tokens import Tokenizer

LENGTHS = (50, 80, 120, 170, 240)  # tokens
AT_BEGIN, AT_END = 0.4, 0.2
"""How often a crop is the beginning or the end of a sentence, which are rare."""


class Crops:
    """Cuts batches of equal length out of the corpora."""

    def __init__(self, corpora: list[Corpus], tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[int, np.ndarray] = {}
        self._sentences = [s for c in corpora for s in c.training]
        weights = [1 / math.sqrt(c.hours) for c in corpora for _ in c.training]
        odds = np.array(weights) * [s.tokens for s in self._sentences]
        self._odds = np.cumsum(odds / odds.sum())
        longest = max(s.tokens for s in self._sentences)
        self._lengths = [n for n in LENGTHS if n <= longest] or [longest]

    def tokens_of(self, sentence: Sentence) -> np.ndarray:
        """Return the speech tokens of a sentence (N,), kept once made."""
        key = id(sentence)
        if key not in self._known:
            self._known[key] = self._tokenizer.speech(sentence)[0]
        return self._known[key]

    def batch(
        self, rng: np.random.Generator, most_frames: int
    ) -> tuple[torch.Tensor, ...]:
        """Cut a batch: tokens (B, N), mel (B, 80, T), speakers (B, 192)."""
        length = int(rng.choice(self._lengths))
        frames = frames_of(length)
        rows: list[tuple[np.ndarray, ...]] = []
        while len(rows) < max(1, most_frames // frames):
            sentence = self._sentences[int(np.searchsorted(self._odds, rng.random()))]
            room = sentence.tokens - length
            if room < 0:
                continue
            begin = int(rng.integers(room + 1))
            where = rng.random()
            if where < AT_BEGIN:
                begin = 0
            elif where < AT_BEGIN + AT_END:
                begin = room
            first = round(begin * SAMPLE_RATE / HOP / TOKEN_RATE)
            first = min(first, sentence.frames - frames)
            rows.append(
                (
                    self.tokens_of(sentence)[begin : begin + length],
                    np.ascontiguousarray(sentence.mel(first, first + frames).T),
                    VOICES[sentence.corpus.speaker].vector[0],
                )
            )
        columns = zip(*rows, strict=True)
        return tuple(torch.from_numpy(np.stack(column)) for column in columns)
