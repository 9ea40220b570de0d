"""The mel settings of prompts in the later families."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.release.configuration import Section
    from wyoming_cosyvoice.convert.release.sizes import VocoderSizes


@dataclass(frozen=True, slots=True)
class PromptMel:
    """Names as in ``pack.settings.MelSettings``."""

    sample_rate: int
    fft_size: int
    hop: int
    high_hz: float


def read_prompt_mel(root: Section, vocoder: VocoderSizes, mel_bins: int) -> PromptMel:
    """Read ``feat_extractor`` and check that it matches the vocoder.

    Raises: MalformedCheckpoint, CheckpointError for a mel of another kind.
    """
    section = root.section("feat_extractor", "mel_spectrogram")
    rate = root.size("sample_rate")
    section.expect("sampling_rate", rate)
    section.expect("num_mels", mel_bins)
    section.expect("hop_size", vocoder.frame_samples)
    fft_size = section.size("n_fft")
    section.expect("win_size", fft_size)
    section.expect("fmin", 0)
    section.expect("center", expected=False)
    # The mel of CosyVoice3 goes up to half the sample rate, that of CosyVoice2 to 8,000
    # Hz; if they are mixed up, women sound like men.
    high = rate / 2
    if section.value("fmax") is not None:
        high = section.number("fmax", 1000.0, rate / 2)
    return PromptMel(rate, fft_size, vocoder.frame_samples, high)
