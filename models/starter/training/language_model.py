"""What the language model learns: the speech tokens of a text, one after the other.

Two things that the layout does not show decide whether it learns: the embeddings are
sums of what is known of a token (tables.py), and the first head of the upper blocks is
supervised with the text token of each speech token, known from the alignment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from models.starter.corpora.corpus import PLANNED, SPOKEN, Corpus, open_corpora
from models.starter.corpora.tokens import TOKENS, Tokenizer, factors
from models.starter.networks.language_model import LanguageModel
from models.starter.networks.sizes import LmSizes
from models.starter.training.loop import Task
from models.starter.voices import VOICES, sharing_plans

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from models.starter.settings import Phase
    from models.starter.training.loop import Batch

POSITIONS = 3000  # of a batch
JITTER = 25.0  # positions by which lengths are mixed within a batch
GUIDED = (2, 3)  # blocks whose first head is supervised with the alignment
ATTENTION_WEIGHT = 0.5
NOISE = 0.02  # of the input tokens are wrong, so that it learns to recover
VALIDATION_BATCHES = 8
IGNORED = -1


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: text (L,), speech (N,), the text token of each (N,), speaker (E,)."""

    text: Tensor
    speech: Tensor
    says: Tensor
    speaker: Tensor

    @property
    def length(self) -> int:
        """Positions that it takes: with start, speaker, task mark and stop."""
        return len(self.text) + len(self.speech) + 4


def examples(corpora: list[Corpus], tokenizer: Tokenizer, part: str) -> list[Example]:
    """Tokenize the "training" or the "validation" sentences."""
    found = []
    for corpus in corpora:
        # A plan does for all voices that differ in timbre only.
        names = sharing_plans(corpus.speaker) if corpus.is_planned else [corpus.speaker]
        for number, sentence in enumerate(getattr(corpus, part)):
            voice = VOICES[names[number % len(names)]]
            speech, says = tokenizer.speech(sentence)
            found.append(
                Example(
                    torch.tensor(tokenizer.text(sentence)),
                    torch.from_numpy(speech),
                    torch.from_numpy(says),
                    torch.from_numpy(voice.vector[0]),
                )
            )
    return found


def batches(
    chosen: list[Example], rng: np.random.Generator | None = None
) -> list[list[Example]]:
    """Group examples of like length, at random or in order."""
    lengths = np.array([example.length for example in chosen])
    jitter = (
        np.zeros(len(chosen)) if rng is None else rng.uniform(0, JITTER, len(chosen))
    )
    found: list[list[Example]] = [[]]
    for place in np.argsort(lengths + jitter):
        if found[-1] and (len(found[-1]) + 1) * lengths[place] > POSITIONS:
            found.append([])
        found[-1].append(chosen[place])
    if rng is not None:
        rng.shuffle(found)
    return found


class LanguageModelTask(Task):
    """Objective: "tokens"."""

    network: LanguageModel
    seed = 2

    def __init__(self, state: Path, *, bf16: bool) -> None:
        super().__init__(bf16=bf16)
        self.network = LanguageModel(LmSizes(), torch.from_numpy(factors()))
        phones = torch.from_numpy(factors()[0])
        self._phones = torch.cat([phones, phones.max()[None] + 1])  # and the stop
        corpora = open_corpora(state, SPOKEN, PLANNED)
        tokenizer = Tokenizer.open(state)
        self._training = examples(corpora, tokenizer, "training")
        aside = batches(examples(corpora, tokenizer, "validation"))
        self._validation = aside[:: max(1, len(aside) // VALIDATION_BATCHES)]
        self._queue: list[list[Example]] = []

    def batch(self, rng: np.random.Generator, phase: Phase) -> Batch:
        """Take the next group; all examples are seen before any is seen again."""
        del phase
        self._queue = self._queue or batches(self._training, rng)
        return tuple(self._queue.pop())

    def losses(self, batch: Batch, phase: Phase) -> dict[str, Tensor]:
        """Return cross-entropy, attention loss, and next phones that are right."""
        del phase
        with self.autocast():
            return self._measure(batch, NOISE)

    def validate(self) -> dict[str, float]:
        """Return the losses of sentences that are kept aside."""
        if not any(self._validation):
            return {}
        self.network.eval()
        with torch.no_grad():
            found = [self._measure(tuple(group), 0.0) for group in self._validation]
        self.network.train()
        return {
            f"validation_{name}": float(torch.stack([f[name] for f in found]).mean())
            for name in found[0]
        }

    def _measure(self, group: Batch, noise: float) -> dict[str, Tensor]:
        rows, targets, looks, changes = self._arrange(group, noise)
        hidden, weights = self.network(rows)
        chosen = targets != IGNORED
        target = targets[chosen]
        logits = self.network.llm_decoder(hidden[chosen]).float()
        cross_entropy = functional.cross_entropy(logits, target)
        where = looks != IGNORED
        attention = torch.stack(
            [
                _attention_loss(weights[block][:, 0][where], looks[where])
                for block in GUIDED
            ]
        ).mean()
        at_change = changes[chosen]
        best = logits[at_change].argmax(1)
        right = self._phones[best] == self._phones[target[at_change]]
        return {
            "loss": cross_entropy + ATTENTION_WEIGHT * attention,
            "cross_entropy": cross_entropy,
            "attention": attention,
            "right": right.float().mean(),
        }

    def _arrange(self, group: Batch, noise: float) -> tuple[Tensor, ...]:
        """Put prefix and speech of each example into a row without gaps.

        Returns rows (B, P, D); of each position (B, P) the token to be predicted, the
        position to look at, both ``IGNORED`` where there is none, and whether the text
        token changes there.
        """
        network = self.network
        text = pad_sequence([e.text for e in group], batch_first=True)
        speaker = torch.stack([e.speaker for e in group])
        prefix = network.prefix(speaker, network.encode_text(text))  # (B, 3 + L, D)
        speech = pad_sequence([e.speech for e in group], batch_first=True)
        wrong = torch.rand(speech.shape) < noise
        given = torch.where(wrong, torch.randint(0, TOKENS, speech.shape), speech)
        embedded = network.speech_embedding(given)
        B, P = len(group), max(e.length for e in group) - 1
        rows = prefix.new_zeros(B, P, prefix.shape[2])
        targets = torch.full((B, P), IGNORED)
        looks = torch.full((B, P), IGNORED)
        changes = torch.zeros(B, P, dtype=torch.bool)
        stop = torch.tensor([TOKENS])
        for b, example in enumerate(group):
            L, N = len(example.text), len(example.speech)
            rows[b, : 2 + L] = prefix[b, : 2 + L]
            rows[b, 2 + L] = prefix[b, -1]
            rows[b, 3 + L : 3 + L + N] = embedded[b, :N]
            targets[b, 2 + L : 3 + L + N] = torch.cat([example.speech, stop])
            looks[b, 2 + L : 2 + L + N] = example.says + 2
            changes[b, 3 + L : 2 + L + N] = example.says[1:] != example.says[:-1]
        return rows, targets, looks, changes


def _attention_loss(weights: Tensor, looks: Tensor) -> Tensor:
    """Return how little of a head's attention (n, P) is where it shall look (n,)."""
    there = weights.gather(1, looks[:, None])
    return -there.clamp(min=1e-6).log().mean()
