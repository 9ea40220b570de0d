"""The sizes and constants of the networks of 300M, as the graph builders need them."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncoderSizes:
    """A stack of attention blocks with relative positions."""

    input_width: int
    width: int
    heads: int
    hidden: int
    """Width inside the feed-forward layers."""
    blocks: int


@dataclass(frozen=True, slots=True)
class TextEncoderSizes:
    """Text tokens -> text memory; causal."""

    encoder: EncoderSizes
    vocabulary: int
    speaker_width: int


@dataclass(frozen=True, slots=True)
class SpeechLmSizes:
    """The speech language model."""

    input_width: int
    width: int
    heads: int
    hidden: int
    blocks: int
    speech_vocabulary: int
    """Without the end token, which comes last."""


@dataclass(frozen=True, slots=True)
class FlowSizes:
    """Speech tokens -> mu: encoder and length regulator; not causal."""

    encoder: EncoderSizes
    vocabulary: int
    speaker_width: int
    mel_bins: int
    regulator_layers: int


@dataclass(frozen=True, slots=True)
class EstimatorSizes:
    """The U-Net that estimates the velocity."""

    mel_bins: int
    channels: tuple[int, ...]
    """Per level."""
    heads: int
    head_width: int
    transformer_blocks: int
    """Per level and per middle block."""
    middle_blocks: int

    @property
    def time_width(self) -> int:
        """Width of the time embedding."""
        return 4 * self.channels[0]


@dataclass(frozen=True, slots=True)
class VocoderSizes:
    """HiFT and its F0 predictor."""

    mel_bins: int
    width: int
    """Channels of the first stage; each later stage has half as many."""
    f0_width: int
    n_fft: int
    hop: int
    """Samples per step of the short-time spectrum, not per mel frame."""
    upsample_rates: tuple[int, ...]
    upsample_taps: tuple[int, ...]
    block_taps: tuple[int, ...]
    block_dilations: tuple[tuple[int, ...], ...]
    source_taps: tuple[int, ...]
    source_dilations: tuple[tuple[int, ...], ...]
    slope: float
    """Slope of the leaky ReLUs before each upsampling."""
    limit: float
    """Samples are clipped at this amplitude."""

    @property
    def frame_samples(self) -> int:
        """Samples per mel frame."""
        return math.prod(self.upsample_rates) * self.hop


@dataclass(frozen=True, slots=True)
class SourceConstants:
    """Constants of the vocoder's harmonic source."""

    harmonics: int
    """Including the fundamental."""
    amplitude: float
    noise: float
    """Standard deviation in voiced frames."""
    voiced_above_hz: float


@dataclass(frozen=True, slots=True)
class SamplingConstants:
    """Repetition-aware sampling; names as in ``model.sampling``."""

    top_p: float
    top_k: int
    window: int
    repetition: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """All sizes and constants of one release."""

    sample_rate: int
    token_rate: int
    """Speech tokens per second."""
    text_encoder: TextEncoderSizes
    speech_lm: SpeechLmSizes
    sampling: SamplingConstants
    flow: FlowSizes
    guidance: float
    steps: int
    temperature: float
    estimator: EstimatorSizes
    vocoder: VocoderSizes
    source: SourceConstants
