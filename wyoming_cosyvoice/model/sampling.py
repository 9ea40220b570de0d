"""The next speech token from the language model's logits: repetition-aware sampling.

A token is drawn from the nucleus; if it occurs too often among the last tokens, another
is drawn from the whole vocabulary (VALL-E 2, arXiv 2406.05370; upstream
cosyvoice/utils/common.py).
"""

from __future__ import annotations

from bisect import bisect_right
from math import exp, isnan
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import SynthesisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.pack.settings import Sampling

_NOT_FINITE = "The language model's logits are not finite."


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits (..., V) into log-probabilities."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(shifted - total, np.float32)


def nucleus(
    log_probabilities: NDArray[np.float32], sampling: Sampling
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the candidate tokens, most likely first, and their probabilities."""
    # Only the best top_k can be candidates: sort these, not the whole vocabulary. Ties
    # go to the smaller token, as in the original's stable sort.
    count = min(sampling.top_k, log_probabilities.size)
    last = log_probabilities.size - count
    best = np.flatnonzero(
        log_probabilities >= np.partition(log_probabilities, last)[last]
    )
    best = best[np.argsort(-log_probabilities[best], kind="stable")][:count]
    probabilities = np.exp(log_probabilities[best].astype(np.float64))
    reached = np.cumsum(probabilities) >= sampling.top_p
    size = int(reached.argmax()) + 1 if reached.any() else count
    return best[:size], probabilities[:size]


def sample(
    logits: NDArray[np.float32],
    history: Sequence[int],
    sampling: Sampling,
    rng: np.random.Generator,
    *,
    end_token: int,
    may_end: bool,
    allowed: NDArray[np.int64] | None = None,
    fill_token: int | None = None,
) -> int:
    """Draw the next token; ``end_token`` and all above it end the sentence.

    Shapes: logits (V,). ``history`` holds the tokens drawn so far in this sentence.
    If an alignment gives the ``allowed`` tokens (A,), it also controls the end of the
    sentence and repetition. ``fill_token`` asks for more text; it may also be drawn
    while the sentence may not end.
    Raises: SynthesisError if logits are not finite.
    """
    if allowed is not None:
        if len(allowed) == 1:
            return int(allowed[0])
        return int(allowed[_draw_one(logits[allowed].tolist(), sampling, rng)])
    if not np.isfinite(logits).all():
        raise SynthesisError(_NOT_FINITE)
    if not may_end:
        marks = logits[end_token:]
        logits = logits.copy()
        logits[end_token:] = -np.inf
        if fill_token is not None:
            logits[fill_token] = marks[fill_token - end_token]
    log_probabilities = log_softmax(logits)
    candidates, probabilities = nucleus(log_probabilities, sampling)
    token = _draw(candidates, probabilities, rng)
    recent = history[-sampling.window :]
    if list(recent).count(token) >= sampling.window * sampling.repetition:
        log_probabilities[token] = -np.inf
        everything = np.arange(log_probabilities.size)
        token = _draw(everything, np.exp(log_probabilities, dtype=np.float64), rng)
    return token


def _draw_one(logits: list[float], sampling: Sampling, rng: np.random.Generator) -> int:
    """Draw from the nucleus of a few logits; return the place of the one drawn.

    The same as ``nucleus`` and ``_draw``. So few are faster without arrays.
    """
    most = max(logits)
    weights = [exp(logit - most) for logit in logits]
    order = sorted(range(len(weights)), key=weights.__getitem__, reverse=True)
    whole = sum(weights)
    if isnan(whole):
        raise SynthesisError(_NOT_FINITE)
    enough = sampling.top_p * whole
    cumulative: list[float] = []
    total = 0.0
    for place in order[: sampling.top_k]:
        total += weights[place]
        cumulative.append(total)
        if total >= enough:
            break
    drawn = bisect_right(cumulative, rng.random() * total)
    return order[min(drawn, len(cumulative) - 1)]


def _draw(
    tokens: NDArray[np.int64],
    weights: NDArray[np.float64],
    rng: np.random.Generator,
) -> int:
    cumulative = np.cumsum(weights)
    point = rng.random() * cumulative[-1]
    index = int(np.searchsorted(cumulative, point, side="right"))
    return int(tokens[min(index, len(tokens) - 1)])
