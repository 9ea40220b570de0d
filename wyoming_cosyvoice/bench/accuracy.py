"""Measure the error of each stage due to a lower precision.

Every stage of both packs gets the same input, computed by the fp32 pack, so that a row
shows the error of this stage alone. Signal-to-noise ratios are in decibels: 40 dB is an
error of one percent, 20 dB of ten.
"""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.model.chunked_model import ChunkedModel
from wyoming_cosyvoice.model.fixed_noise import fixed_noise
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.flow_stream import FlowStream
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.prosody import PitchShaper
from wyoming_cosyvoice.model.sampling import log_softmax
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.model.voice_model import VoiceModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from wyoming_cosyvoice.bench.opening import Measurable
    from wyoming_cosyvoice.model.speakers import Speaker
    from wyoming_cosyvoice.pack.manifest import Manifest

    Floats = NDArray[np.float32]

_VOICED_HZ = 10.0
_CENTS_PER_OCTAVE = 1200.0
_SILENT = 1e-30


@dataclass(frozen=True, slots=True)
class Accuracy:
    """One figure of one stage over all sentences."""

    stage: str
    unit: str
    mean: float
    worst: float


@dataclass(frozen=True, slots=True)
class _Figure:
    stage: str
    unit: str
    value: float


def check_comparable(exact: Manifest, other: Manifest) -> None:
    """Refuse packs of different networks.

    Raises: ConfigError.
    """
    if exact.precision != "fp32":
        raise ConfigError(
            f"{exact.name} is {exact.precision}; an fp32 model is needed to compare "
            "with.",
            remedy="Make one with `wyoming-cosyvoice convert --precision fp32`.",
        )
    if exact.sizes != other.sizes:
        raise ConfigError(
            f"{other.name} and {exact.name} are networks of different sizes.",
            remedy="Convert both from the same checkpoint.",
        )


def compare(
    exact: Measurable,
    other: Measurable,
    speaker: Speaker,
    sentences: Sequence[Sequence[int]],
    *,
    max_tokens: int,
) -> list[Accuracy]:
    """Compare two packs of one model on sentences, given as text tokens.

    The fp32 pack speaks each with its own seed and at most ``max_tokens`` speech
    tokens.
    """
    figures = [
        figure
        for seed, text_tokens in enumerate(sentences)
        for figure in _compare_sentence(
            exact,
            other,
            Utterance(text_tokens, speaker, min_tokens=1, max_tokens=max_tokens),
            np.random.default_rng(seed),
        )
    ]
    figures.sort(key=lambda figure: (_ORDER.index(figure.stage), figure.unit))
    return [
        _summary(stage, unit, [figure.value for figure in group])
        for (stage, unit), group in itertools.groupby(
            figures, key=lambda figure: (figure.stage, figure.unit)
        )
    ]


_ORDER = (
    "text encoder",
    "log-probabilities",
    "flow encoder",
    "velocity",
    "mel",
    "mel in chunks",
    "pitch",
    "waveform",
)


def _summary(stage: str, unit: str, values: Sequence[float]) -> Accuracy:
    is_more_better = unit in ("dB", "% same best token")
    worst = min(values) if is_more_better else max(values)
    return Accuracy(stage, unit, statistics.fmean(values), worst)


def _compare_sentence(
    exact: Measurable,
    other: Measurable,
    utterance: Utterance,
    rng: np.random.Generator,
) -> Iterator[_Figure]:
    text, embedding = [*utterance.text_tokens], utterance.speaker.embedding
    encoded = exact.text_encoder.encode(text, embedding)
    yield _snr(
        "text encoder",
        encoded.encoded,
        other.text_encoder.encode(text, embedding).encoded,
    )
    tokens = [*exact.decode(utterance, rng)]
    yield from _compare_decoding(exact, other, encoded.prefix, tokens)
    if isinstance(exact, VoiceModel) and isinstance(other, VoiceModel):
        yield from _compare_sound(exact, other, tokens, embedding, SeededNoise(rng))
    if isinstance(exact, ChunkedModel) and isinstance(other, ChunkedModel):
        yield from _compare_chunked_sound(exact, other, tokens, embedding)


def _compare_decoding(
    exact: Measurable, other: Measurable, prefix: Floats, tokens: Sequence[int]
) -> Iterator[_Figure]:
    wanted, found = (
        log_softmax(_all_logits(model, prefix, tokens)) for model in (exact, other)
    )
    stage = "log-probabilities"
    yield _snr(stage, wanted, found)
    divergence = float((np.exp(wanted) * (wanted - found)).sum(axis=1).mean())
    yield _Figure(stage, "mnat KL divergence", 1000 * divergence)
    same = float((wanted.argmax(axis=1) == found.argmax(axis=1)).mean())
    yield _Figure(stage, "% same best token", 100 * same)


def _all_logits(model: Measurable, prefix: Floats, tokens: Sequence[int]) -> Floats:
    """Return the logits (N + 1, V) before each of ``tokens`` and after the last."""
    decoding = model.speech_lm.begin([prefix], [[]], max_tokens=len(tokens))
    logits = [decoding.logits[0].copy()]
    for token in tokens:
        decoding.step([token])
        logits.append(decoding.logits[0].copy())
    return np.stack(logits)


def _compare_sound(
    exact: VoiceModel,
    other: VoiceModel,
    tokens: Sequence[int],
    embedding: Floats,
    noise: SeededNoise,
) -> Iterator[_Figure]:
    settings = exact.settings.flow
    prompt = FlowPrompt()
    mu, condition = exact.flow.encode(tokens, prompt, embedding)
    yield _snr("flow encoder", mu, other.flow.encode(tokens, prompt, embedding)[0])

    initial = noise.flow_noise(mu.shape[1], exact.flow.mel_bins)
    mel = exact.flow.solve(mu, condition, initial, settings)
    halfway = np.asarray((initial + mel) / 2, np.float32)
    point = (halfway, mu, condition, 0.5)
    yield _snr("velocity", exact.flow.velocity(*point), other.flow.velocity(*point))
    yield _snr("mel", mel, other.flow.solve(mu, condition, initial, settings))

    f0 = exact.vocoder.predict_f0(mel)
    yield from _compare_pitch(f0, other.vocoder.predict_f0(mel))
    source_settings = exact.vocoder.settings
    source_noise = noise.source(
        len(source_settings.harmonics), mel.shape[1] * source_settings.hop
    )
    source = exact.vocoder.make_source(f0, source_noise)
    wanted, found = (m.vocoder.filter(mel, source) for m in (exact, other))
    yield _snr("waveform", wanted, found)


def _compare_chunked_sound(
    exact: ChunkedModel,
    other: ChunkedModel,
    tokens: Sequence[int],
    embedding: Floats,
) -> Iterator[_Figure]:
    settings = exact.settings.flow
    flows = exact.networks.flow, other.networks.flow
    (mu, speaker), (found_mu, _) = (
        flow.encoder.encode(tokens, embedding, ahead_tokens=0, in_chunks=False)
        for flow in flows
    )
    yield _snr("flow encoder", mu, found_mu)

    no_prompt = np.zeros((0, flows[0].mel_bins), np.float32)
    condition = flows[0].condition(mu, speaker, no_prompt)
    mel, found_mel, chunks, found_chunks = (
        FlowStream(flow, FlowPrompt(), embedding, settings).solve(
            condition, in_chunks=in_chunks
        )
        for in_chunks in (False, True)
        for flow in flows
    )
    noise = fixed_noise()[:, : mel.shape[1]]
    halfway = np.asarray((noise + mel) / 2, np.float32)
    rows = np.concatenate([condition, np.zeros_like(condition)])
    wanted, found = (
        flow.velocity(
            halfway,
            rows,
            flow.moments(settings.steps)[settings.steps // 2],
            flow.empty_memory(rows=2),
            remembers=False,
        )
        for flow in flows
    )
    yield _snr("velocity", wanted, found)
    yield _snr("mel", mel, found_mel)
    yield _snr("mel in chunks", chunks, found_chunks)

    pitch = _KnownPitch()
    samples = _vocode(exact, mel, pitch)
    f0, pitch = pitch.predicted, _KnownPitch(pitch.predicted)
    found_samples = _vocode(other, mel, pitch)
    yield from _compare_pitch(f0, pitch.predicted)
    yield _snr("waveform", samples, found_samples)


class _KnownPitch(PitchShaper):
    """Keeps the predicted pitch, and replaces it by a known one."""

    def __init__(self, known: Floats | None = None) -> None:
        self._known = known
        self.predicted = np.zeros((1, 0), np.float32)

    def shape(self, f0: Floats, first_frame: int = 0) -> Floats:  # noqa: ARG002
        """Return the known pitch (1, T), or the predicted one."""
        self.predicted = f0
        return f0 if self._known is None else self._known


def _vocode(model: ChunkedModel, mel: Floats, pitch: PitchShaper) -> Floats:
    """Return the samples of a mel, with the same noise at each call."""
    vocoder = model.networks.begin_vocoder(np.random.default_rng(0), pitch)
    samples: Floats = vocoder.push(mel, is_last=True)
    return samples


def _compare_pitch(wanted: Floats, found: Floats) -> Iterator[_Figure]:
    """Yield the pitch error where both are voiced, and where only one is."""
    is_voiced, is_found = wanted > _VOICED_HZ, found > _VOICED_HZ
    disagreement = float((is_voiced != is_found).mean())
    yield _Figure("pitch", "% frames voiced in one only", 100 * disagreement)
    both = is_voiced & is_found
    if both.any():
        octaves = np.abs(np.log2(found[both] / wanted[both]))
        cents = _CENTS_PER_OCTAVE * float(np.median(octaves))
        yield _Figure("pitch", "cents, median", cents)


def _snr(stage: str, wanted: Floats, found: Floats) -> _Figure:
    signal = float(np.square(wanted, dtype=np.float64).sum())
    noise = float(np.square(wanted - found, dtype=np.float64).sum())
    return _Figure(stage, "dB", 10 * float(np.log10(signal / max(noise, _SILENT))))
