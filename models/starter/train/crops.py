"""Batches of equal length, cut out of the corpora."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import tokens
import torch
from features import frames_of

if TYPE_CHECKING:
    from data import Corpus, Sentence

FRAMES = 2600  # of a batch


class Crops:
    """Cuts batches of equal length out of the corpora."""

    def __init__(self, corpora: list[Corpus], tokenizer: tokens.Tokenizer) -> None:
        self._voices = tokens.speakers()
        self._tokenizer = tokenizer
        self._known: dict[int, np.ndarray] = {}
        self._sentences = [s for c in corpora for s in c.training]
        weights = [1 / math.sqrt(c.hours) for c in corpora for _ in c.training]
        weights = np.array(weights) * [s.tokens for s in self._sentences]
        self._odds = np.cumsum(weights / weights.sum())

    def tokens_of(self, sentence: Sentence) -> np.ndarray:
        """Return the speech tokens of a sentence (N,), kept once made."""
        key = id(sentence)
        if key not in self._known:
            self._known[key] = self._tokenizer.speech(sentence)[0]
        return self._known[key]

    def batch(
        self, rng: np.random.Generator, room_frames: int = FRAMES
    ) -> tuple[torch.Tensor, ...]:
        """Cut a batch: tokens (B, N), mel (B, 80, T), speakers (B, 192).

        Sentence beginnings and ends are as frequent as middles, though they are rare.
        """
        length = int(rng.choice((50, 80, 120, 170, 240)))
        frames = frames_of(length)
        rows: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
        while len(rows) < max(1, room_frames // frames):
            sentence = self._sentences[int(np.searchsorted(self._odds, rng.random()))]
            room = sentence.tokens - length
            if room < 0:
                continue
            where = rng.random()
            begin = (
                0
                if where < 0.4
                else room
                if where < 0.6
                else int(rng.integers(room + 1))
            )
            first = min(round(begin * 22050 / 256 / 50), sentence.frames - frames)
            said = self.tokens_of(sentence)[begin : begin + length]
            rows.append(
                (
                    torch.from_numpy(said),
                    torch.from_numpy(sentence.mel(first, first + frames).T.copy()),
                    self._voices[sentence.corpus.speaker][0],
                )
            )
        return tuple(torch.stack(column) for column in zip(*rows, strict=True))
