"""The sizes of the networks, which ``cosyvoice.yaml`` states."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LmSizes:
    """The sizes that ``cosyvoice.yaml`` states under ``llm``."""

    text_tokens: int = 320
    speech_tokens: int = 4096
    speaker_width: int = 192
    text_input: int = 192
    text_width: int = 256
    text_heads: int = 4
    text_inner: int = 1024
    text_blocks: int = 2
    width: int = 256
    heads: int = 4
    inner: int = 1024
    blocks: int = 4


@dataclass(frozen=True)
class FlowSizes:
    """The sizes that ``cosyvoice.yaml`` states under ``flow``."""

    tokens: int = 4096
    speaker_width: int = 192
    mel_bins: int = 80
    width: int = 192
    heads: int = 3
    inner: int = 768
    blocks: int = 5
    regulator_layers: int = 4
    channels: tuple[int, ...] = (128, 128)
    transformer_blocks: int = 1
    middle_blocks: int = 4
    estimator_heads: int = 2
    head_width: int = 64


@dataclass(frozen=True)
class VocoderSizes:
    """The sizes that ``cosyvoice.yaml`` states under ``hift``."""

    mel_bins: int = 80
    base_channels: int = 256
    harmonics: int = 23
    sample_rate: int = 22050
    alpha: float = 0.1
    sigma: float = 0.01
    threshold_hz: float = 10.0
    upsample_rates: tuple[int, ...] = (4, 4, 4)
    upsample_taps: tuple[int, ...] = (8, 8, 8)
    n_fft: int = 16
    hop: int = 4
    block_taps: tuple[int, ...] = (7,)
    block_dilations: tuple[tuple[int, ...], ...] = ((1, 3),)
    source_taps: tuple[int, ...] = (3, 3, 7)
    source_dilations: tuple[tuple[int, ...], ...] = ((1,), (1,), (1,))
    slope: float = 0.1
    limit: float = 0.99
    f0_channels: int = 128
